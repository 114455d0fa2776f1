"""What the whole books come to at a close, and that they come to zero."""

from collections.abc import Iterable

import polars as pl

from backoffice.accounting.balances import add_balances, balances, by_book, with_places
from backoffice.accounting.day_documents import BookedBucket, SettledDay
from backoffice.kernel.errors import UnbalancedError
from backoffice.kernel.parts import Records, Work


def street_balances(records: Records, settled: SettledDay) -> pl.DataFrame:
    """Add the street's postings of today to what stands of it: all that is in no bucket."""
    before = settled.books.tables.get("balances")
    known = [records.read(before)] if before else []
    return add_balances(*known, balances(records.read(settled.street_journal)))


def whole_by_book(work: Work, street: pl.DataFrame, booked: Iterable[BookedBucket]) -> pl.DataFrame:
    """Return book, unit, amount of the whole books: the accounts themselves stay in buckets."""
    parts = [by_book(with_places(street)), *(work.read(one.by_book) for one in booked)]
    return by_book(pl.concat(parts))


def prove(total: pl.DataFrame) -> None:
    """Check that the whole books, and the stock record in them, come to zero in every unit.

    Raises
    ------
    UnbalancedError
        Naming the unit and by how much it is off.
    """
    stock = total.filter(pl.col("book").str.starts_with("Securities"))
    for name, part in (("the books are", total), ("the stock record is", stock)):
        sums = part.group_by("unit").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
        if sums.height:
            unit, amount = sums.sort("unit").row(0)
            raise UnbalancedError(f"{name} out of balance in {unit} by {amount}")


def with_last(street: pl.DataFrame, journal: pl.DataFrame) -> pl.DataFrame:
    """Add what the close posted last to the street's balances."""
    return add_balances(street, balances(journal)) if journal.height else street
