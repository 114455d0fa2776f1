"""The close of one bucket of accounts: client side, movements, reversals, lots, positions."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import polars as pl

from backoffice.accounting.allocation_legs import legs_of_bucket
from backoffice.accounting.allocation_postings import post_legs
from backoffice.accounting.balances import add_balances, balances, by_book, share_of, with_places
from backoffice.accounting.book_trades import in_order
from backoffice.accounting.client_settlement import post_client_settlement
from backoffice.accounting.day_documents import BookedBucket, SettledDay
from backoffice.accounting.disposals import keep_disposals
from backoffice.accounting.due_movements import due_movements
from backoffice.accounting.house_profit import post_house_profit
from backoffice.accounting.journal import assert_balanced, empty_journal
from backoffice.accounting.lot_book import LotInputs, carry_lots, counting_legs, realised_before
from backoffice.accounting.movement_postings import post_movements
from backoffice.accounting.own_places import of_movements
from backoffice.accounting.payment_postings import client_payments
from backoffice.accounting.positions import positions
from backoffice.accounting.reversals import reverse
from backoffice.accounting.unsettled import through_actions
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.register import of_bucket, read_standing
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.parts import BucketPart, Records, Work, concerning


def book_bucket(
    records: Records,
    work: Work,
    settled: SettledDay,
    bucket: int,
    wash_days: Callable[[date], int],
) -> BookedBucket:
    """Book a bucket's day and write its journal, lots and positions.

    `wash_days` tells how many days before and after a loss make it a wash sale; it is asked when
    there are accounts whose losses can be.

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
    inputs = LotInputs(withdrawn=withdrawn, movements=due, day=day, bucket=bucket)
    carried = carry_lots(records, books, inputs, wash_days)
    lot_book = carried.book
    entries = (
        empty_journal(),
        post_legs(legs.fresh, day),
        post_client_settlement(_with(_client_side_due(records, books, day, bucket), legs.due), day),
        post_movements(of_movements(records, books, due), day),
        client_payments(records, books, bucket),
        reverse(_entries_of(records, books, withdrawn, bucket), day),
        _house_profit(records, books, lot_book.realised, day, bucket),
    )
    journal = in_order(pl.concat(entries))
    assert_balanced(journal)
    total = add_balances(*_balances_before(records, settled, bucket), balances(journal))
    pending = _with(_pending(records, books, day, bucket), legs.pending)
    pending = through_actions(pending, counting_legs(records, books, day))

    def keep(frame: pl.DataFrame) -> BucketPart:
        part = records.keep("accounting", day, frame)
        return BucketPart(**part.model_dump(), day=day, bucket=bucket, buckets=books.buckets)

    return BookedBucket(
        bucket=bucket,
        journal=keep(journal) if journal.height else None,
        balances=keep(total),
        by_book=work.stage(f"days/{day}/by-book.{bucket}.parquet", by_book(with_places(total))),
        entries=journal["entry_id"].n_unique(),
        postings=journal.height,
        lots=keep(lot_book.lots),
        realised=keep(lot_book.realised),
        last=keep(lot_book.last),
        positions=keep(positions(lot_book, pending)),
        closed=keep_disposals(records, books, carried, day, bucket),
        booked_movements=work.stage(f"days/{day}/booked-movements.{bucket}.parquet", marks),
    )


def _with(trades: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Add legs to register rows, which they are like."""
    if not legs.height:
        return trades
    return pl.concat([trades, legs], how="diagonal")


def _balances_before(records: Records, settled: SettledDay, bucket: int) -> Iterator[pl.DataFrame]:
    """Yield what the bucket carries on from the last close, and what its cut-off posted."""
    buckets = settled.books.buckets
    for part in concerning(settled.books.bucketed.get("balances", ()), bucket, buckets):
        yield share_of(records.read(part), part.buckets, bucket, buckets)
    yield records.read(settled.facts.balances[bucket])


def _house_profit(
    records: Records, books: Books, realised: pl.DataFrame, day: date, bucket: int
) -> pl.DataFrame:
    """Post what the bucket's house accounts realised since the last close."""
    part = books.tables.get("accounts")
    if part is None:
        return empty_journal()
    house = records.read(part, ("account_id", "kind")).filter(pl.col("kind") == "HOUSE")
    if not house.height:
        return empty_journal()
    before = realised_before(records, books, bucket)
    return post_house_profit(before, realised, house["account_id"], day)


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
