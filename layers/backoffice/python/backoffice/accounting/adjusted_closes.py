"""What a close from before a corporate action is worth after it.

A split's holders have the same value in another number of shares: the close goes by the inverse of
the ratio. What an action took out of shares (a spin-off, rights) is of no known worth: a close
from before it is stale.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import polars as pl

from backoffice.accounting.lot_actions import PAID


class _Change(NamedTuple):
    action_id: str
    effective_on: date
    ratio: Fraction | None
    """New shares for each old one; None where something was taken out of them."""


Changes = Mapping[tuple[str, str | None], Sequence[_Change]]
"""By issue and account (None: every account of which nothing else is said)."""


def changes_of(legs: pl.DataFrame) -> Changes:
    """Gather what actions did to shares that stayed.

    Parameters
    ----------
    legs : pl.DataFrame
        ACTION_LEGS that count.
    """
    found: dict[tuple[str, str | None], list[_Change]] = {}
    key = ("action_id", "effective_on", "isin", "account_id")
    shares = legs.filter(pl.col("to_isin").is_not_null(), pl.col("fractions").ne_missing(PAID))
    for (action_id, effective_on, isin, account_id), some in shares.sort(key).group_by(
        key, maintain_order=True
    ):
        # what is redeemed or tendered of a holding leaves the rest as it was: it has no basis share
        stays = some.filter(pl.col("to_isin") == isin, pl.col("basis_share_e8").is_not_null())
        if stays.height:
            row = stays.row(0, named=True)
            ratio = Fraction(row["numerator"], row["denominator"])
            change = _Change(action_id, effective_on, ratio if some.height == 1 else None)
            found.setdefault((isin, account_id), []).append(change)
    return found


def ratio_since(changes: Changes, isin: str, account_id: str, dated: date) -> Fraction | None:
    """Return new shares for each share of a date, to an account; None where nothing tells."""
    own = {one.action_id: one for one in changes.get((isin, account_id), ())}
    general = {one.action_id: one for one in changes.get((isin, None), ())}
    ratio = Fraction(1)
    for one in (general | own).values():
        if one.effective_on > dated:
            if one.ratio is None:
                return None
            ratio *= one.ratio
    return ratio
