"""Closing entries: a locked year's income and expenses move to retained earnings, by currency."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.as_of import balances_as_of
from backoffice.accounting.balances import balances
from backoffice.accounting.journal import JOURNAL_SCHEMA, assert_balanced, empty_journal
from backoffice.accounting.statements import CLOSINGS
from backoffice.intake.day_entries import known_entries
from backoffice.intake.day_periods import LOCK, PERIODS, bounds, known_periods, locked_until
from backoffice.kernel.books import Books, load, state_key
from backoffice.kernel.parts import Records

CLOSING: Final = "CLOSING"
RETAINED_EARNINGS: Final = "Equity:RetainedEarnings"
_YEAR: Final = len("2026")
_EARNED: Final = ("Income:", "Expenses:")


def close_years(records: Records, books: Books) -> tuple[Books, pl.DataFrame]:
    """Write the closing entries of years that are locked, as the last close knew them.

    A year is closed at the first close that its lock binds, and once more for what people booked
    into it since. Before any lock there is nothing.

    Returns
    -------
    tuple
        The books that know them, and rows of `JOURNAL_SCHEMA`.
    """
    last = books.last_closed
    ends = _years_to_close(records, books) if PERIODS in books.tables else []
    if last is None or not ends:
        return books, empty_journal()
    known = load(records, state_key(last, "closed"))
    lines = empty_journal()
    for end in ends:
        done = lines.filter(pl.col("effective_date") <= end)
        sums = pl.concat(
            [balances_as_of(records, known, end), done.select("book", "ref", "unit", "amount")]
        )
        lines = pl.concat([lines, *_closing(balances(sums), end, books.day)])
    assert_balanced(lines)
    if lines.height:
        books = books.with_day_part(CLOSINGS, records.keep("accounting", books.day, lines))
    return books, lines


def _years_to_close(records: Records, books: Books) -> list[date]:
    """Return the last days of the locked years in which something may be left to be closed.

    A year that was locked once is closed again by whichever later lock it comes under.
    """
    until, last = locked_until(records, books), books.last_closed
    locks = known_periods(records, books).filter(
        pl.col("action") == LOCK, pl.col("outcome") == "APPROVED"
    )
    years = locks.filter(pl.col("period").str.len_bytes() == _YEAR)["period"].unique()
    ends = sorted(bounds(year)[1] for year in years)
    locked = [end for end in ends if until is not None and end <= until]
    if last in locks["decided_on"]:
        return locked
    booked = known_entries(records, books).filter(pl.col("booked_on") == last)
    since = min(booked["effective_date"], default=date.max)
    return [end for end in locked if end >= since]


def _closing(sums: pl.DataFrame, end: date, day: date) -> Iterator[pl.DataFrame]:
    """Write an entry a currency, against each account of income and expenses."""
    starts = (pl.col("book").str.starts_with(root) for root in _EARNED)
    earned = sums.filter(pl.any_horizontal(starts))
    out = earned.with_columns(pl.col("amount") * -1)
    kept = earned.group_by("unit").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    retained = kept.select(
        book=pl.lit(RETAINED_EARNINGS), ref=pl.lit(""), unit="unit", amount="amount"
    )
    lines = pl.concat([out.select("book", "ref", "unit", "amount"), retained])
    yield lines.select(
        pl.format(f"{day}:Z:{end.year}:{{}}", "unit").alias("entry_id"),
        pl.lit(end, dtype=pl.Date).alias("effective_date"),
        pl.lit(day, dtype=pl.Date).alias("recorded_on"),
        pl.lit(CLOSING).alias("kind"),
        pl.lit(str(end.year)).alias("source"),
        "book",
        "ref",
        "unit",
        "amount",
        pl.lit(None, pl.String).alias("reverses"),
    ).select(list(JOURNAL_SCHEMA))
