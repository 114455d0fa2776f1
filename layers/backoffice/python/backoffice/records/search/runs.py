"""The index grows by a run a day, and runs are merged in powers: a search reads few of them.

The index is derived from the records and from nothing else. What names its runs is one small
object, replaced when a run is added; everything it names is written before it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.books import latest
from backoffice.kernel.parts import Document, Records
from backoffice.records.disposal import disposed
from backoffice.records.search.blocks import (
    PREFIX,
    SortedRows,
    Store,
    merge_sorted,
    read_sorted,
    write_sorted,
)
from backoffice.records.search.rows import DayRows, rows_of_day

CURRENT: Final = f"{PREFIX}current-2.json"
"""An index of rows that did not say what is confidential has another name: it is made anew."""
FAN: Final = 8
"""How many runs of one level become one of the next."""
DIMENSIONS: Final = ("id", "account", "counterparty", "instrument", "kind", "date")
PLACE: Final = ("date", "id", "kind", "object", "row")
"""The order of what a search finds; `object` counts from the first seal, so merging keeps it."""


class Run(Document):
    """The rows of some days, sorted by each dimension; a dimension leaves out rows without it."""

    first: date
    last: date
    level: int
    days: int
    rows: int
    first_date: str
    last_date: str
    objects: SortedRows
    by: dict[str, SortedRows]


class Index(Document):
    """The runs, oldest first, and how many objects they number."""

    runs: tuple[Run, ...] = ()
    objects: int = 0

    @property
    def last(self) -> date | None:
        """The latest day that is indexed."""
        return self.runs[-1].last if self.runs else None


def read_index(store: Store) -> Index:
    """Read what names the runs; nothing is named before the first."""
    body = store.find_bytes(CURRENT)
    return Index() if body is None else Index.model_validate_json(body)


def index_records(records: Records, store: Store, *, anew: bool = False) -> Index:
    """Index the closed days that are not, one after another; `anew` from the first on.

    Each day is committed by itself: a step that dies goes on where it was.
    """
    index = Index() if anew else read_index(store)
    books = latest(records, closed=True)
    left = {key for keys in disposed(records).values() for key in keys}

    def gone(key: str) -> bool:
        return key in left and records.find_bytes(key) is None

    for day in books.closed_days if books else ():
        if index.last is None or day > index.last:
            index = add_run(store, index, rows_of_day(records, day, index.objects, gone), day)
            if not anew:
                _commit(store, index)
    _commit(store, index)
    return index


def add_run(store: Store, index: Index, found: DayRows, day: date) -> Index:
    """Add a day's rows as a run, and merge what has become enough of one level."""
    runs = [*index.runs, day_run(store, found, day)]
    while len(runs) >= FAN and len({run.level for run in runs[-FAN:]}) == 1:
        runs[-FAN:] = [_merged(store, runs[-FAN:])]
    return Index(runs=tuple(runs), objects=index.objects + found.objects.height)


def _commit(store: Store, index: Index) -> None:
    store.put(CURRENT, index.model_dump_json().encode())


def day_run(store: Store, found: DayRows, day: date) -> Run:
    """Write a day's rows, sorted by each dimension, as a run of the lowest level."""
    dates = found.rows["date"]
    return Run(
        first=day,
        last=day,
        level=0,
        days=1,
        rows=found.rows.height,
        first_date=str(dates.min() or ""),
        last_date=str(dates.max() or ""),
        objects=write_sorted(store, [found.objects.sort("object")], "object", "sealed_in"),
        by={
            name: write_sorted(store, [_having(found.rows, name).sort(_order(name))], name, "date")
            for name in DIMENSIONS
        },
    )


def _merged(store: Store, runs: list[Run]) -> Run:
    def of(name: str) -> SortedRows:
        sources = [read_sorted(store, run.by[name]) for run in runs]
        return write_sorted(store, merge_sorted(sources, _order(name)), name, "date")

    return Run(
        first=runs[0].first,
        last=runs[-1].last,
        level=runs[0].level + 1,
        days=sum(run.days for run in runs),
        rows=sum(run.rows for run in runs),
        first_date=min(run.first_date for run in runs),
        last_date=max(run.last_date for run in runs),
        objects=write_sorted(store, _one_after_another(store, runs), "object", "sealed_in"),
        by={name: of(name) for name in DIMENSIONS},
    )


def _one_after_another(store: Store, runs: list[Run]) -> Iterator[pl.DataFrame]:
    for run in runs:
        yield from read_sorted(store, run.objects)


def _having(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.filter(pl.col(name) != "")


def _order(name: str) -> list[str]:
    return [name, *(column for column in PLACE if column != name)]
