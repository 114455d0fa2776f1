"""What a close books last, of all accounts together: accrued interest, what rates changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from backoffice.accounting.balances import balances, by_book, with_places
from backoffice.accounting.currencies.book_deals import deal_causes
from backoffice.accounting.currencies.known_positions import FX_POSITIONS, POSITION_SCHEMA
from backoffice.accounting.currencies.revaluation import revalue
from backoffice.accounting.day_documents import BookedBucket, SettledDay
from backoffice.accounting.house_marks import MARK_SCHEMA, MARKS, mark_house
from backoffice.accounting.interest.accrual_entries import interest_causes, post_accruals
from backoffice.accounting.interest.bond_trades import BOND_TRADES, bond_causes, differing
from backoffice.accounting.interest.terms import RATES
from backoffice.accounting.journal import assert_balanced
from backoffice.clearance.accounting_causes import keep_causes
from backoffice.intake.day_deals import FX_DEALS, known_deals
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work


@dataclass(frozen=True, slots=True)
class LastEntries:
    """The books with what was kept beside, the entries, and the whole books by book with them."""

    books: Books
    journal: pl.DataFrame
    total: pl.DataFrame


def last_entries(
    records: Records,
    work: Work,
    settled: SettledDay,
    booked: Sequence[BookedBucket],
    total: pl.DataFrame,
) -> LastEntries:
    """Write them; where no file asks for any of it, there are none.

    Parameters
    ----------
    total : pl.DataFrame
        book, unit, amount of the whole books before.
    """
    books = settled.books
    journal = post_accruals(_accrued(work, booked), settled.interest, books)
    total = _with(total, journal)
    causes = list(_causes(records, books, total))
    # what is earned in a currency is a position in it: marks come before rates
    marked = mark_house(records, books, [one.lots for one in booked])
    if marked is not None:
        books = _kept(records, books, MARKS, pl.DataFrame(marked.rows, schema=dict(MARK_SCHEMA)))
        journal, total = pl.concat([journal, marked.journal]), _with(total, marked.journal)
        causes += marked.causes
    revalued = revalue(records, books, total)
    if revalued is not None:
        rows = pl.DataFrame(revalued.rows, schema=dict(POSITION_SCHEMA))
        books = _kept(records, books, FX_POSITIONS, rows)
        journal, total = pl.concat([journal, revalued.journal]), _with(total, revalued.journal)
        causes += revalued.causes
    assert_balanced(journal)
    return LastEntries(keep_causes(records, books, causes), journal, total)


def _accrued(work: Work, booked: Sequence[BookedBucket]) -> list[pl.DataFrame]:
    return [work.read(one.accrued) for one in booked if one.accrued is not None]


def _causes(records: Records, books: Books, total: pl.DataFrame) -> Iterator[Mapping[str, Any]]:
    """Name what could not be booked of what any file asks for."""
    if RATES in books.tables:
        yield from interest_causes(records, books, total, records.read(books.tables[RATES]))
    if BOND_TRADES in books.tables:
        yield from bond_causes(differing(records, books))
    if FX_DEALS in books.tables:
        yield from deal_causes(known_deals(records, books))


def _kept(records: Records, books: Books, name: str, table: pl.DataFrame) -> Books:
    return books.with_tables(**{name: records.keep("accounting", books.day, table)})


def _with(total: pl.DataFrame, journal: pl.DataFrame) -> pl.DataFrame:
    if not journal.height:
        return total
    more = by_book(with_places(balances(journal)))
    return by_book(pl.concat([total, more]))
