"""What a kind of report is: one module that makes it, and one entry in `catalogue`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from backoffice.compliance.reports.documents import Report
from backoffice.compliance.reports.periods import Cycle, Period
from backoffice.intake.day_documents import Cause
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

OpenNames = Callable[[pl.DataFrame, tuple[str, ...]], pl.DataFrame]
"""Opens what is sealed of persons in some columns of a frame."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a report is made from.

    Attributes
    ----------
    books
        As they were closed on the last day that the report covers.
    period
        What it is a report of.
    before
        The latest report of the kind; None before the first.
    answers
        `ANSWER_EVENTS` rows that were taken since that one's day, by the day of the books.
    """

    records: Records
    books: Books
    rulebook: Rulebook
    calendar: SettlementCalendar
    period: Period
    before: Report | None
    answers: pl.DataFrame

    @property
    def since(self) -> date | None:
        """The day after which what was recorded is this report's; None: from the first."""
        return self.before.until if self.before else None

    def covers(self, day: date) -> bool:
        """Whether what a closed day wrote is this report's."""
        return (self.since or date.min) < day <= self.books.day


@dataclass(frozen=True, slots=True)
class Made:
    """What a kind makes of a look: tables by name, and what `documents.Report` says of itself.

    `tables` are lists of frames, a part each; those of the kind's `rows` are a file each, where the
    kind has files.
    """

    tables: Mapping[str, list[pl.DataFrame]]
    figures: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    trade_dates: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRequest:
    """One file to write: the rows of a part, and what its header says."""

    report: str
    message_id: str
    day: date
    recipient: str
    rulebook: Rulebook
    open_names: OpenNames


def always(_rulebook: Rulebook, _day: date) -> bool:
    """Whether the firm makes a report of a day, of kinds that every firm makes."""
    return True


WriteFile = Callable[[FileRequest, pl.DataFrame], bytes]


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report.

    Attributes
    ----------
    name
        `report_due.<name>` and `report_recipient.<name>` of the rulebook are about it.
    cycle
        What period one report is of.
    make
        Makes it from a look at the closed books.
    rows
        The tables that are written as files, each `<report>-<table>-<number>`; of a kind without
        a recipient they are written for the firm's own staff.
    suffix
        How its files' names end.
    is_answered
        Whether the recipient says of each what became of it; what is not acknowledged when it is
        due is overdue then.
    is_asked
        Whether the firm makes it of a period, by the last day that was closed in it.
    corrects
        Whether a later report of the kind sends again what was refused; else a refused one stays
        so until its recipient says otherwise.
    until_taken
        The code of a case that stands, with the clock, until the recipient has acknowledged one.
    """

    name: str
    cycle: Cycle
    make: Callable[[Look], Made]
    rows: tuple[str, ...]
    suffix: str = ".csv"
    is_answered: bool = False
    is_asked: Callable[[Rulebook, date], bool] = always
    corrects: bool = False
    until_taken: str | None = None
