"""What a close from before a corporate action is worth after it.

A split's holders have the same value in another number of shares: the close goes by the inverse of
the ratio. So do shares that took the place of others alone, until they have a close. What an
action took out of shares (a spin-off, rights) is of no known worth: a close from before is stale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import polars as pl

from backoffice.accounting.lots.actions import PAID

_KEY = ("effective_on", "action_id", "isin", "account_id")


class _Change(NamedTuple):
    action_id: str
    effective_on: date
    ratio: Fraction | None
    """New shares for each old one; None where something was taken out of them."""


class Source(NamedTuple):
    """Shares whose place others took: so many new ones for each, from a day on."""

    isin: str
    effective_on: date
    ratio: Fraction


@dataclass(frozen=True, slots=True)
class Changes:
    """What actions did to shares.

    Attributes
    ----------
    stayed
        By issue and account (None: every account of which nothing else is said).
    came_from
        By new issue, of actions that brought nothing else; the latest.
    """

    stayed: Mapping[tuple[str, str | None], Sequence[_Change]] = field(default_factory=dict)
    came_from: Mapping[str, Source] = field(default_factory=dict)

    def ratio_since(self, isin: str, account_id: str, dated: date) -> Fraction | None:
        """Return new shares for each of a date, to an account; None where nothing tells."""
        own = {one.action_id: one for one in self.stayed.get((isin, account_id), ())}
        general = {one.action_id: one for one in self.stayed.get((isin, None), ())}
        ratio = Fraction(1)
        for one in (general | own).values():
            if one.effective_on > dated:
                if one.ratio is None:
                    return None
                ratio *= one.ratio
        return ratio

    def sources(self, isin: str) -> list[Source]:
        """Return what an issue came from, and what that did."""
        found: list[Source] = []
        while (source := self.came_from.get(isin)) and source not in found:
            found.append(source)
            isin = source.isin
        return found


def changes_of(legs: pl.DataFrame) -> Changes:
    """Gather what actions did to shares.

    Parameters
    ----------
    legs : pl.DataFrame
        ACTION_LEGS that count.
    """
    stayed: dict[tuple[str, str | None], list[_Change]] = {}
    came_from: dict[str, Source] = {}
    brought = legs.filter(pl.col("fractions").ne_missing(PAID)).sort(_KEY)
    for (day, action_id, isin, account_id), some in brought.group_by(_KEY, maintain_order=True):
        shares = some.filter(pl.col("to_isin").is_not_null())
        # what is redeemed or tendered of a holding leaves the rest as it was: it has no basis share
        stays = shares.filter(pl.col("to_isin") == isin, pl.col("basis_share_e8").is_not_null())
        if stays.height:
            ratio = _ratio(stays) if shares.height == 1 else None
            stayed.setdefault((isin, account_id), []).append(_Change(action_id, day, ratio))
        elif some.height == shares.height == 1 and account_id is None:
            came_from[shares["to_isin"][0]] = Source(isin, day, _ratio(shares))
    return Changes(stayed, came_from)


def _ratio(leg: pl.DataFrame) -> Fraction:
    return Fraction(leg["numerator"][0], leg["denominator"][0])
