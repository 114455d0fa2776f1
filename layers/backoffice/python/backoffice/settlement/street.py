"""The street's side of the books: read it, take the market's answers, write it back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.case_outcomes import INSTRUCTION_HELD
from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.instruct_by import earliest_due
from backoffice.clearance.standing import STANDING, no_causes, replace_standing
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.advice import ADVICE_SCHEMA, Heard, hear, matched
from backoffice.settlement.exceptions import still_standing
from backoffice.settlement.frames import (
    APPLIED_SCHEMA,
    OBLIGATION_SCHEMA,
    PROBLEM_SCHEMA,
    SETTLEMENT_SCHEMA,
    STATUS_SCHEMA,
    WITHDRAWAL_SCHEMA,
    NextDay,
    empty,
)
from backoffice.settlement.held import HOLD_SCHEMA, hold_causes
from backoffice.settlement.obligations import INSTRUCTED, OPEN
from backoffice.settlement.shaping import PART_SCHEMA, addressed
from backoffice.settlement.statuses import apply_statuses

NOT_INSTRUCTABLE: Final = "NOT_INSTRUCTABLE"

_TABLES: Final = {
    "obligations": OBLIGATION_SCHEMA,
    "withdrawals": WITHDRAWAL_SCHEMA,
    "confirmations": APPLIED_SCHEMA,
    "advice": ADVICE_SCHEMA,
    "instruction_parts": PART_SCHEMA,
    "instruction_holds": HOLD_SCHEMA,
    "settlements": SETTLEMENT_SCHEMA,
    "settlement_problems": PROBLEM_SCHEMA,
}
_WHERE_THERE_IS_ANY: Final = ("advice", "instruction_parts", "instruction_holds")
"""Tables that a firm does not have before there is something to put into them."""

_OF_THE_DAY: Final = ("settlements", "settlement_problems")


@dataclass(frozen=True, slots=True)
class Street:
    """The street's tables of one state; settlements and problems are the day's so far.

    `causes` are what stands to be decided by someone, until it is; `heard` is what the step was
    told that it had not been told before.
    """

    obligations: pl.DataFrame
    withdrawals: pl.DataFrame
    confirmations: pl.DataFrame
    advice: pl.DataFrame
    instruction_parts: pl.DataFrame
    instruction_holds: pl.DataFrame
    settlements: pl.DataFrame
    settlement_problems: pl.DataFrame
    causes: pl.DataFrame
    heard: pl.DataFrame = field(default_factory=lambda: empty(STATUS_SCHEMA))

    def with_causes(self, *more: pl.DataFrame) -> "Street":
        """Return the street with more causes of cases."""
        return replace(self, causes=pl.concat([self.causes, *more]).unique())


@dataclass(frozen=True, slots=True)
class Posted:
    """Keys of the records of what was posted, and the obligations no message can hold.

    `parts` are the instructions of those that went out as several.
    """

    records: tuple[str, ...]
    unsendable: tuple[str, ...]
    parts: pl.DataFrame = field(default_factory=lambda: empty(PART_SCHEMA))


Post = Callable[[date, pl.DataFrame, pl.DataFrame, pl.DataFrame], Posted]
"""Posts a day's new instructions, cancellation requests, and holds and releases."""


def read_street(records: Records, books: Books, *, new_day: bool) -> Street:
    """Read the street's tables; a new day starts without settlements and problems."""
    frames = {}
    for name, schema in _TABLES.items():
        part = None if new_day and name in _OF_THE_DAY else books.tables.get(name)
        frames[name] = records.read(part) if part else empty(schema)
    part = books.tables.get(STANDING)
    return Street(**frames, causes=records.read(part) if part else no_causes())


def next_day_after(calendar: SettlementCalendar, rulebook: Rulebook, day: date) -> NextDay:
    """Return what gives the first settlement day that the business day can still instruct for."""

    def next_day(venue: str, currency: str) -> date:
        return earliest_due(calendar, rulebook, venue, currency, day)

    return next_day


def take_answers(
    street: Street,
    statuses: pl.DataFrame | None,
    day: date,
    next_day: NextDay,
    *,
    at_close: bool,
) -> Street:
    """Apply what the market answered; the day's settlements and problems add up."""
    heard = _hear(street, statuses, day)
    result = apply_statuses(
        street.obligations,
        heard.messages,
        pending=street.withdrawals,
        applied=street.confirmations,
        day=day,
        next_day=next_day,
        at_close=at_close,
    )
    return replace(
        street,
        obligations=result.obligations,
        withdrawals=result.pending,
        confirmations=result.applied,
        advice=heard.advice,
        heard=heard.messages,
        settlements=pl.concat([street.settlements, result.settlements]),
        settlement_problems=pl.concat([street.settlement_problems, result.problems]),
    ).with_causes(as_causes(result.causes))


def _hear(street: Street, statuses: pl.DataFrame | None, day: date) -> Heard:
    said = empty(STATUS_SCHEMA) if statuses is None else shaped(statuses, STATUS_SCHEMA)
    about = addressed(said, street.instruction_parts)
    return hear(street.advice, about, street.obligations, day)


def newly_instructed(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return the obligations that are INSTRUCTED now and were unknown, or only OPEN, before."""
    told = before.filter(pl.col("status") != OPEN).select("obligation_id")
    return (
        after.filter(pl.col("status") == INSTRUCTED)
        .join(told, on="obligation_id", how="anti")
        .sort("obligation_id")
    )


def write_street(records: Records, books: Books, street: Street, posted: Posted) -> Books:
    """Keep the street's tables, note what was posted, and what a person has to see to."""
    day = books.day
    parts = pl.concat([street.instruction_parts, posted.parts])
    frames = {name: getattr(street, name) for name in _TABLES} | {"instruction_parts": parts}
    kept = {
        name: records.keep("settlement", day, frame)
        for name, frame in frames.items()
        if frame.height or name not in _WHERE_THERE_IS_ANY
    }
    street = street.with_causes(_unsendable(posted.unsendable))
    other = street.causes.filter(pl.col("code") != INSTRUCTION_HELD)
    causes = pl.concat([other, hold_causes(street.instruction_holds)])
    causes = still_standing(causes, street.obligations, matched(street.advice))
    books = books.with_written(*posted.records).with_tables(**kept)
    return replace_standing(records, books, causes, day)


def as_causes(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Make causes of rows; a column a row lacks is null."""
    nothing = dict.fromkeys(CAUSE_SCHEMA)
    return pl.DataFrame([{**nothing, **row} for row in rows], schema=dict(CAUSE_SCHEMA))


def _unsendable(names: Iterable[str]) -> pl.DataFrame:
    return as_causes({"code": NOT_INSTRUCTABLE, "subject": name} for name in names)
