"""Locks of accounting periods: what is asked for, and until when the books are locked by it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.intake.taken_once import PLACED, OnceKind
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

PERIODS: Final = "periods"
LOCK, UNLOCK = "LOCK", "UNLOCK"

PERIOD_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "request_id": pl.String,
    "period": pl.String,
    "action": pl.String,
    "reason": pl.String,
    "unknown": pl.String,
    "taken_on": pl.Date,
    "outcome": pl.String,
    "case_id": pl.String,
    "proposed_by": pl.String,
    "approved_by": pl.String,
    "decided_at": pl.String,
    "decided_on": pl.Date,
}
"""`outcome` is APPROVED or REFUSED, null until two people have decided; `decided_on` the business
day that took what they decided: it binds what is recorded after that day."""

PERIODS_ONCE: Final = OnceKind(
    kind=PERIODS,
    table=PERIODS,
    key="request_id",
    content=("period", "action", "reason"),
    schema=PERIOD_SCHEMA,
    noun="request",
)


def known_periods(records: Records, books: Books) -> pl.DataFrame:
    """Return `PERIOD_SCHEMA`: everything that was ever asked for."""
    part = books.tables.get(PERIODS)
    return records.read(part) if part else pl.DataFrame(schema=dict(PERIOD_SCHEMA))


def locked_until(records: Records, books: Books) -> date | None:
    """Return the last day that is locked for what these books' day records; None before any lock.

    A period is locked with all before it, and unlocked with all after it. A lock of a period that
    was not over when it was decided is none.
    """
    return locked_by(known_periods(records, books), books.day)


def locked_by(known: pl.DataFrame, day: date) -> date | None:
    """Return the last day that is locked for what a business day records.

    Parameters
    ----------
    known : pl.DataFrame
        `PERIOD_SCHEMA`; what was decided on that day or later does not bind it.
    """
    binding = known.filter(pl.col("outcome") == "APPROVED", pl.col("decided_on") < day)
    until: date | None = None
    for row in binding.sort("decided_on", "decided_at", "case_id").iter_rows(named=True):
        first, last = bounds(row["period"])
        if row["action"] == LOCK:
            over = last <= row["decided_on"]
            until = max(until or last, last) if over else until
        elif until is not None and until >= first:
            until = first - timedelta(days=1)
    return until


def bounds(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period, `2026` or `2026-10`."""
    year, _, month = period.partition("-")
    if not month:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    first = date(int(year), int(month), 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, following - timedelta(days=1)
