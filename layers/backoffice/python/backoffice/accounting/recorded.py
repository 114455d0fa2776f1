"""The journal of days that count, read by the closes that may have recorded for them."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.journal import JOURNAL_SCHEMA, empty_journal
from backoffice.kernel.books import Books
from backoffice.kernel.parts import BucketPart, Records

_SPLIT: Final = ("ENTRY", "REVERSAL")
"""The kinds whose entries may lie in several parts of a day."""


def entries_between(
    records: Records, known: Books, since: date, until: date, book: str
) -> pl.DataFrame:
    """Read the entries that count from one day to another and have a line under a book.

    Parameters
    ----------
    known
        Closed books: what they do not know is left out.
    book
        A book of the chart, or what its name begins with up to a colon.

    Returns
    -------
    pl.DataFrame
        `JOURNAL_SCHEMA`, every line of those entries.
    """
    return pl.concat(
        [empty_journal()]
        + [_of_day(records, known, day, since, until, book) for day in _closes(known, since, until)]
    )


def lines_between(
    records: Records, known: Books, since: date, until: date, wanted: pl.Expr
) -> pl.DataFrame:
    """Read the lines that count from one day to another and are wanted, by `book` and `ref`.

    Returns
    -------
    pl.DataFrame
        `JOURNAL_SCHEMA`.
    """
    counting = _counts(since, until) & wanted
    parts = _parts(known, set(_closes(known, since, until)))
    found = records.read_where(parts, counting)
    return empty_journal() if found is None else pl.concat([empty_journal(), found])


def is_account(account: str) -> pl.Expr:
    """Tell the rows whose account's name is this, or begins with it and a colon."""
    stem = account.rstrip(":")
    book, ref = pl.col("book"), pl.col("ref")
    itself = account == stem
    found = book.str.starts_with(f"{stem}:") | ((book == stem) & (itself | (ref != "")))
    pieces = stem.split(":")
    for at in range(1, len(pieces)):
        # no name is put together: a journal has millions of rows, and few books
        head, tail = ":".join(pieces[:at]), ":".join(pieces[at:])
        below = ref.str.starts_with(f"{tail}:")
        found |= (book == head) & ((ref == tail) | below if itself else below)
    return found


def _closes(known: Books, since: date, until: date) -> list[date]:
    """Name the closes that recorded what counts in that time: their own days, and off date."""
    told = {one.day: one.sums for one in known.off_date}
    found = []
    for day in known.closed_days:
        sums = told.get(day)
        reaches = sums is not None and sums.earliest <= until and sums.latest >= since
        if since <= day <= until or day not in told or reaches:
            found.append(day)
    return found


def _of_day(
    records: Records, known: Books, day: date, since: date, until: date, book: str
) -> pl.DataFrame:
    """Read a close's entries with a line under the book, part by part: a day may be large."""
    touches = (pl.col("book") == book) | pl.col("book").str.starts_with(f"{book}:")
    kept = [pl.DataFrame(schema=dict(JOURNAL_SCHEMA))]
    for part in _parts(known, {day}):
        rows = records.read(part).filter(_counts(since, until))
        named = rows.filter(touches)["entry_id"].unique()
        kept.append(
            rows.filter(pl.col("entry_id").is_in(named.implode()) | pl.col("kind").is_in(_SPLIT))
        )
    whole = pl.concat(kept)
    return whole.join(whole.filter(touches).select("entry_id").unique(), on="entry_id", how="semi")


def _parts(known: Books, days: set[date]) -> list[BucketPart]:
    return [part for part in known.journal if part.day in days]


def _counts(since: date, until: date) -> pl.Expr:
    return (pl.col("effective_date") >= since) & (pl.col("effective_date") <= until)
