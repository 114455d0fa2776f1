"""What a cleared trade put into its obligation, and where that obligation is now."""

from typing import Final

import polars as pl

from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.frames import shaped
from backoffice.settlement.frames import CONTRIBUTION_SCHEMA, WITHDRAWAL_SCHEMA
from backoffice.settlement.nets import signed_figures, trade_key

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
        `CONTRIBUTION_SCHEMA`.
    """
    return shaped(cleared.with_columns(signed_figures()), CONTRIBUTION_SCHEMA)


def locate(
    cleared: pl.DataFrame, memberships: pl.DataFrame, obligations: pl.DataFrame
) -> pl.DataFrame:
    """Find what cleared trades put on the street, and the obligations it is in now.

    Parameters
    ----------
    cleared : pl.DataFrame
        CLEARED register rows, as for `contributions`.
    memberships : pl.DataFrame
        `MEMBERSHIP_SCHEMA`; at least those of the days the trades were cleared on.
    obligations : pl.DataFrame
        obligation_id, replaced_by; what was cancelled is followed to what replaced it.

    Returns
    -------
    pl.DataFrame
        `WITHDRAWAL_SCHEMA`, one row a trade, sorted.

    Raises
    ------
    LostContributionError
        Naming the first trade that no membership or no obligation knows.
    """
    given = contributions(cleared)
    # whether a counterparty netted is told by what was written that day, not by what it does now
    # and what is written of a trade by its own name stands before what is of all of its key
    own = _members(given, memberships, trade_key())
    others = given.join(own, on=IDENTITY, how="anti")
    found = pl.concat([own, _members(others, memberships, pl.lit(None, dtype=pl.String))])
    located = _follow(found, obligations.select("obligation_id", "replaced_by"))
    lost = given.join(located, on=IDENTITY, how="anti").sort(IDENTITY)
    if lost.height:
        raise LostContributionError(f"{lost.select(trade_key()).item(0, 0)} is in no obligation")
    waiting = located.with_columns(accepted_on=pl.lit(None, dtype=pl.Date))
    return shaped(waiting, WITHDRAWAL_SCHEMA).sort("obligation_id", *IDENTITY)


def _members(given: pl.DataFrame, memberships: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    on = [*_MEMBER_KEY, "trade_key"]
    return given.with_columns(trade_key=key).join(memberships, on=on, nulls_equal=True)


def _follow(found: pl.DataFrame, chain: pl.DataFrame) -> pl.DataFrame:
    """Step from what was replaced to what replaced it until nothing is; unknown ones drop out."""
    steps = found.join(chain, on="obligation_id", how="inner")
    moved = steps["replaced_by"].is_not_null()
    if not moved.any():
        return steps.drop("replaced_by")
    here = steps.filter(~moved).drop("replaced_by")
    there = steps.filter(moved).with_columns(obligation_id="replaced_by").drop("replaced_by")
    return pl.concat([here, _follow(there, chain)])
