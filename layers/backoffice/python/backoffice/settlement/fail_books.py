"""Where fails stand in the books, and what of a day's is to be posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.clearance.fail_codes import FAIL_CODES
from backoffice.clearance.standing import DUES, read_dues
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.settlement.fail_frames import (
    BOUGHT_SCHEMA,
    FAIL_EVENT_SCHEMA,
    FAIL_SCHEMA,
    FAILS,
    HISTORY,
    OPEN,
    PAID_SCHEMA,
    PENALTY_SCHEMA,
)
from backoffice.settlement.frames import empty

BUY_INS: Final = "buy_ins"
PAYMENTS: Final = "claim_payments"
"""The tables of what waits to be booked."""


@dataclass(frozen=True, slots=True)
class FailBookings:
    """`PENALTY_SCHEMA`, `BOUGHT_SCHEMA` and `PAID_SCHEMA`: what a day's fails post."""

    penalties: pl.DataFrame
    bought: pl.DataFrame
    paid: pl.DataFrame


def no_bookings() -> FailBookings:
    """Return bookings without rows."""
    return FailBookings(empty(PENALTY_SCHEMA), empty(BOUGHT_SCHEMA), empty(PAID_SCHEMA))


def table_of(records: Records, books: Books, name: str, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Read a table of the books, or return it without rows before there is one."""
    part = books.tables.get(name)
    return records.read(part) if part else empty(schema)


def is_quiet(records: Records, books: Books) -> bool:
    """Whether no fail is open, and no buy-in and no payment waits."""
    fails = table_of(records, books, FAILS, FAIL_SCHEMA)
    tables = (books.tables.get(name) for name in (BUY_INS, PAYMENTS))
    waiting = [records.read(part, ["booked_on"]) for part in tables if part is not None]
    open_ones = fails.filter(pl.col("status") == OPEN)
    return not open_ones.height and not any(rows["booked_on"].null_count() for rows in waiting)


def fails_to_watch(records: Records, books: Books) -> list[str]:
    """Name the fails that opened at a close and have a day ahead."""
    if books.phase != "closed":
        return []
    fails = table_of(records, books, FAILS, FAIL_SCHEMA)
    dated = pl.any_horizontal(pl.col("close_out_by", "buy_in_on").is_not_null())
    new = fails.filter(pl.col("failed_on") == books.day, pl.col("status") == OPEN, dated)
    return new["fail_id"].sort().to_list()


def keep_fails(
    records: Records,
    books: Books,
    fails: pl.DataFrame,
    events: pl.DataFrame,
    dues: pl.DataFrame,
) -> Books:
    """Keep the register, the day's history, and the dates of fails' cases.

    A day on which nothing happened to any fail adds no part to the history.
    """
    day = books.day
    books = books.with_tables(**{FAILS: records.keep("settlement", day, fails)})
    if events.height:
        rows = events.select(list(FAIL_EVENT_SCHEMA)).sort(list(FAIL_EVENT_SCHEMA))
        books = books.with_day_part(HISTORY, records.keep("settlement", day, rows))
    before = read_dues(records, books)
    others = before.filter(~pl.col("code").is_in(list(FAIL_CODES)))
    now = pl.concat([others, dues]).sort("code", "subject")
    if now.equals(before):
        return books
    return books.with_tables(**{DUES: records.keep("clearance", day, now)})
