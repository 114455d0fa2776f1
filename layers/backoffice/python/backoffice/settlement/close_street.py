"""The first step of a close: take the market's answers, settle what is due, pursue what is not."""

from dataclasses import dataclass

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.fail_books import FailBookings
from backoffice.settlement.pursue_fails import pursue_fails
from backoffice.settlement.reasons import note_reasons
from backoffice.settlement.street import (
    Post,
    Street,
    newly_instructed,
    next_day_after,
    read_street,
    take_answers,
    write_street,
)


@dataclass(frozen=True, slots=True)
class ClosedStreet:
    """The books with the street's tables of the close, these tables, and what fails post."""

    books: Books
    street: Street
    fails: FailBookings


def close_street(
    records: Records,
    books: Books,
    statuses: pl.DataFrame | None,
    *,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    post: Post,
    causes: pl.DataFrame,
) -> ClosedStreet:
    """Settle the street's side of a day.

    Parameters
    ----------
    records, books
        The record store and the cut-off's state.
    statuses
        The market's answers that came since the cut-off, or None.
    calendar, rulebook
        Settlement days, and what is done about fails.
    post
        Posts new instructions: what remains of cancelled obligations, and opposites.
    causes
        `CAUSE_SCHEMA`: what else came up that a person has to look into.
    """
    day = books.day
    before = read_street(records, books, new_day=False)
    next_day = next_day_after(calendar, rulebook, day)
    street = take_answers(before, statuses, day, next_day, at_close=True)
    books = note_reasons(records, books, street.heard, street.obligations, day)
    pursued = pursue_fails(records, books, street.with_causes(causes), calendar, rulebook)
    instructed = newly_instructed(before.obligations, pursued.street.obligations)
    posted = post(day, instructed, pursued.requests, street.obligations.clear())
    books = write_street(records, pursued.books, pursued.street, posted)
    return ClosedStreet(books, pursued.street, pursued.bookings)
