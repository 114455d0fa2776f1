"""The first step of a close: take the market's answers, settle what is due, age what is not."""

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Records
from backoffice.settlement.street import (
    Post,
    Street,
    newly_instructed,
    next_day_after,
    read_street,
    take_answers,
    write_street,
)


def close_street(
    records: Records,
    books: Books,
    statuses: pl.DataFrame | None,
    calendar: SettlementCalendar,
    post: Post,
    causes: pl.DataFrame,
) -> tuple[Books, Street]:
    """Settle the street's side of a day.

    Parameters
    ----------
    records, books
        The record store and the cut-off's state.
    statuses
        The market's answers that came since the cut-off, or None.
    calendar
        Settlement days.
    post
        Posts new instructions: what remains of cancelled obligations, and opposites.
    causes
        `CAUSE_SCHEMA`: what else came up that a person has to look into.

    Returns
    -------
    tuple
        The books with the street's tables of the close, and these tables.
    """
    day = books.day
    before = read_street(records, books, new_day=False)
    street = take_answers(before, statuses, day, next_day_after(calendar, day), at_close=True)
    street = street.with_causes(causes)
    instructed = newly_instructed(before.obligations, street.obligations)
    nothing = street.obligations.clear()
    posted = post(day, instructed, nothing, nothing)
    return write_street(records, books, street, posted), street
