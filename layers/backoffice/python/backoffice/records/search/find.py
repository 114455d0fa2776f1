"""Search the index: the blocks that can hold what is asked for, and no others.

What is found comes in the order of its date, a page at a time; a page says where the next begins.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.records.search.blocks import (
    SortedRows,
    Store,
    not_after,
    read_block,
    read_directory,
)
from backoffice.records.search.questions import (
    EXACT,
    BadCursorError,
    Page,
    Place,
    Query,
    holds_for,
    may_be_told,
    read_cursor,
    write_cursor,
)
from backoffice.records.search.rows import OBJECTS
from backoffice.records.search.runs import PLACE, Index, Run, read_index

__all__ = ["BadCursorError", "Finder", "Page", "Query"]

MOST_BLOCKS: Final = 96
"""How many blocks a page may read: what is rare among much comes on several pages."""
_READERS: Final = 8
_LAST: Final = tuple(f"last_{name}" for name in PLACE)


@dataclass(frozen=True)
class _Scanned:
    """Of one run: rows found in order, and the place up to which all were; None: to its end."""

    rows: pl.DataFrame | None
    until: Place | None


class Finder:
    """Searches the index of one `store`; directories, which never change, are read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._directories: dict[str, pl.DataFrame] = {}

    def indexed_until(self) -> date | None:
        """Return the last day that is in the index; None before the first."""
        return max((run.last for run in read_index(self._store).runs), default=None)

    def find(self, query: Query) -> Page:
        """Return a page of what holds for a query.

        Raises
        ------
        BadCursorError
            When the cursor is none that a page gave.
        """
        index = read_index(self._store)
        runs = [run for run in index.runs if _overlaps(run, query)]
        after = read_cursor(query.cursor) if query.cursor else None
        with ThreadPoolExecutor(_READERS) as pool:
            dimension = self._best(pool, runs, query)
            scanned = list(
                pool.map(lambda run: self._scan(run, dimension, query, after, len(runs)), runs)
            )
            rows, follows = _cut(scanned, query.limit)
            told = tuple(self._told(pool, index, rows)) if rows is not None else ()
        return Page(rows=told, next=None if follows is None else write_cursor(follows))

    def _best(self, pool: ThreadPoolExecutor, runs: Sequence[Run], query: Query) -> str:
        """Choose the dimension whose blocks that can hold a match are fewest."""
        given = [name for name in EXACT if getattr(query, name) is not None]
        if "id" in given or not given:
            return "id" if given else "date"
        if len(given) == 1 or not runs:
            return given[0]
        asked = [(run, name) for name in given for run in runs]
        counts = pool.map(lambda each: self._blocks(each[0], each[1], query).height, asked)
        sizes = Counter[str]()
        for (_, name), count in zip(asked, counts, strict=True):
            sizes[name] += count
        return min(given, key=lambda name: sizes[name])

    def _blocks(
        self, run: Run, dimension: str, query: Query, after: Place | None = None
    ) -> pl.DataFrame:
        """Return where those blocks lie that can hold a match after a place."""
        found = self._directory(run.by[dimension])
        if after is not None:
            passed = not_after(_LAST, after)
            if dimension != "date":
                passed &= pl.col("last") <= getattr(query, dimension)
            found = found.filter(~passed)
        since, until = query.since or "", query.until or "9999-12-31"
        if dimension == "date":
            return found.filter((pl.col("last") >= since) & (pl.col("first") <= until))
        value = getattr(query, dimension)
        first, last = pl.col("first"), pl.col("last")
        return found.filter(
            (first <= value)
            & (last >= value)
            # a block that begins or ends with another value may hold any date of this one
            & ((last > value) | (pl.col("last_date") >= since))
            & ((first < value) | (pl.col("first_date") <= until))
        )

    def _scan(
        self, run: Run, dimension: str, query: Query, after: Place | None, runs: int
    ) -> _Scanned:
        """Read blocks in order until there are enough rows, or as many as a run may read."""
        since = max(query.since or "", after[0]) if after else query.since
        asked = query.model_copy(update={"since": since})
        entries = list(self._blocks(run, dimension, asked, after).iter_rows(named=True))
        budget = max(2, MOST_BLOCKS // max(1, runs))
        holds = holds_for(query, after)
        frames, rows, until = list[pl.DataFrame](), 0, None
        for read, entry in enumerate(entries, start=1):
            frame = read_block(self._store, entry)
            found = frame.filter(holds)
            frames.append(found)
            rows += found.height
            if rows > query.limit:
                return _Scanned(pl.concat(frames).head(query.limit + 1), None)
            if budget <= read < len(entries) and (until := _place_of(frame, query, dimension)):
                break
        return _Scanned(pl.concat(frames) if frames else None, until)

    def _told(
        self, pool: ThreadPoolExecutor, index: Index, rows: pl.DataFrame
    ) -> Iterator[dict[str, Any]]:
        """Add where each row's object stands and when it was sealed."""
        wanted = rows["object"].unique().sort()
        held = pool.map(lambda run: self._objects(run, wanted), index.runs)
        known = {number: place for found in held for number, *place in found.iter_rows()}
        for row in rows.iter_rows(named=True):
            key, sealed_in = known[row["object"]]
            place = None if row["row"] < 0 else row["row"]
            del row["confidential"]
            yield {**row, "row": place, "key": key, "sealed_in": sealed_in}

    def _objects(self, run: Run, wanted: pl.Series) -> pl.DataFrame:
        """Read those of the wanted objects that a run names."""
        found = pl.DataFrame(schema=OBJECTS)
        bounds = pl.col("first").cast(pl.UInt32), pl.col("last").cast(pl.UInt32)
        low, high = wanted[0], wanted[-1]
        near = self._directory(run.objects).filter((bounds[0] <= high) & (bounds[1] >= low))
        for entry in near.iter_rows(named=True):
            block = read_block(self._store, entry)
            found.extend(block.filter(pl.col("object").is_in(wanted.implode())))
        return found

    def _directory(self, found: SortedRows) -> pl.DataFrame:
        if found.directory not in self._directories:
            self._directories[found.directory] = read_directory(self._store, found)
        return self._directories[found.directory]


def _cut(scanned: Sequence[_Scanned], limit: int) -> tuple[pl.DataFrame | None, Place | None]:
    """Return the page's rows in order, and the place from which the next goes on."""
    frames = [one.rows for one in scanned if one.rows is not None]
    bounds = [one.until for one in scanned if one.until is not None]
    found = pl.concat(frames).sort(PLACE) if frames else None
    if found is not None and bounds:
        # beyond where a run stopped, it may have rows that come before another's
        found = found.filter(not_after(PLACE, min(bounds)))
    if found is None or not found.height:
        return None, min(bounds, default=None)
    rows = found.head(limit)
    last: Place = rows.select(PLACE).row(-1)
    return rows, last if found.height > limit else min(bounds, default=None)


def _overlaps(run: Run, query: Query) -> bool:
    return (query.since or "") <= run.last_date and run.first_date <= (query.until or "9999-12-31")


def _place_of(frame: pl.DataFrame, query: Query, dimension: str) -> Place | None:
    """Return the last place of the value asked for that a block tells who asks, if it tells one."""
    told = may_be_told(query)
    if dimension != "date":
        told &= pl.col(dimension) == getattr(query, dimension)
    places = frame.filter(told).select(PLACE)
    return places.row(-1) if places.height else None
