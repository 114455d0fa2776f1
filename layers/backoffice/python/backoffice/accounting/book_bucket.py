"""The close of one bucket of accounts: client side, movements, reversals, lots, positions."""

from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

from backoffice.accounting.allocation_legs import legs_of_bucket
from backoffice.accounting.allocation_postings import post_legs
from backoffice.accounting.balances import add_balances, by_book, share_of, with_places
from backoffice.accounting.book_trades import in_order
from backoffice.accounting.client_settlement import post_client_settlement
from backoffice.accounting.day_documents import BookedBucket, SettledDay
from backoffice.accounting.due_movements import due_movements
from backoffice.accounting.entry_book import account_lines
from backoffice.accounting.journal import assert_balanced, empty_journal
from backoffice.accounting.lot_book import LotInputs, carry_lots
from backoffice.accounting.movement_postings import post_movements
from backoffice.accounting.off_date import dated_balances, off_date, posted_at_cut_off
from backoffice.accounting.open_periods import in_open_periods
from backoffice.accounting.own_places import of_movements
from backoffice.accounting.payment_postings import client_payments
from backoffice.accounting.positions import positions
from backoffice.accounting.reversals import reverse
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.day_periods import locked_until
from backoffice.intake.register import of_bucket, read_standing
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.parts import BucketPart, Records, Work, concerning


def book_bucket(records: Records, work: Work, settled: SettledDay, bucket: int) -> BookedBucket:
    """Book a bucket's day and write its journal, lots and positions.

    Raises
    ------
    UnbalancedError
        When an entry does not come to zero; nothing of the day is sealed.
    """
    books, day = settled.books, settled.day
    legs = legs_of_bucket(records, books, day, bucket)
    withdrawn = _with(_withdrawn(records, settled, bucket), legs.withdrawn)
    due = due_movements(records, books, day, bucket)
    marks = due.select("movement_id", "lot_currency")
    entries = (
        empty_journal(),
        post_legs(legs.fresh, day),
        post_client_settlement(_with(_client_side_due(records, books, day, bucket), legs.due), day),
        post_movements(of_movements(records, books, due), day),
        client_payments(records, books, bucket),
        reverse(_entries_of(records, books, withdrawn, bucket), day),
    )
    journal = in_order(in_open_periods(pl.concat(entries), locked_until(records, books)))
    assert_balanced(journal)
    own = journal["entry_id"].n_unique()
    journal = _with_lines(journal, account_lines(records, books, bucket))
    inputs = LotInputs(withdrawn=withdrawn, movements=due, day=day, bucket=bucket)
    lot_book = carry_lots(records, books, inputs)
    dated = dated_balances(_posted_before(records, settled, bucket), journal)
    total = add_balances(*_carried(records, settled, bucket), dated)
    elsewhen = off_date(dated, day)
    pending = _with(_pending(records, books, day, bucket), legs.pending)

    def keep(frame: pl.DataFrame) -> BucketPart:
        part = records.keep("accounting", day, frame)
        return BucketPart(**part.model_dump(), day=day, bucket=bucket, buckets=books.buckets)

    return BookedBucket(
        bucket=bucket,
        journal=keep(journal) if journal.height else None,
        balances=keep(total),
        by_book=work.stage(f"days/{day}/by-book.{bucket}.parquet", by_book(with_places(total))),
        entries=own,
        postings=journal.height,
        lots=keep(lot_book.lots),
        realised=keep(lot_book.realised),
        last=keep(lot_book.last),
        positions=keep(positions(lot_book, pending)),
        booked_movements=work.stage(f"days/{day}/booked-movements.{bucket}.parquet", marks),
        off_date=work.stage(f"days/{day}/off-date.{bucket}.parquet", elsewhen)
        if elsewhen.height
        else None,
    )


