"""What a close from before a corporate action is worth after it.

A split's holders have the same value in another number of shares: the close goes by the inverse of
the ratio. So do shares that took the place of others alone, until they have a close. What an
action took out of shares (a spin-off, rights) is of no known worth: a close from before is stale.
A bond's close is per cent of its nominal, also where shares took the place of bonds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

import polars as pl

from backoffice.accounting.lots.actions import PAID
from backoffice.accounting.lots.book import counting_legs
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.scaled import round_half_up
from backoffice.reference.known import known_table
from backoffice.risk.valuation import latest_on

_KEY = ("effective_on", "action_id", "isin", "account_id")
_NOBODY = ""
_PER_CENT: Final = 100
_MOST: Final = 10**37
"""A close beyond is none: nothing could be valued by it."""


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

    def close_of(
        self, isin: str, account_id: str, closes: Mapping[str, dict[str, Any]]
    ) -> tuple[dict[str, Any] | None, Fraction | None]:
        """Find an issue's close, or that of what its shares came from, and shares for each since.

        Parameters
        ----------
        closes
            By ISIN: at least its `date`.
        """
        ratio = Fraction(1)
        for source in self.sources(isin):
            if isin in closes:
                break
            ratio *= source.ratio * (self.ratio_since(isin, account_id, source.effective_on) or 0)
            isin = source.isin
        close = closes.get(isin)
        since = self.ratio_since(isin, account_id, close["date"]) if close else None
        return close, (ratio * since or None) if since else None

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


def latest_closes(records: Records, books: Books) -> pl.DataFrame:
    """Return the latest closes on or before the day of closed books, of one share as it is there.

    Returns
    -------
    pl.DataFrame
        Prices, one row an ISIN: `close_e8` of a share of that day, rounded half-up; `date` is the
        close's own. A close from before what was taken out of its shares stays what it was.
    """
    closes = latest_on(known_table(records, books, "prices"), books.day, ["isin"])
    changes = changes_of(counting_legs(records, books, books.day))
    if not changes.stayed and not changes.came_from:
        return closes
    by_isin = {row["isin"]: row for row in closes.to_dicts()}
    units = price_units(records, books)
    concerned = sorted({isin for isin, _ in changes.stayed} | set(changes.came_from))
    told = [row for isin in concerned if (row := _in_shares_now(isin, by_isin, changes, units))]
    fits = [row for row in told if row["close_e8"] <= _MOST]
    others = closes.filter(~pl.col("isin").is_in([row["isin"] for row in told]))
    return pl.concat([others, pl.DataFrame(fits, schema=closes.schema)])


def _in_shares_now(
    isin: str, closes: Mapping[str, dict[str, Any]], changes: Changes, units: Mapping[str, int]
) -> dict[str, Any] | None:
    """Return an issue's close, or that of what its shares came from, per share of now."""
    close, since = changes.close_of(isin, _NOBODY, closes)
    if close is None or since is None:
        return None
    ratio = since * units.get(close["isin"], 1) / units.get(isin, 1)
    price = round_half_up(close["close_e8"] * ratio.denominator, ratio.numerator)
    return {**close, "isin": isin, "close_e8": price}


def price_units(records: Records, books: Books) -> dict[str, int]:
    """Return of bonds for how much of them their close is; of all else it is for one."""
    known = known_table(records, books, "instruments").filter(pl.col("asset_class") == "BOND")
    return dict.fromkeys(known["isin"], _PER_CENT)
