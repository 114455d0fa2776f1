"""Pair what is nearly alike, one to one: the same shares, money and date within the tolerance."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from backoffice.accounting.reconciliation.frames import OURS, PAIR_SCHEMA

if TYPE_CHECKING:
    from backoffice.accounting.reconciliation.tolerances import Tolerances

CURRENCY_LENGTH = 3
_AT_MOST = 32
"""So many candidates of one amount are looked at before a date, and as many after it."""


class Line(NamedTuple):
    """An item, or a sum of several, as it is compared; in the order they are taken."""

    dated: date
    amount: int
    money: int | None
    item: str
    currency: str | None
    unit: str

    @property
    def is_money(self) -> bool:
        """Whether the amount is money: then it may be off by the tolerance."""
        return len(self.unit) == CURRENCY_LENGTH


def lines_of(rows: pl.DataFrame) -> dict[tuple[str, str, str], list[Line]]:
    """Return items by kind, unit and place, in the order they are taken."""
    found = defaultdict(list)
    columns = ("kind", "unit", "place", "dated", "amount", "money_minor", "item", "currency")
    for kind, unit, place, dated, amount, money, item, currency in rows.select(columns).iter_rows():
        found[kind, unit, place].append(Line(dated, amount, money, item, currency, unit))
    return {key: sorted(lines, key=_in_order) for key, lines in found.items()}


def _in_order(line: Line) -> tuple[date, int, str]:
    return line.dated, line.amount, line.item


@dataclass(slots=True)
class Pool:
    """The lines of one side and group that are still free, to be found by amount and date."""

    by_amount: dict[int, list[tuple[date, str]]]
    amounts: list[int]
    lines: dict[str, Line]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Pool":
        """Return a pool of lines."""
        by_amount: dict[int, list[tuple[date, str]]] = defaultdict(list)
        known = {line.item: line for line in lines}
        for line in known.values():
            insort(by_amount[line.amount], (line.dated, line.item))
        return cls(by_amount, sorted(by_amount), known)

    def take(self, wanted: Line, within: "Tolerances") -> Line | None:
        """Take out the line that is nearest, if one is near enough."""
        near = min(self._near(wanted, within), default=None)
        if near is None:
            return None
        line = self.lines.pop(near[-1])
        at = self.by_amount[line.amount]
        del at[bisect_left(at, (line.dated, line.item))]
        return line

    def _near(self, wanted: Line, within: "Tolerances") -> Iterator[tuple[int, int, int, str]]:
        slack = within.of(wanted.currency or wanted.unit)
        off = slack if wanted.is_money else 0
        first = bisect_left(self.amounts, wanted.amount - off)
        last = bisect_right(self.amounts, wanted.amount + off)
        days = timedelta(days=within.days)
        for amount in self.amounts[first:last]:
            at = self.by_amount[amount]
            begin = bisect_left(at, (wanted.dated - days, ""))
            middle = bisect_left(at, (wanted.dated, ""))
            end = bisect_left(at, (wanted.dated + days + timedelta(days=1), ""))
            some = at[max(begin, middle - _AT_MOST) : min(end, middle + _AT_MOST)]
            for dated, item in some:
                apart = _money_apart(wanted, self.lines[item])
                if apart <= slack:
                    yield abs(amount - wanted.amount), abs((dated - wanted.dated).days), apart, item


def _money_apart(one: Line, other: Line) -> int:
    """Tell how far two sums of money are apart; what is not said is no difference."""
    if one.money is None or other.money is None:
        return 0
    return abs(one.money - other.money)


def near_pairs(free: pl.DataFrame, within: "Tolerances") -> pl.DataFrame:
    """Pair our items, the earliest first, each with the nearest of theirs.

    Returns
    -------
    pl.DataFrame
        item, match, rule.
    """
    is_ours = pl.col("side") == OURS
    theirs = lines_of(free.filter(~is_ours))
    rows: list[tuple[str, str, str]] = []
    for group, lines in lines_of(free.filter(is_ours)).items():
        pool = Pool.of(theirs.get(group, ()))
        for line in lines:
            if pool.lines and (other := pool.take(line, within)):
                name = f"N:{line.item}"
                rows += [(line.item, name, "NEAR"), (other.item, name, "NEAR")]
    return pl.DataFrame(rows, schema=dict(PAIR_SCHEMA), orient="row")