def _with_lines(journal: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Add what people wrote; of an entry a bucket may have a part, the street counts it."""
    return in_order(pl.concat([journal, lines])) if lines.height else journal


def _with(trades: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Add legs to register rows, which they are like."""
    if not legs.height:
        return trades
    return pl.concat([trades, legs], how="diagonal")


def _carried(records: Records, settled: SettledDay, bucket: int) -> Iterator[pl.DataFrame]:
    """Yield the balances that the bucket carries on from the last close."""
    buckets = settled.books.buckets
    for part in concerning(settled.books.bucketed.get("balances", ()), bucket, buckets):
        yield share_of(records.read(part), part.buckets, bucket, buckets)


def _posted_before(records: Records, settled: SettledDay, bucket: int) -> pl.DataFrame:
    """Return what the day posted in the bucket at its cut-off, and in releases after it."""
    books = settled.books
    pending = concerning(books.pending_journal, bucket, books.buckets)
    return posted_at_cut_off(records, settled.facts.balances[bucket], pending)


def _withdrawn(records: Records, settled: SettledDay, bucket: int) -> pl.DataFrame:
    """Read the bucket's booked trades that were cancelled or amended today."""
    rows = records.read(settled.facts.withdrawn)
    if not rows.height:
        return rows
    return of_bucket(rows.filter(pl.col("status") == "CLEARED"), bucket, settled.books.buckets)


def _parts(books: Books, bucket: int, settles_after: date | None) -> list[TradePart]:
    return [
        part
        for part in books.trades
        if part.concerns(bucket, books.buckets)
        and part.settles_until is not None
        and (settles_after is None or part.settles_until > settles_after)
    ]


def _cleared(
    records: Records, books: Books, parts: Iterable[TradePart], bucket: int
) -> pl.DataFrame | None:
    chosen = list(parts)
    if not chosen:
        return None
    rows = read_standing(records, books, chosen).filter(pl.col("status") == "CLEARED")
    return of_bucket(rows, bucket, books.buckets)


def _client_side_due(records: Records, books: Books, day: date, bucket: int) -> pl.DataFrame:
    """Find the trades whose settlement date came since the last close, and today's late ones."""
    before = books.last_closed
    earlier = _parts(books, bucket, before)
    today = [part for part in _parts(books, bucket, None) if part.day == day]
    parts = {part.key: part for part in [*earlier, *today]}
    rows = _cleared(records, books, parts.values(), bucket)
    if rows is None:
        return _no_trades()
    fresh = pl.col("cleared_on") == day
    came = pl.col("settlement_date") > before if before else pl.lit(value=True)
    return rows.filter(pl.col("settlement_date") <= day, fresh | came)


def _no_trades() -> pl.DataFrame:
    return pl.DataFrame(schema=dict(REGISTER_SCHEMA))


def _pending(records: Records, books: Books, day: date, bucket: int) -> pl.DataFrame:
    """Find the cleared trades whose settlement date is still to come."""
    rows = _cleared(records, books, _parts(books, bucket, day), bucket)
    return _no_trades() if rows is None else rows.filter(pl.col("settlement_date") > day)


def _entries_of(
    records: Records, books: Books, withdrawn: pl.DataFrame, bucket: int
) -> pl.DataFrame:
    """Read every entry of the withdrawn trades: their booking and, if it came, the client side."""
    wanted: dict[date, list[str]] = {}
    for row in withdrawn.to_dicts():
        identity = ":".join(str(row[column]) for column in IDENTITY)
        booked_on = row["cleared_on"]
        wanted.setdefault(booked_on, []).append(f"{booked_on}:T:{identity}")
        if settled_on := _client_settled_on(books, booked_on, row["settlement_date"]):
            wanted.setdefault(settled_on, []).append(f"{settled_on}:C:{identity}")
    frames = [empty_journal()]
    for part in concerning(books.journal, bucket, books.buckets):
        if part.day in wanted:
            named = pl.col("entry_id").is_in(wanted[part.day])
            frames.append(records.read(part).filter(named))
    return pl.concat(frames)


def _client_settled_on(books: Books, booked_on: date, settlement_date: date) -> date | None:
    """Return the close that recorded the client side, if one has."""
    since = max(booked_on, settlement_date)
    return next((day for day in books.closed_days if day >= since), None)
