"""One line for many: sums of whole batches, then sums of a few parts where only one way fits."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Final

import polars as pl

from backoffice.accounting.reconciliation.frames import OURS, PAIR_SCHEMA, THEIRS
from backoffice.accounting.reconciliation.near import Line, Pool, lines_of

if TYPE_CHECKING:
    from backoffice.accounting.reconciliation.tolerances import Tolerances

_MOST_AT_ONCE: Final = 4
"""A sum of parts has at most so many: with more, chance finds one."""

Rows = list[tuple[str, str, str]]


def match_sums(free: pl.DataFrame, within: "Tolerances") -> pl.DataFrame:
    """Match one item of a side with several of the other.

    Returns
    -------
    pl.DataFrame
        item, match, rule.
    """
    found: Rows = []
    for whole in (THEIRS, OURS):
        for by_batch in (True, False):
            found += _batches(_left(free, found), whole, within, by_batch=by_batch)
    for whole in (THEIRS, OURS):
        found += _parts(_left(free, found), whole, within)
    return pl.DataFrame(found, schema=dict(PAIR_SCHEMA), orient="row")


def _left(free: pl.DataFrame, found: Rows) -> pl.DataFrame:
    return free.filter(~pl.col("item").is_in([item for item, *_ in found])) if found else free


def _batches(
    free: pl.DataFrame, whole: str, within: "Tolerances", *, by_batch: bool
) -> Iterator[tuple[str, str, str]]:
    """Match one item with the sum of all of the other side that share batch and date."""
    sums = _sums(free.filter(pl.col("side") != whole), by_batch=by_batch)
    members = dict(sums.select("item", "members").iter_rows())
    single = lines_of(free.filter(pl.col("side") == whole))
    for group, lines in lines_of(sums).items():
        pool = Pool.of(single.get(group, ()))
        for line in lines:
            if pool.lines and (one := pool.take(line, within)):
                for item in (one.item, *members[line.item]):
                    yield item, f"S:{one.item}", "SUM"


def _sums(parts: pl.DataFrame, *, by_batch: bool) -> pl.DataFrame:
    """Add up the items that share date and, where asked, batch; `item` is the first of each sum."""
    key = ["kind", "unit", "place", "dated", *(["batch"] if by_batch else [])]
    if by_batch:
        parts = parts.filter(pl.col("batch") != "")
    money = pl.when(pl.col("money_minor").is_null().any()).then(None)
    return (
        parts.group_by(key)
        .agg(
            pl.col("amount").sum(),
            money.otherwise(pl.col("money_minor").sum()).alias("money_minor"),
            pl.col("currency").max(),
            pl.col("item").min(),
            members=pl.col("item").sort(),
        )
        .filter(pl.col("members").list.len() > 1)
    )


def _parts(free: pl.DataFrame, whole: str, within: "Tolerances") -> Iterator[tuple[str, str, str]]:
    """Match one item with the few of the other side that add up to it exactly, if one way does."""
    others = lines_of(free.filter(pl.col("side") != whole))
    used: set[str] = set()
    tried = 0
    for group, lines in sorted(lines_of(free.filter(pl.col("side") == whole)).items()):
        for line in lines:
            near = _in_reach(line, others.get(group, ()), used, within)
            if not 1 < len(near) <= within.most_parts or tried >= within.most_lines:
                continue
            tried += 1
            if chosen := _only_way(line, near, within):
                used.update(chosen)
                for item in (line.item, *chosen):
                    yield item, f"P:{line.item}", "SUBSET"


def _in_reach(
    line: Line, others: Sequence[Line], used: AbstractSet[str], within: "Tolerances"
) -> list[Line]:
    """Return the free lines near a line's date; none where they must be more than are tried."""
    days = timedelta(days=within.days)
    first = bisect_left(others, line.dated - days, key=_dated)
    last = bisect_right(others, line.dated + days, key=_dated)
    if last - first - len(used) > within.most_parts:
        return []
    return [other for other in others[first:last] if other.item not in used]


def _dated(line: Line) -> date:
    return line.dated


def _only_way(line: Line, near: Sequence[Line], within: "Tolerances") -> tuple[str, ...] | None:
    """Return the only two to four lines that come to another; None when none do, or several."""
    found = [
        some
        for count in range(2, _MOST_AT_ONCE + 1)
        for some in combinations(near, count)
        if sum(one.amount for one in some) == line.amount and _pays(line, some, within)
    ]
    return tuple(one.item for one in found[0]) if len(found) == 1 else None


def _pays(line: Line, some: Sequence[Line], within: "Tolerances") -> bool:
    moneys = [one.money for one in some if one.money is not None]
    if line.money is None or len(moneys) < len(some):
        return True
    return abs(sum(moneys) - line.money) <= within.of(line.currency or line.unit)
