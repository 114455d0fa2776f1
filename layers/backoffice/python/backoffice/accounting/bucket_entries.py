"""The entries of a bucket of accounts at a close, and what its balances come to with them."""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from backoffice.accounting.balances import add_balances, balances, share_of
from backoffice.accounting.book_trades import in_order
from backoffice.accounting.day_documents import SettledDay
from backoffice.accounting.entry_book import account_lines
from backoffice.accounting.interest.book_interest import BookedInterest, book_interest
from backoffice.accounting.journal import assert_balanced
from backoffice.accounting.off_date import dated_balances, off_date, posted_at_cut_off
from backoffice.accounting.open_periods import in_open_periods
from backoffice.intake.day_periods import locked_until
from backoffice.kernel.parts import Records, concerning


class BucketEntries(NamedTuple):
    """The bucket's entries of the close, and its balances with them.

    `entries` are those of the bucket alone: of one that people wrote it may have a part, and the
    street counts it. `off_date` is what counts on other days.
    """

    journal: pl.DataFrame
    entries: int
    balances: pl.DataFrame
    off_date: pl.DataFrame
    interest: BookedInterest | None


def add_up(
    records: Records, settled: SettledDay, bucket: int, entries: pl.DataFrame
) -> BucketEntries:
    """Put together a bucket's entries, what people wrote, and the interest that is capitalised.

    Parameters
    ----------
    records, settled
        The record store, and what the first step of the close left.
    bucket
        Of the books' buckets.
    entries : pl.DataFrame
        Rows of `JOURNAL_SCHEMA`, in any order.

    Raises
    ------
    UnbalancedError
        When an entry does not come to zero.
    """
    books = settled.books
    own = in_order(in_open_periods(entries, locked_until(records, books)))
    assert_balanced(own)
    journal = _with_more(own, account_lines(records, books, bucket))
    dated = dated_balances(_posted_before(records, settled, bucket), journal)
    total = add_balances(*_carried(records, settled, bucket), dated)
    interest = book_interest(records, books, settled.interest, bucket, journal, total)
    count = own["entry_id"].n_unique()
    if interest is not None and interest.journal.height:
        assert_balanced(interest.journal)
        journal = _with_more(journal, interest.journal)
        dated = dated_balances(dated, interest.journal)
        total = add_balances(total, balances(interest.journal))
        count += interest.journal["entry_id"].n_unique()
    return BucketEntries(journal, count, total, off_date(dated, books.day), interest)


def _with_more(journal: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    return in_order(pl.concat([journal, lines])) if lines.height else journal


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
