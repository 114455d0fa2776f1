"""The close of one bucket of accounts: client side, movements, reversals, lots, positions."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import polars as pl

from backoffice.accounting.actions.day_entries import entries_of_accounts
from backoffice.accounting.balances import by_book, with_places
from backoffice.accounting.bucket_entries import add_up
from backoffice.accounting.bucket_moves import BucketMoves, bucket_moves, with_legs
from backoffice.accounting.client_settlement import post_client_settlement
from backoffice.accounting.currencies.book_deals import client_deals
from backoffice.accounting.day_documents import BookedBucket, SettledDay
from backoffice.accounting.house_profit import house_profit
from backoffice.accounting.lots.book import LotInputs, carry_lots, counting_legs
from backoffice.accounting.lots.disposals import keep_disposals
from backoffice.accounting.positions import positions
from backoffice.accounting.postings.payments import client_payments
from backoffice.accounting.unsettled import through_actions
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.register import of_bucket, read_standing
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.parts import BucketPart, Part, Records, Work


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
    moves = bucket_moves(records, books, settled.facts.withdrawn, bucket)
    legs, due = moves.legs, moves.due
    marks = due.select("movement_id", "lot_currency")
    inputs = LotInputs(withdrawn=moves.withdrawn, movements=due, day=day, bucket=bucket)
    carried = carry_lots(records, books, inputs, wash_days)
    lot_book = carried.book
    entries = _entries(records, work, settled, bucket, moves)
    profit = house_profit(records, books, lot_book.realised, bucket)
    booked = add_up(records, settled, bucket, pl.concat([*entries, profit]))
    interest = booked.interest
    pending = with_legs(_pending(records, books, day, bucket), legs.pending)
    pending = through_actions(pending, counting_legs(records, books, day))

    def keep(frame: pl.DataFrame) -> BucketPart:
        part = records.keep("accounting", day, frame)
        return BucketPart(**part.model_dump(), day=day, bucket=bucket, buckets=books.buckets)

    def stage(name: str, frame: pl.DataFrame) -> Part:
        return work.stage(f"days/{day}/{name}.{bucket}.parquet", frame)

    return BookedBucket(
        bucket=bucket,
        journal=keep(booked.journal) if booked.journal.height else None,
        balances=keep(booked.balances),
        by_book=stage("by-book", by_book(with_places(booked.balances))),
        entries=booked.entries,
        postings=booked.journal.height,
        lots=keep(lot_book.lots),
        realised=keep(lot_book.realised),
        last=keep(lot_book.last),
        positions=keep(positions(lot_book, pending)),
        closed=keep_disposals(records, books, carried, day, bucket),
        booked_movements=stage("booked-movements", marks),
        interest=keep(interest.state) if interest else None,
        accrued=stage("accrued", interest.accrued) if interest else None,
        off_date=stage("off-date", booked.off_date) if booked.off_date.height else None,
    )


def _entries(
    records: Records, work: Work, settled: SettledDay, bucket: int, moves: BucketMoves
) -> Iterator[pl.DataFrame]:
    """Yield the entries of the bucket's accounts but for the profit of the firm's own."""
    books, day = settled.books, settled.day
    due = with_legs(_client_side_due(records, books, day, bucket), moves.legs.due)
    yield moves.entries
    yield post_client_settlement(due, day)
    yield client_payments(records, books, bucket)
    yield client_deals(records, books, bucket)
    yield entries_of_accounts(work, settled.actions, bucket, books.buckets)


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
