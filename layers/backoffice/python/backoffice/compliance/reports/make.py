"""Make the reports that are due of the closed days, and find how those that went out stand.

Every closed day has one run. It makes what has ended and is not made, by the books of that day,
puts the files where the recipients fetch them, looks at what recipients said, and gives one notice
of all of it. Each step writes once and is found again, so that a run may die anywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backoffice.clearance.report_codes import REPORT_NOT_MADE
from backoffice.compliance.reports import answers as said
from backoffice.compliance.reports.documents import Report, Run, latest_run, read_report
from backoffice.compliance.reports.kinds import ReportKind
from backoffice.compliance.reports.periods import Period, ended
from backoffice.compliance.reports.run import find_out, write_run
from backoffice.compliance.reports.submit import Desk
from backoffice.intake.day_documents import Cause
from backoffice.kernel.books import Books, latest, load, state_key
from backoffice.kernel.errors import BackofficeError


class NothingClosedError(BackofficeError):
    """No business day is closed: there is nothing to report."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to make: up to which closed day, and only of which kind; None means all."""

    until: date | None = None
    kind: str | None = None


def make_reports(
    desk: Desk, kinds: Sequence[ReportKind], asked: Asked | None = None
) -> list[Report]:
    """Make what is due of the closed days; return what was made or put out now.

    Asked for one kind alone, no day's run is written: it comes with all kinds.

    Raises
    ------
    NothingClosedError
        When no business day is closed.
    """
    what = asked or Asked()
    books = latest(desk.records, closed=True)
    if books is None:
        raise NothingClosedError("no business day is closed")
    run = latest_run(desk.records)
    days = [day for day in books.closed_days if day <= (what.until or books.day)]
    made: list[Report] = []
    if run is not None:
        write_run(desk, run)  # it may have died before it gave notice
    for day in days:
        if run is None or day > run.day:
            step = _Day(desk, load(desk.records, state_key(day, "closed")), run, days)
            found = step.make([kind for kind in kinds if what.kind in (None, kind.name)])
            made += found
            if what.kind is None:
                run = write_run(desk, step.finish(found))
    return made


@dataclass(slots=True)
class _Day:
    """One closed day being reported: its books, and the run before it."""

    desk: Desk
    books: Books
    before: Run | None
    days: Sequence[date]
    unmade: tuple[Cause, ...] = ()

    def make(self, kinds: Sequence[ReportKind]) -> list[Report]:
        """Make, and put out, what has ended of each kind; what cannot be made stops no other."""
        found: list[Report] = []
        for kind in kinds:
            try:
                found += self._of_kind(kind)
            except BackofficeError as error:
                subject = f"{kind.name} {self.books.day}: {error}"
                self.unmade = (*self.unmade, Cause(code=REPORT_NOT_MADE, subject=subject))
        return found

    def _of_kind(self, kind: ReportKind) -> Iterator[Report]:
        key = self.before.latest.get(kind.name) if self.before else None
        last = read_report(self.desk.records, key) if key else None
        for period in self._ended(kind, last):
            last = self.desk.make(kind, self._books(period), period, last)
            self.desk.put_out(kind, last)
            yield last

    def _ended(self, kind: ReportKind, last: Report | None) -> Iterator[Period]:
        venue = str(self.desk.rulebook.value("firm_calendar", self.books.day))
        days = [day for day in self.days if day <= self.books.day]
        for period in ended(kind.cycle, days, self.desk.calendar, venue):
            is_new = last is None or period.closed > last.until
            if is_new and kind.is_asked(self.desk.rulebook, period.closed):
                yield period

    def _books(self, period: Period) -> Books:
        if period.closed == self.books.day:
            return self.books
        return load(self.desk.records, state_key(period.closed, "closed"))

    def finish(self, made: Sequence[Report]) -> Run:
        """Say what the run found."""
        latest_of: Mapping[str, str] = self.before.latest if self.before else {}
        heard = said.answers_until(self.desk.records, self.books)
        states, causes = find_out(self.desk, self.before, made, heard, self.books.day)
        return Run(
            day=self.books.day,
            made=tuple(report.key for report in made),
            states=states,
            latest={**latest_of, **{report.kind: report.key for report in made}},
            causes=(*causes, *self.unmade),
        )
