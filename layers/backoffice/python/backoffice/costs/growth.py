"""What a trade adds to a day, seen between days of two sizes."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from importlib.resources import files
from math import ceil
from typing import Final

from backoffice.costs.usage import Side, Usage, Use
from backoffice.kernel.parts import Document

LEAST_RATIO: Final = 2
"""Days are of two sizes when the larger has at least so many times the smaller's trades."""
MILLION: Final = 1_000_000
HERE: Final = "the days measured here"
_KEPT: Final = "standard_growth.json"


class DaySize(Document):
    """A measured day and the trades it took."""

    business_date: date
    trades: int


class Growth(Document):
    """What a million trades add.

    Attributes
    ----------
    source
        Where the two days were measured.
    smaller, larger
        The days.
    a_million
        Counts by `kind_of` a use, never negative; what is missing does not grow.
    """

    source: str
    smaller: DaySize
    larger: DaySize
    a_million: Mapping[str, int]

    def more(self, use: Use, trades: int) -> Fraction:
        """Return by how much more of a use there is with so many more trades, or fewer."""
        return Fraction(self.a_million.get(kind_of(use), 0) * trades, MILLION)


def growth_between(days: Iterable[Usage], source: str = HERE) -> Growth | None:
    """Compare the smallest day with the largest; None when all are of one size."""
    by_size = sorted((day for day in days if day.trades), key=lambda day: day.trades)
    if not by_size or by_size[-1].trades < LEAST_RATIO * by_size[0].trades:
        return None
    small, large = by_size[0], by_size[-1]
    before, after = _by_kind(small), _by_kind(large)
    more = large.trades - small.trades
    added = {kind: count - before.get(kind, 0) for kind, count in sorted(after.items())}
    return Growth(
        source=source,
        smaller=DaySize(business_date=small.business_date, trades=small.trades),
        larger=DaySize(business_date=large.business_date, trades=large.trades),
        a_million={k: ceil(Fraction(n * MILLION, more)) for k, n in added.items() if n > 0},
    )


def standard_growth() -> Growth:
    """Return what `bench/cost.py` saw on the standard population and kept with the package."""
    return Growth.model_validate_json(
        (files("backoffice.costs") / _KEPT).read_text(encoding="utf-8")
    )


def kind_of(use: Use) -> str:
    """Return what tells a use from others, whatever day it is of."""
    return f"{use.caller}|{use.work}|{use.step}|{use.meter}"


def _by_kind(day: Usage) -> dict[str, int]:
    counts: dict[str, int] = {}
    for use in day.of(Side.FILES):
        counts[kind_of(use)] = counts.get(kind_of(use), 0) + use.count
    return counts
