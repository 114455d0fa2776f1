"""The street's side of the books: read it, take the market's answers, write it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.desk import with_standing
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Records
from backoffice.settlement.corrections import WITHDRAWAL_SCHEMA, NextDay
from backoffice.settlement.obligations import OBLIGATION_SCHEMA
from backoffice.settlement.statuses import (
    APPLIED_SCHEMA,
    PROBLEM_SCHEMA,
    SETTLEMENT_SCHEMA,
    apply_statuses,
)

NOT_INSTRUCTABLE: Final = "NOT_INSTRUCTABLE"

_SCHEMAS: Final = {
    "obligations": OBLIGATION_SCHEMA,
    "withdrawals": WITHDRAWAL_SCHEMA,
    "confirmations": APPLIED_SCHEMA,
    "settlements": SETTLEMENT_SCHEMA,
    "settlement_problems": PROBLEM_SCHEMA,
}


@dataclass(frozen=True, slots=True)
class Street:
    """The street's tables of one state; `settlements` and `problems` are the day's so far."""

    obligations: pl.DataFrame
    withdrawals: pl.DataFrame
    confirmations: pl.DataFrame
    settlements: pl.DataFrame
    settlement_problems: pl.DataFrame
    causes: tuple[dict[str, Any], ...] = ()


def read_street(records: Records, books: Books, *, new_day: bool) -> Street:
    """Read the street's tables; a new day starts without settlements and problems."""
    frames = {}
    for name, schema in _SCHEMAS.items():
        part = books.tables.get(name)
        of_the_day = name in ("settlements", "settlement_problems")
        absent = part is None or (new_day and of_the_day)
        frames[name] = pl.DataFrame(schema=dict(schema)) if absent else records.read(part)  # type: ignore[arg-type]
    return Street(**frames)


def write_street(records: Records, books: Books, street: Street, day: date) -> Books:
    """Keep the street's tables, and the causes of cases that came up."""
    kept = {name: records.keep("settlement", day, getattr(street, name)) for name in _SCHEMAS}
    books = books.with_tables(**kept)
    if not street.causes:
        return books
    causes = pl.DataFrame(list(street.causes), schema=dict(CAUSE_SCHEMA))
    return with_standing(records, books, causes, day)


def take_answers(
    street: Street,
    statuses: pl.DataFrame | None,
    day: date,
    next_day: NextDay,
    *,
    at_close: bool,
) -> Street:
    """Apply what the market answered; the day's settlements and problems add up."""
    answered = apply_statuses(
        street.obligations,
        statuses,
        pending=street.withdrawals,
        applied=street.confirmations,
        day=day,
        next_day=next_day,
        at_close=at_close,
    )
    return Street(
        obligations=answered.obligations,
        withdrawals=answered.pending,
        confirmations=answered.applied,
        settlements=pl.concat([street.settlements, answered.settlements]),
        settlement_problems=pl.concat([street.settlement_problems, answered.problems]),
        causes=(*street.causes, *answered.causes),
    )


def next_day_after(calendar: SettlementCalendar, day: date) -> NextDay:
    """Return each venue's first settlement day after the business day."""

    def next_day(venue: str) -> date:
        return calendar.first_settlement_day_after(venue, day)

    return next_day


@dataclass(frozen=True, slots=True)
class Posted:
    """Keys of the records of what was posted, and the obligations no message can hold."""

    records: tuple[str, ...]
    unsendable: tuple[str, ...]


Post = Callable[[date, pl.DataFrame, pl.DataFrame], Posted]
"""Posts a day's new instructions and cancellation requests."""


def with_posted(records: Records, books: Books, posted: Posted) -> Books:
    """Note what was posted; what could not be is a person's to settle."""
    books = books.model_copy(update={"written": (*books.written, *posted.records)})
    if not posted.unsendable:
        return books
    empty = dict.fromkeys(CAUSE_SCHEMA)
    rows = [empty | {"code": NOT_INSTRUCTABLE, "subject": name} for name in posted.unsendable]
    causes = pl.DataFrame(rows, schema=dict(CAUSE_SCHEMA))
    return with_standing(records, books, causes, books.day)
