"""An account's lots through trades, transfers and corporate actions, in plain fractions.

Told from docs/contracts.md and docs/contracts/lots.md. Quantities are whole numbers of 10^-8
shares, money of minor units, long positive; everything between is a fraction.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

ONE = 10**8


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves away from zero."""
    size = math.floor(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


class Opening(NamedTuple):
    """What opened a lot on a day; they stand in this order (a transfer has no time)."""

    stands: dt.date
    time: str
    name: str
    day: dt.date


@dataclass
class Lot:
    """An open lot."""

    opening: Opening
    quantity: int
    cost: int


class Disposal(NamedTuple):
    """What a closing took of a lot, unsigned."""

    isin: str
    closed_on: dt.date
    kind: str
    name: str
    opening: Opening
    direction: str
    quantity: int
    cost: int
    proceeds: int


class Event(NamedTuple):
    """A trade (BUY, SELL, SHORT) or a transfer (IN, OUT), unsigned; money is the net or cost."""

    isin: str
    kind: str
    quantity: int
    money: int
    opening: Opening


class Leg(NamedTuple):
    """What an action makes of each share: so many of `isin`, or (without it) money.

    `basis` is the share of the cost that goes with it, `price` the money for a share that is
    closed: of a leg of shares, for the fraction of the account's total, or of what is `added`.
    What comes by an exercise is a lot of its own, `opened` that day (26 USC 1223(5)).
    """

    isin: str | None
    ratio: Fraction
    basis: Fraction
    price: Fraction | None = None
    added: bool = False
    opened: dt.date | None = None


class Deed(NamedTuple):
    """An action as it meets one account."""

    name: str
    day: dt.date
    isin: str
    legs: Sequence[Leg]
    minor: int


@dataclass
class Holdings:
    """One account's lots by ISIN, all of one currency each, and what came of them."""

    method: str
    piles: dict[str, list[Lot]] = field(default_factory=lambda: defaultdict(list))
    realised: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    disposals: list[Disposal] = field(default_factory=list)

    def total(self, isin: str) -> int:
        """Give what is held of an instrument."""
        return sum(lot.quantity for lot in self.piles[isin])

    def take(self, event: Event) -> None:
        """Take a trade or a transfer."""
        sign = 1 if event.kind in {"BUY", "IN"} else -1
        at_cost = event.kind == "OUT"
        held = self.total(event.isin)
        size = event.quantity
        closes = min(size, abs(held)) if held * sign < 0 else 0
        spent = 0
        if closes:
            spent = half_up(Fraction(event.money * closes, size))
            taken = list(self._taken(event.isin, closes))
            cumulative = _upto(event.money, [part.quantity for part in taken], size)
            for part, money in zip(taken, cumulative, strict=True):
                if not at_cost:
                    closing = (event.isin, event.opening.day, event.kind, event.opening.name)
                    self._close(closing, part, money)
        if closes < size:
            rest = 0 if at_cost else event.money - spent
            self._put(event.isin, Lot(event.opening, sign * (size - closes), sign * rest))

    def _close(self, closing: tuple[str, dt.date, str, str], part: Lot, money: int) -> None:
        """Tell a closing of part of a lot for an unsigned sum of money."""
        is_short = part.quantity < 0 or (part.quantity == 0 and part.cost < 0)
        cost, proceeds = (money, -part.cost) if is_short else (part.cost, money)
        figures = (abs(part.quantity), cost, proceeds)
        direction = "SHORT" if is_short else "LONG"
        self.disposals.append(Disposal(*closing, part.opening, direction, *figures))
        self.realised[closing[0]] += proceeds - cost

    def _taken(self, isin: str, size: int) -> Iterator[Lot]:
        """Take so many shares out of the lots, by the method."""
        for lot in self._in_order(self.piles[isin]):
            part = min(size, abs(lot.quantity))
            if part:
                yield _cut(lot, part)
            size -= part
        self.piles[isin] = [lot for lot in self.piles[isin] if lot.quantity]

    def _in_order(self, lots: list[Lot]) -> list[Lot]:
        by_age = sorted(lots, key=lambda lot: lot.opening)
        if self.method == "LIFO":
            return by_age[::-1]
        if self.method == "HIFO":
            return sorted(by_age, key=lambda lot: -Fraction(lot.cost, lot.quantity))
        return by_age

    def _put(self, isin: str, lot: Lot) -> None:
        pile = self.piles[isin]
        same = [other for other in pile if self.method == "AVERAGE" or other.opening == lot.opening]
        for other in same:
            pile.remove(other)
            first = min(lot.opening, other.opening)
            lot = Lot(first, lot.quantity + other.quantity, lot.cost + other.cost)
        pile.append(lot)
        pile.sort(key=lambda each: each.opening)

    def act(self, deed: Deed) -> None:
        """Take the lots of an instrument through an action."""
        lots = sorted(self.piles.pop(deed.isin, []), key=lambda lot: lot.opening)
        if not lots:
            return
        done, held = Fraction(0), sum(lot.quantity for lot in lots)
        for leg in deed.legs:
            costs = [
                half_up(lot.cost * (done + leg.basis)) - half_up(lot.cost * done) for lot in lots
            ]
            done += leg.basis
            parts = _resized(lots, leg.ratio, costs)
            if leg.isin is None:
                if leg.basis:
                    self._paid(deed, deed.isin, parts, leg)
            else:
                self._came(deed, leg, parts, held)

    def _came(self, deed: Deed, leg: Leg, parts: list[Lot], held: int) -> None:
        isin = str(leg.isin)
        if leg.price is not None:
            parts, sold = self._fraction(parts, held if leg.added else 0)
            self._paid(deed, isin, sold, leg)
        if leg.opened:
            # it stands before the trades of the action's date and after the transfers
            opening = Opening(deed.day, "0", deed.name, leg.opened)
            parts = _as_one(parts, opening)
        kept = [lot for lot in parts if lot.quantity]
        lost = [lot for lot in parts if not lot.quantity and lot.cost]
        closing = (isin, deed.day, "ACTION", deed.name)
        for lot in lost:
            if kept:
                kept[0].cost += lot.cost
            else:
                self._close(closing, lot, 0)
        for lot in kept:
            if self.total(isin) * lot.quantity < 0:
                self._met(closing, isin, lot)
            else:
                self._put(isin, lot)

    def _met(self, closing: tuple[str, dt.date, str, str], isin: str, lot: Lot) -> None:
        """Let a lot meet those of the other sign at its cost."""
        size, money = abs(lot.quantity), abs(lot.cost)
        taken = list(self._taken(isin, min(size, abs(self.total(isin)))))
        sums = _upto(money, [part.quantity for part in taken], size)
        for part, paid in zip(taken, sums, strict=True):
            self._close(closing, part, paid)
        left = size - sum(abs(part.quantity) for part in taken)
        if left:
            sign = 1 if lot.quantity > 0 else -1
            self._put(isin, Lot(lot.opening, sign * left, sign * (money - sum(sums))))

    def _fraction(self, parts: list[Lot], held: int) -> tuple[list[Lot], list[Lot]]:
        """Part what is kept from the fraction of the total less `held`, which is sold."""
        lots = [Lot(lot.opening, lot.quantity, lot.cost) for lot in parts]
        size, sold = abs(sum(lot.quantity for lot in lots) - held) % ONE, []
        for lot in self._in_order([lot for lot in lots if lot.quantity]):
            part = min(size, abs(lot.quantity))
            if part:
                sold.append(_cut(lot, part))
            size -= part
        return [lot for lot in lots if lot.quantity or lot.cost], sold

    def _paid(self, deed: Deed, isin: str, parts: list[Lot], leg: Leg) -> None:
        """Close parts for money a share, rounded as it adds up."""
        assert leg.price is not None
        upto = before = 0
        for part in parts:
            upto += abs(part.quantity)
            money = half_up(Fraction(upto, ONE) * leg.price * 10**deed.minor)
            closing = (isin, deed.day, "ACTION", deed.name)
            self._close(closing, part, money - before)
            before = money


def _cut(lot: Lot, size: int) -> Lot:
    """Take shares out of a lot, with their rounded cost."""
    sign = 1 if lot.quantity > 0 else -1
    cost = lot.cost
    if size != abs(lot.quantity):
        cost = half_up(Fraction(lot.cost * size, abs(lot.quantity)))
    lot.quantity -= sign * size
    lot.cost -= cost
    return Lot(lot.opening, sign * size, cost)


def _as_one(parts: list[Lot], opening: Opening) -> list[Lot]:
    """Make one lot of what came; it costs what all cost."""
    quantity = sum(part.quantity for part in parts)
    return [Lot(opening, quantity, sum(part.cost for part in parts))] if quantity else parts


def _upto(money: int, parts: Sequence[int], whole: int) -> list[int]:
    """Spread money over the parts of a whole, rounded as they add up."""
    upto, given, sums = 0, 0, []
    for part in parts:
        upto += abs(part)
        share = half_up(Fraction(money * upto, whole)) - given
        given += share
        sums.append(share)
    return sums


def _resized(lots: Sequence[Lot], ratio: Fraction, costs: Sequence[int]) -> list[Lot]:
    upto = before = 0
    resized = []
    for lot, cost in zip(lots, costs, strict=True):
        upto += lot.quantity
        now = half_up(upto * ratio)
        resized.append(Lot(lot.opening, now - before, cost))
        before = now
    return resized
