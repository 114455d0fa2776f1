"""The first step of a close: take the market's answers, settle what is due, pursue what is not."""

from dataclasses import dataclass, replace

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.fail_books import FailBookings
from backoffice.settlement.hold_changes import carried, hold_changes
from backoffice.settlement.obligations import CANCELLED, money
from backoffice.settlement.pursue_fails import pursue_fails
from backoffice.settlement.reasons import note_reasons
from backoffice.settlement.rolls import ROLL_SCHEMA
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
    anew = _anew(before, street)
    pursued = pursue_fails(records, books, street.with_causes(causes), anew, calendar, rulebook)
    held, obligations = pursued.street.instruction_holds, pursued.street.obligations
    street = replace(pursued.street, instruction_holds=carried(held, obligations, day))
    changes = hold_changes(held, street.instruction_holds, obligations)
    instructed = newly_instructed(before.obligations, obligations)
    posted = post(day, instructed, pursued.requests, changes)
    books = write_street(records, pursued.books, street, posted)
    return ClosedStreet(books, street, pursued.bookings)


def _anew(before: Street, street: Street) -> pl.DataFrame:
    """Return `ROLL_SCHEMA` of what both sides cancelled and is a trade still: its fail lives on."""
    asked = before.withdrawals.filter(pl.col("trade_id").is_null()).select("obligation_id")
    gone = street.obligations.join(asked, on="obligation_id", how="semi").filter(
        pl.col("status") == CANCELLED, pl.col("replaced_by").is_not_null()
    )
    rows = gone.with_columns(
        rolled_on=pl.lit(None, dtype=pl.Date),
        into="replaced_by",
        due_date="settlement_date",
        late=pl.lit(value=True),
        money_minor=money(),
        mark_minor=pl.lit(None, dtype=pl.Int128),
    )
    return shaped(rows, ROLL_SCHEMA)
