"""The order log as a day takes it: columns that surveillance looks at, and no part of the books.

A million events are one frame: of equal events of one partner the first is taken, the rest are
counted as duplicates. Nothing is refused for what another event says: a log that is not whole still
tells what it tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.intake.documents import FileEntry
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Part, Records, Work

KIND: Final = "orders"
ORDER_EVENTS: Final = "order_events"
"""The day parts: what each day took of order logs."""

_ORIGIN: Final[Mapping[str, Any]] = {
    "partner": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
}
_CONTENT: Final[Mapping[str, Any]] = {
    "order_id": pl.String,
    "event": pl.String,
    "parent_id": pl.String,
    "account_id": pl.String,
    "side": pl.String,
    "isin": pl.String,
    "quantity_e8": pl.Int128,
    "limit_price_e8": pl.Int128,
    "currency": pl.String,
    "venue": pl.String,
    "event_at": pl.Datetime("ns", "UTC"),
    "trade_id": pl.String,
}
ORDER_SCHEMA: Final[Mapping[str, Any]] = {
    **_ORIGIN,
    **_CONTENT,
    "unknown": pl.String,
    "taken_on": pl.Date,
}
"""An event of an order, where it came from, and the day that took it."""

_ENTRY: Final = "entry"


@dataclass(frozen=True, slots=True)
class TakenOrders:
    """The books with the day's part, and (duplicates, rejected) by a file's position."""

    books: Books
    counts: Mapping[int, tuple[int, int]]


def take_orders(
    records: Records, work: Work, books: Books, committed: Sequence[tuple[int, FileEntry]]
) -> TakenOrders:
    """Take the events of a day's order logs; a day without a log writes nothing."""
    files = [(place, entry) for place, entry in committed if entry.drop.kind == KIND]
    if not files:
        return TakenOrders(books, {})
    rows = pl.concat([_schema().to_frame(), *(_rows(work, *file, books) for file in files)])
    first = rows.sort(*_ORIGIN).unique(["partner", *_CONTENT], keep="first", maintain_order=True)
    counts = _duplicates(rows, first)
    part = records.keep("intake", books.day, first.select(list(ORDER_SCHEMA)))
    return TakenOrders(books.with_day_part(ORDER_EVENTS, part), counts)


def order_parts(books: Books) -> tuple[Part, ...]:
    """Return what each day took of order logs, oldest first."""
    return books.day_parts.get(ORDER_EVENTS, ())


def _schema() -> pl.Schema:
    return pl.Schema({**ORDER_SCHEMA, _ENTRY: pl.UInt32})


def _rows(work: Work, place: int, entry: FileEntry, books: Books) -> pl.DataFrame:
    captured = [_schema().to_frame()]
    captured += [
        work.read(part)
        .with_columns(taken_on=pl.lit(books.day), entry=pl.lit(place, pl.UInt32))
        .select(_schema().names())
        for part in entry.parts
    ]
    return pl.concat(captured)


def _duplicates(rows: pl.DataFrame, first: pl.DataFrame) -> dict[int, tuple[int, int]]:
    def counted(frame: pl.DataFrame) -> dict[int, int]:
        return dict(frame.group_by(_ENTRY).len().iter_rows())

    taken = counted(first)
    return {place: (count - taken.get(place, 0), 0) for place, count in counted(rows).items()}
