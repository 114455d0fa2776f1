"""What a cleared trade put into its obligation, and where that obligation is now."""

from typing import Final

import polars as pl

from backoffice.kernel.errors import BackofficeError
from backoffice.settlement.frames import CONTRIBUTION_SCHEMA, WITHDRAWAL_SCHEMA, shaped
from backoffice.settlement.netting import signed_figures, trade_key

_MEMBER_KEY: Final = ("counterparty", "isin", "currency", "due_date", "cleared_on")


class LostContributionError(BackofficeError):
    """A cleared trade is in no obligation that could be found."""


def contributions(cleared: pl.DataFrame) -> pl.DataFrame:
    """Return what versions of trades put on the street.

    Parameters
    ----------
    cleared : pl.DataFrame
        CLEARED register rows: identity, venue, side, quantity_e8, gross_minor, counterparty, isin,
        currency, due_date, cleared_on.

    Returns
    -------
    pl.DataFrame
        `CONTRIBUTION_SCHEMA`, sorted by identity.
    """
    rows = cleared.with_columns(signed_figures())
    return shaped(rows, CONTRIBUTION_SCHEMA).sort("partner", "trade_date", "trade_id")


def locate(
    given: pl.DataFrame, memberships: pl.DataFrame, obligations: pl.DataFrame
) -> pl.DataFrame:
    """Find the obligation each contribution is in now.

    Parameters
    ----------
    given : pl.DataFrame
        `CONTRIBUTION_SCHEMA`.
    memberships : pl.DataFrame
        `MEMBERSHIP_SCHEMA`; at least those of the days the contributions were cleared on.
    obligations : pl.DataFrame
        obligation_id, replaced_by; what was cancelled is followed to what replaced it.

    Returns
    -------
    pl.DataFrame
        `WITHDRAWAL_SCHEMA`, one row a contribution.

    Raises
    ------
    LostContributionError
        Naming the first that no membership or no obligation knows.
    """
    # whether the counterparty netted is told by what was written on the day, not by what it does now
    own, netted = trade_key(), pl.lit(None, dtype=pl.String)
    found = pl.concat(
        [
            given.with_columns(trade_key=key).join(
                memberships, on=[*_MEMBER_KEY, "trade_key"], how="inner", nulls_equal=True
            )
            for key in (own, netted)
        ]
    )
    located = _follow(found, obligations.select("obligation_id", "replaced_by"))
    lost = given.join(located, on=["partner", "trade_date", "trade_id"], how="anti")
    if lost.height:
        raise LostContributionError(
            f"trade {lost.select(trade_key()).item(0, 0)} is in no obligation"
        )
    return shaped(located, WITHDRAWAL_SCHEMA).sort(
        "obligation_id", "partner", "trade_date", "trade_id"
    )


def _follow(found: pl.DataFrame, chain: pl.DataFrame) -> pl.DataFrame:
    """Step from what was replaced to what replaced it until nothing is; unknown ones drop out."""
    steps = found.join(chain, on="obligation_id", how="inner")
    moved = steps["replaced_by"].is_not_null()
    if not moved.any():
        return steps.drop("replaced_by")
    here = steps.filter(~moved).drop("replaced_by")
    there = steps.filter(moved).with_columns(obligation_id="replaced_by").drop("replaced_by")
    return pl.concat([here, _follow(there, chain)])
