"""What a close moves in a bucket of accounts beside trades: allotments, transfers, reversals."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from backoffice.accounting.due_movements import due_movements
from backoffice.accounting.journal import empty_journal
from backoffice.accounting.own_places import of_movements
from backoffice.accounting.postings.allocation_legs import Legs, legs_of_bucket
from backoffice.accounting.postings.allocations import post_legs
from backoffice.accounting.postings.movements import post_movements
from backoffice.accounting.reversals import reverse
from backoffice.intake.register import of_bucket
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Part, Records, concerning


@dataclass(frozen=True, slots=True)
class BucketMoves:
    """A bucket's legs, its trades and legs withdrawn today, its movements due, and their entries.

    `entries` are rows of `JOURNAL_SCHEMA`: all that moves shares of the bucket's accounts at a
    close but what corporate actions do.
    """

    legs: Legs
    withdrawn: pl.DataFrame
    due: pl.DataFrame
    entries: pl.DataFrame


def bucket_moves(records: Records, books: Books, withdrawn_today: Part, bucket: int) -> BucketMoves:
    """Gather what moves in a bucket at the close of the books' day.

    Parameters
    ----------
    records, books
        The record store and the books of the close.
    withdrawn_today
        The register rows of the trades that were cancelled or amended today, as they stood.
    bucket
        Of `books.buckets`.
    """
    day = books.day
    legs = legs_of_bucket(records, books, day, bucket)
    withdrawn = with_legs(_withdrawn(records, books, withdrawn_today, bucket), legs.withdrawn)
    due = due_movements(records, books, day, bucket)
    entries = (
        empty_journal(),
        post_legs(legs.fresh, day),
        post_movements(of_movements(records, books, due), day),
        reverse(_entries_of(records, books, withdrawn, bucket), day),
    )
    return BucketMoves(legs, withdrawn, due, pl.concat(entries))


def with_legs(trades: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Add legs to register rows, which they are like."""
    if not legs.height:
        return trades
    return pl.concat([trades, legs], how="diagonal")


def _withdrawn(records: Records, books: Books, today: Part, bucket: int) -> pl.DataFrame:
    """Read the bucket's booked trades that were cancelled or amended today."""
    rows = records.read(today)
    if not rows.height:
        return rows
    return of_bucket(rows.filter(pl.col("status") == "CLEARED"), bucket, books.buckets)


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
