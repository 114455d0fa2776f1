"""What clients affirm of their trades and allocations, and when that was.

Nothing is followed before the first affirmation, and no trade of a date before its day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.affirmation_times import TIME_SCHEMA, TIMES, benchmarks
from backoffice.clearance.allocation_frames import ALLOCATED
from backoffice.clearance.allocation_requests import known_allocations
from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.clear import CLEARED
from backoffice.clearance.standing import no_causes
from backoffice.intake.event_kinds import AFFIRMATION_EVENTS
from backoffice.intake.register import standing, superseded
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

UNAFFIRMED: Final = "UNAFFIRMED"
AFFIRMED: Final = "AFFIRMED"
DISPUTED: Final = "DISPUTED"
FOLLOWED: Final = "affirmations_followed"
"""The table of clients' trades that are not affirmed, or not settled."""

FOLLOWED_SCHEMA: Final = {
    "partner": pl.String,
    "trade_date": pl.Date,
    "trade_id": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
    "account_id": pl.String,
    "venue": pl.String,
    "counterparty": pl.String,
    "settlement_date": pl.Date,
}
_READ: Final = (*FOLLOWED_SCHEMA, "account_kind", "status", "state_on")


def follow_affirmations(records: Records, books: Books, rulebook: Rulebook) -> Books:
    """Bring up to date which trades wait for their client, and by when that was due.

    Parameters
    ----------
    records, books
        The record store, and the books with what the day cleared in their register.
    rulebook
        The benchmarks.
    """
    since = followed_since(records, books)
    if since is None:
        return books
    day, before = books.day, _table(records, books, FOLLOWED, FOLLOWED_SCHEMA)
    changed = _changed(records, books, since)
    clients = _of_clients(changed).select(list(FOLLOWED_SCHEMA))
    both = pl.concat([before.join(changed, on=IDENTITY, how="anti"), clients])
    is_over = pl.col("settlement_date") < day
    over = _affirmed(records, books, both.filter(is_over))
    followed = both.join(over, on=IDENTITY, how="anti").sort(IDENTITY)
    times = _times(records, books, rulebook, since)
    tables = {FOLLOWED: followed, TIMES: times}
    kept = {name: records.keep("clearance", day, table) for name, table in tables.items()}
    # a close that takes decisions writes them once more
    return books.with_tables(**kept).with_written(*(part.key for part in kept.values()))


def followed_since(records: Records, books: Books) -> date | None:
    """Return the day that took the first affirmation, or None before any."""
    part = books.tables.get(AFFIRMATION_EVENTS.table)
    if part is None:
        return None
    first = records.read(part, ["taken_on"])["taken_on"].min()
    return first if isinstance(first, date) else None


def said_of(records: Records, books: Books, trades: pl.DataFrame) -> pl.DataFrame:
    """Return what was said last, by its own time, of each trade or allocation given.

    Who names an account speaks of that alone: what is said of another's is nothing of this one.

    Parameters
    ----------
    records, books
        The record store and the books that took the affirmations.
    trades : pl.DataFrame
        (partner, trade_date, trade_id), account_id; each once.

    Returns
    -------
    pl.DataFrame
        The affirmation events' columns, one row a trade of which anything was said. Of several rows
        that say the same after each other the first tells the time.
    """
    part = books.tables.get(AFFIRMATION_EVENTS.table)
    if part is None:
        return pl.DataFrame(schema=AFFIRMATION_EVENTS.schema)
    events = records.read(part)
    named = trades.select(*IDENTITY, whose="account_id")
    beside = events.join(named, on=IDENTITY, how="inner")
    own = beside.filter(pl.col("account_id").is_null() | (pl.col("account_id") == pl.col("whose")))
    return last_said(own.select(events.columns))


def last_said(events: pl.DataFrame) -> pl.DataFrame:
    """Keep of each trade's affirmations, in any order, the last that changed what was said."""
    ordered = events.sort("affirmed_at", "business_date", "file", "row", "partner")
    same = pl.col("status") == pl.col("status").shift().over(IDENTITY)
    changes = ordered.filter(~same.fill_null(value=False))
    return changes.unique(IDENTITY, keep="last", maintain_order=True).sort(IDENTITY)


def affirmation_causes(records: Records, books: Books) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: what no client has affirmed by the benchmark, one cause a trade date.

    The benchmark of a trade date is past once a later business day looks.
    """
    since = followed_since(records, books)
    if since is None or FOLLOWED not in books.tables:
        return no_causes()
    trades = records.read(books.tables[FOLLOWED])
    both = pl.concat([trades, allocated_to_clients(records, books, since)])
    past = both.filter(pl.col("trade_date") < books.day).join(
        records.read(books.tables[TIMES]), on=["trade_date", "venue"], how="semi"
    )
    late = past.join(_affirmed(records, books, past), on=IDENTITY, how="anti")
    named = late.with_columns(code=pl.lit(UNAFFIRMED), subject=pl.col("trade_date").cast(pl.String))
    return shaped(named, CAUSE_SCHEMA)


def allocated_to_clients(records: Records, books: Books, since: date) -> pl.DataFrame:
    """Return `FOLLOWED_SCHEMA` of the allocations to clients of trade dates from a day on."""
    rows = known_allocations(records, books).filter(
        pl.col("status") == ALLOCATED,
        pl.col("account_kind") == "CLIENT",
        pl.col("trade_date") >= since,
    )
    return rows.rename({"allocation_id": "trade_id"}).select(list(FOLLOWED_SCHEMA))


def _affirmed(records: Records, books: Books, trades: pl.DataFrame) -> pl.DataFrame:
    return said_of(records, books, trades).filter(pl.col("status") == AFFIRMED)


def _of_clients(register: pl.DataFrame) -> pl.DataFrame:
    return register.filter(pl.col("status") == CLEARED, pl.col("account_kind") == "CLIENT")


def _changed(records: Records, books: Books, since: date) -> pl.DataFrame:
    """Read the register rows that stand of the day; the first time, of all days followed."""
    frames = [pl.DataFrame(schema={**FOLLOWED_SCHEMA, "account_kind": pl.String,
                                   "status": pl.String, "state_on": pl.Date})]  # fmt: skip
    parts = list(_parts(books, since))
    later = superseded(records, books) if parts else None
    for part in parts:
        rows = records.read(part, _READ).filter(pl.col("trade_date") >= since).select(_READ)
        frames.append(rows if later is None else standing(rows, later))
    return pl.concat(frames)


def _parts(books: Books, since: date) -> list[TradePart]:
    first = FOLLOWED not in books.tables
    return [
        part
        for part in books.trades
        if max(part.trade_dates) >= since and (first or part.day == books.day)
    ]


def _times(records: Records, books: Books, rulebook: Rulebook, since: date) -> pl.DataFrame:
    known = _table(records, books, TIMES, TIME_SCHEMA)
    days = {day for part in _parts(books, since) for day in part.trade_dates if day >= since}
    fresh = benchmarks(rulebook, days)
    return (
        pl.concat([known, fresh])
        .unique(["trade_date", "venue"], keep="first")
        .sort("trade_date", "venue")
    )


def _table(records: Records, books: Books, name: str, schema: Mapping[str, Any]) -> pl.DataFrame:
    part = books.tables.get(name)
    return records.read(part) if part else pl.DataFrame(schema=dict(schema))
