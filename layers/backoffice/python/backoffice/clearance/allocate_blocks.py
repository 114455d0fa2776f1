"""Allot blocks to accounts: what the day's rows ask for, decided with what waits from before.

A block is a trade of an account of the firm's own. What is allotted of it goes to an account at the
block's price, charged as that account's trade would be; what nobody is allotted stays where it is.
"""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.allocation_blocks import standing_blocks, with_block_codes
from backoffice.clearance.allocation_frames import (
    ACCOUNT_CODES,
    ALLOCATED,
    ALLOCATION,
    ALLOCATIONS,
    BLOCK,
    BLOCK_SCHEMA,
    REVERSED,
    REVERSED_SCHEMA,
    VERSION,
    as_allocations,
    no_allocations,
)
from backoffice.clearance.allocation_requests import (
    Requests,
    known_allocations,
    requests,
    versions_of_today,
)
from backoffice.clearance.allocation_trades import as_trades
from backoffice.clearance.clear import HELD, clear
from backoffice.clearance.clear_bucket import snapshot
from backoffice.clearance.listed_parties import imposed_codes, open_hits
from backoffice.clearance.verdicts import known_waivers, waived_codes
from backoffice.intake.event_kinds import ALLOCATION_EVENTS
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

REFUSED: Final = "REFUSED"
_ROWS_AT_ONCE: Final = 80_000
_FIGURES: Final = ("account_kind", "settlement_date", "gross_minor", "fees_minor", "net_minor")


def allocate_blocks(
    records: Records,
    books: Books,
    corrected: pl.DataFrame,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
) -> Books:
    """Decide the allocations that are new, changed or waiting; before any file nothing is done.

    Parameters
    ----------
    records, books
        The record store, and the books with what the day cleared in their register.
    corrected : pl.DataFrame
        partner, trade_date, trade_id of the booked trades that were cancelled or amended today:
        what was allotted of them is decided anew.
    calendar, rulebook
        As for clearing.
    """
    if ALLOCATION_EVENTS.table not in books.tables:
        return books
    day, before = books.day, known_allocations(records, books)
    asked = requests(before, versions_of_today(records, books), corrected)
    found = _with_blocks(records, books, asked.undecided)
    booked = asked.kept.filter(pl.col("status") == ALLOCATED)
    coded = with_block_codes(found, booked)
    judged = [no_allocations()]
    judged += [
        _judged(records, books, rows, calendar, rulebook)
        for rows in coded.iter_slices(_ROWS_AT_ONCE)
    ]
    table = as_allocations(pl.concat([asked.kept, as_allocations(asked.cancelled), *judged]))
    books = _with_reversed(records, books, before, asked, day)
    return _replaced(records, books, {ALLOCATIONS: table}, day)


def refuse_allocations(records: Records, books: Books, found: pl.DataFrame, day: date) -> Books:
    """Leave with the block's account what two people refused to somebody.

    Parameters
    ----------
    found : pl.DataFrame
        `VERDICT_SCHEMA`. Whether refused or given to an account of the firm's own, the shares are
        in one of those already.
    """
    known = known_allocations(records, books)
    over = found.filter(pl.col("outcome").is_in(("REFUSE", "ERROR_ACCOUNT")))
    if not known.height or not over.height:
        return books
    named = over.rename({"trade_id": "allocation_id"}).select(VERSION).unique()
    refused = known.filter(pl.col("status") == HELD).join(named, on=VERSION, how="semi")
    if not refused.height:
        return books
    rest = known.join(refused, on=ALLOCATION, how="anti")
    changed = refused.with_columns(status=pl.lit(REFUSED), hold_codes=pl.lit(""))
    return _replaced(records, books, {ALLOCATIONS: as_allocations(pl.concat([rest, changed]))}, day)


def _with_blocks(records: Records, books: Books, rows: pl.DataFrame) -> pl.DataFrame:
    blocks = standing_blocks(records, books, rows) if rows.height else None
    if blocks is None:
        blocks = pl.DataFrame(schema=dict(BLOCK_SCHEMA))
    return rows.join(blocks, on=BLOCK, how="left").sort(ALLOCATION)


def _judged(
    records: Records,
    books: Books,
    rows: pl.DataFrame,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
) -> pl.DataFrame:
    """Price and screen what the blocks can give, as trades of the accounts they are for."""
    waits = rows.filter(pl.col("block_code").is_not_null()).with_columns(
        status=pl.lit(HELD), hold_codes="block_code"
    )
    able = rows.filter(pl.col("block_code").is_null())
    trades = imposed_codes(as_trades(able), open_hits(records, books))
    trades = waived_codes(trades, known_waivers(records, books))
    found = clear(trades, snapshot(records, books), calendar, rulebook, books.day).register
    said = found.select(*_FIGURES, hold_codes=_of_account(found["hold_codes"]))
    is_held = pl.col("hold_codes") != ""
    decided = able.hstack(said).with_columns(
        status=pl.when(is_held).then(pl.lit(HELD)).otherwise(pl.lit(ALLOCATED)),
        cleared_on=pl.when(~is_held).then(pl.lit(books.day, dtype=pl.Date)),
    )
    return pl.concat([as_allocations(waits), as_allocations(decided)])


def _of_account(codes: pl.Series) -> pl.Series:
    """Keep of codes joined by `;` those that are about the account."""
    lists = codes.to_frame("codes").select(pl.col("codes").str.split(";"))
    kept = pl.col("codes").list.eval(pl.element().filter(pl.element().is_in(list(ACCOUNT_CODES))))
    return lists.select(kept.list.join(";")).to_series()


def _with_reversed(
    records: Records, books: Books, before: pl.DataFrame, asked: Requests, day: date
) -> Books:
    """Remember what an earlier day booked and today takes back; what is booked today is not yet."""
    away = pl.concat([asked.undecided.select(ALLOCATION), asked.cancelled.select(ALLOCATION)])
    booked = (pl.col("status") == ALLOCATED) & (pl.col("cleared_on") < day)
    rows = before.filter(booked).join(away, on=ALLOCATION, how="semi")
    if not rows.height:
        return books
    part = books.tables.get(REVERSED)
    known = records.read(part) if part else pl.DataFrame(schema=dict(REVERSED_SCHEMA))
    today = rows.with_columns(reversed_on=pl.lit(day, dtype=pl.Date)).select(known.columns)
    return _replaced(records, books, {REVERSED: pl.concat([known, today])}, day)


def _replaced(records: Records, books: Books, tables: dict[str, pl.DataFrame], day: date) -> Books:
    """Keep tables; several steps of a day may write them."""
    for name, table in tables.items():
        part = books.tables.get(name)
        if part is not None and records.read(part).equals(table):
            continue
        kept = records.keep("clearance", day, table)
        books = books.with_tables(**{name: kept}).with_written(kept.key)
    return books
