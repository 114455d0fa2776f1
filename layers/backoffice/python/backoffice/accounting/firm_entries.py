"""The entries of a close that are of no bucket of accounts: the street's, and the firm's own."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from backoffice.accounting.actions.book_actions import book_actions
from backoffice.accounting.borrow_book import book_borrows
from backoffice.accounting.currencies.book_deals import book_deals
from backoffice.accounting.day_documents import CutOffFacts
from backoffice.accounting.entry_book import book_entries, entries_elsewhere, street_lines
from backoffice.accounting.interest.bond_trades import look_at_bonds
from backoffice.accounting.interest.terms import CurrencyTerms, interest_terms
from backoffice.accounting.journal import assert_balanced
from backoffice.accounting.open_periods import in_open_periods
from backoffice.accounting.own_places import of_lines, of_settlements
from backoffice.accounting.postings.fails import post_fails
from backoffice.accounting.postings.payments import street_payments
from backoffice.accounting.postings.street import post_settlements
from backoffice.accounting.year_end import close_years
from backoffice.intake.day_periods import locked_until
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Part, Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.close_street import ClosedStreet


class FirmEntries(NamedTuple):
    """The books, the entries of no bucket, and what the buckets have to know of the others.

    `actions` is staged: what corporate actions post on accounts. `entries_elsewhere` is how many
    entries that people wrote have no line here.
    """

    books: Books
    journal: pl.DataFrame
    actions: Part | None
    interest: tuple[CurrencyTerms, ...]
    entries_elsewhere: int


def firm_entries(
    records: Records,
    work: Work,
    closed: ClosedStreet,
    facts: CutOffFacts,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
) -> FirmEntries:
    """Write the street's entries, what actions and people make of them, the end of years.

    Raises
    ------
    UnbalancedError
        When an entry does not come to zero.
    """
    books, more = _more(records, closed.books, calendar, rulebook)
    street = _street(records, closed, books, more)
    acted = book_actions(records, work, books, street, facts.withdrawn, rulebook)
    until = locked_until(records, books)
    street = in_open_periods(street, until)
    books, interest = interest_terms(records, acted.books, calendar, rulebook)
    books, by_hand = book_entries(records, books)
    books, closing = close_years(records, books)
    others = in_open_periods(acted.others, until)
    assert_balanced(others)
    journal = pl.concat([street, others, street_lines(by_hand), closing])
    ordered = journal.sort("entry_id", "unit", "book", "ref")
    return FirmEntries(books, ordered, acted.accounts, interest, entries_elsewhere(by_hand))


def _more(
    records: Records, books: Books, calendar: SettlementCalendar, rulebook: Rulebook
) -> tuple[Books, list[pl.DataFrame]]:
    """Book loans of shares, deals in currencies and payments, and look at bonds' interest."""
    books, borrowed = book_borrows(records, books, rulebook)
    books, dealt = book_deals(records, books, calendar, rulebook)
    books = look_at_bonds(records, books, rulebook)
    return books, [borrowed, dealt, street_payments(records, books)]


def _street(
    records: Records, closed: ClosedStreet, books: Books, more: Sequence[pl.DataFrame]
) -> pl.DataFrame:
    """Write the street's entries, those of fails and what more there is, by their own dates."""
    placed = of_settlements(
        records, closed.books, closed.street.settlements, closed.street.obligations
    )
    fails = of_lines(records, closed.books, post_fails(closed.fails, books.day))
    entries = [post_settlements(placed, books.day), fails, *more]
    journal = pl.concat(entries)
    assert_balanced(journal)
    return journal
