"""The first step of a close: take the market's answers, settle what is due, age what is not."""

from dataclasses import replace

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Records
from backoffice.settlement.obligations import newly_instructed
from backoffice.settlement.street import (
    Post,
    Street,
    next_day_after,
    read_street,
    take_answers,
    with_posted,
    write_street,
)


def close_street(
    records: Records,
    books: Books,
    statuses: pl.DataFrame | None,
    calendar: SettlementCalendar,
    post: Post,
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

    Returns
    -------
    tuple
        The books with the street's tables of the close, and these tables.
    """
    day = books.day
    before = read_street(records, books, new_day=False)
    street = take_answers(before, statuses, day, next_day_after(calendar, day), at_close=True)
    instructed = newly_instructed(before.obligations, street.obligations)
    books = write_street(records, books.model_copy(update={"written": ()}), street, day)
    books = with_posted(records, books, post(day, instructed, instructed.clear()))
    return books, replace(street, causes=())
