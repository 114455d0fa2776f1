"""Entries by hand at a close: what is agreed to and due is written, what ends is reversed.

The lines of clients' and of the house's own money stand in their accounts' buckets, all others
with the street's: a bucket has of an entry what concerns it, and only the whole comes to zero.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import JOURNAL_SCHEMA, assert_balanced, empty_journal
from backoffice.accounting.open_periods import in_open_periods
from backoffice.accounting.recurring_entries import with_occurrences
from backoffice.accounting.reversals import reverse
from backoffice.clearance.entries import entries_as_they_stand
from backoffice.intake.day_entries import ENTRIES, ENTRY_SCHEMA, known_entries, known_lines
from backoffice.intake.day_periods import locked_until
from backoffice.intake.register import of_bucket
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

ENTRY: Final = "ENTRY"
"""The kind of what people wrote."""

_OF_ACCOUNTS: Final = (
    *(chart.RECEIVABLE_CLIENT, chart.RECEIVABLE_HOUSE, chart.PAYABLE_CLIENT),
    *(chart.PAYABLE_HOUSE, chart.CLIENT_CASH, chart.INVENTORY),
)


def book_entries(records: Records, books: Books) -> tuple[Books, pl.DataFrame]:
    """Write what is due of entries by hand; before any file there is nothing.

    Returns
    -------
    tuple
        The books that know what was written today, and all lines of it, as `JOURNAL_SCHEMA`.

    Raises
    ------
    UnbalancedError
        When an entry does not come to zero.
    """
    if ENTRIES not in books.tables:
        return books, empty_journal()
    books = with_occurrences(records, books)
    today = pl.lit(books.day, dtype=pl.Date)
    standing = entries_as_they_stand(records, books)
    due = (pl.col("status") == "APPROVED") & (pl.col("effective_date") <= today)
    marked = standing.with_columns(booked_on=pl.when(due).then(today).otherwise("booked_on"))
    ends = pl.col("booked_on").is_not_null() & pl.col("reversed_on").is_null()
    over = ends & (pl.col("reverse_on") <= today)
    marked = marked.with_columns(reversed_on=pl.when(over).then(today).otherwise("reversed_on"))
    table = records.keep("accounting", books.day, marked.select(list(ENTRY_SCHEMA)))
    books = books.with_tables(**{ENTRIES: table})
    lines = _lines_of_today(records, books)
    assert_balanced(lines)
    return books, lines


def street_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Return of today's lines those that are in no account's bucket."""
    return lines.filter(~pl.col("book").is_in(_OF_ACCOUNTS))


def account_lines(records: Records, books: Books, bucket: int) -> pl.DataFrame:
    """Return of today's lines those of a bucket's accounts."""
    if ENTRIES not in books.tables:
        return empty_journal()
    lines = _lines_of_today(records, books).filter(pl.col("book").is_in(_OF_ACCOUNTS))
    return of_bucket(lines.rename({"ref": "account_id"}), bucket, books.buckets).rename(
        {"account_id": "ref"}
    )


def entries_elsewhere(lines: pl.DataFrame) -> int:
    """Count today's entries that have no line with the street's."""
    return lines["entry_id"].n_unique() - street_lines(lines)["entry_id"].n_unique()


def _lines_of_today(records: Records, books: Books) -> pl.DataFrame:
    known, lines = known_entries(records, books), known_lines(records, books)
    until = locked_until(records, books)
    return pl.concat([empty_journal(), *_written(known, lines, books.day, until)])


def _written(
    known: pl.DataFrame, lines: pl.DataFrame, day: date, until: date | None
) -> Iterator[pl.DataFrame]:
    yield _journal(known.filter(pl.col("booked_on") == day), lines)
    ended = known.filter(pl.col("reversed_on") == day)
    dates = ended.select(_id().alias("reverses"), "reverse_on")
    back = reverse(_journal(ended, lines), day)
    dated = back.join(dates, on="reverses", how="left", maintain_order="left")
    dated = dated.with_columns(effective_date="reverse_on").select(list(JOURNAL_SCHEMA))
    yield in_open_periods(dated, until)


def _journal(entries: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Write booked entries' lines as the close that booked them did."""
    both = entries.drop("lines").join(lines, on="entry_id", how="inner", maintain_order="left")
    return both.sort("entry_id", "line").select(
        _id().alias("entry_id"),
        "effective_date",
        pl.col("booked_on").alias("recorded_on"),
        pl.lit(ENTRY).alias("kind"),
        pl.col("entry_id").alias("source"),
        "book",
        "ref",
        "unit",
        "amount",
        pl.col("corrects").alias("reverses"),
    )


def _id() -> pl.Expr:
    return pl.format("{}:E:{}", pl.col("booked_on").cast(pl.String), "entry_id")
