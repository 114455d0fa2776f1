"""Make one report and put its files where the recipient fetches them, each once."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.compliance.reports.answers import answers_until
from backoffice.compliance.reports.clock import due_at, is_past
from backoffice.compliance.reports.documents import (
    PREFIX,
    Report,
    ReportFile,
    find_report,
    report_key,
    submitted_key,
)
from backoffice.compliance.reports.kinds import (
    FileRequest,
    Look,
    Made,
    OpenNames,
    ReportKind,
    WriteFile,
)
from backoffice.compliance.reports.periods import Period
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Outbox, Part, Records
from backoffice.kernel.rulebook import Rulebook

OPERATIONS: Final = "operations"
OPEN: Final = "open"
"""The table of rows that wait for something: data, or a correction of what was refused."""
_CAPABILITY: Final = "compliance"
_NOBODY: Final = ""


class ChangedFileError(BackofficeError):
    """A file that was sent cannot be had any more as it was."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where reports are made: the stores, the rules, and what writes the files of each suffix."""

    records: Records
    outbox: Outbox
    rulebook: Rulebook
    calendar: SettlementCalendar
    kinds: Mapping[str, ReportKind]
    writers: Mapping[str, WriteFile]
    open_names: OpenNames

    def kind(self, name: str) -> ReportKind:
        """Return a kind by its name."""
        return self.kinds[name]

    def make(self, kind: ReportKind, books: Books, period: Period, before: Report | None) -> Report:
        """Make a report, or find the one that was made; of two at once the first stands.

        Raises
        ------
        NoRuleError
            When a rule it needs does not hold.
        """
        name = report_id(kind, period)
        key = report_key(books.day, name)
        known = find_report(self.records, key)
        if known is not None:
            return known
        heard = answers_until(self.records, books, before.until if before else None)
        look = Look(self.records, books, self.rulebook, self.calendar, period, before, heard)
        made = self._keep(kind, name, look)
        self.records.put_once(key, made.model_dump_json().encode())
        return Report.model_validate_json(self.records.read_bytes(key))

    def _keep(self, kind: ReportKind, name: str, look: Look) -> Report:
        made, day, period = kind.make(look), look.books.day, look.period
        tables = {table: self._parts(day, frames) for table, frames in made.tables.items()}
        recipient = str(self.rulebook.value(f"report_recipient.{kind.name}", period.last))
        due = due_at(kind.name, period.last, self.rulebook, self.calendar)
        report = Report(
            report_id=name,
            kind=kind.name,
            first=period.first,
            last=period.last,
            since=look.since,
            until=day,
            rulebook=self.rulebook.version,
            recipient=None if recipient == _NOBODY else recipient,
            due=due,
            is_late=is_past(due, day),
            tables=tables,
            **_said(made),
        )
        files = tuple(file for file, _ in self._files(kind, report))
        return report.model_copy(update={"files": files})

    def _parts(self, day: date, frames: Sequence[pl.DataFrame]) -> tuple[Part, ...]:
        return tuple(self.records.keep(_CAPABILITY, day, frame) for frame in frames)

    def _files(self, kind: ReportKind, report: Report) -> Iterator[tuple[ReportFile, bytes]]:
        write = self.writers[kind.name if kind.name in self.writers else kind.suffix]
        several = len(kind.rows) > 1
        for table in kind.rows:
            for number, part in enumerate(report.tables.get(table, ()), start=1):
                stem = f"{report.report_id}-{table}" if several else report.report_id
                message = f"{stem}-{number:03d}"
                asked = FileRequest(
                    report=report.report_id,
                    message_id=message,
                    day=report.until,
                    recipient=report.recipient or OPERATIONS,
                    rulebook=self.rulebook,
                    open_names=self.open_names,
                )
                body = write(asked, self.records.read(part))
                yield _named(f"{message}{kind.suffix}", message, body, part.rows), body

    def put_out(self, kind: ReportKind, report: Report) -> None:
        """Put a report's files where they are fetched, unless that is done."""
        key = submitted_key(report)
        if not report.files or self.records.find_bytes(key) is not None:
            return
        for file, body in self._files(kind, report):
            self.outbox.post(report.recipient or OPERATIONS, report.until, file.name, body)
        told = [file.model_dump_json() for file in report.files]
        self.records.put_once(
            key, f'{{"report":"{report.report_id}","files":[{",".join(told)}]}}'.encode()
        )

    def as_sent(self, report: Report, fetched: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return a report's files as the register says them, by name.

        Parameters
        ----------
        fetched
            Those that are still where the recipient fetches them; the others are written again.

        Raises
        ------
        ChangedFileError
            One cannot be written as it was: a client it named was erased since, or the rows are
            gone.
        """
        found = dict(fetched)
        if missing := {file.name for file in report.files} - found.keys():
            try:
                again = self._files(self.kind(report.kind), report)
                found |= {file.name: body for file, body in again if file.name in missing}
            except KeyError as error:
                raise ChangedFileError(f"the rows of {report.report_id} are gone") from error
        for file in report.files:
            if hashlib.sha256(found.get(file.name, b"")).hexdigest() != file.sha256:
                raise ChangedFileError(
                    f"{file.name} is there no more as it was sent (sha256 {file.sha256}): whom it "
                    "named was erased since; `show` says what it came to"
                )
        return found

    def still_refused(self, report: Report, latest: Report | None) -> bool:
        """Whether anything that was refused of a report still waits to be corrected."""
        names = {file.message_id for file in report.files}
        for part in (latest or report).tables.get(OPEN, ()):
            rows = self.records.read(part)
            if rows.filter(pl.col("message_id").is_in(names)).height:
                return True
        return latest is None or latest.until <= report.until

    def run_before(self, day: date) -> str | None:
        """Return the key of the run before the one for a day."""
        runs = [key for key in self.records.keys(PREFIX) if key.endswith("/reports-run.json")]
        return max((key for key in runs if key.split("/")[1] < str(day)), default=None)


def report_id(kind: ReportKind, period: Period) -> str:
    """Name a report: by its kind and the day, the month, the quarter, or the day its week ends."""
    last = period.closed if kind.cycle == "DAY" else period.last
    if kind.cycle == "QUARTER":
        return f"{kind.name}-{last:%Y}-Q{(last.month - 1) // 3 + 1}"
    return f"{kind.name}-{last:%Y-%m}" if kind.cycle == "MONTH" else f"{kind.name}-{last}"


def _said(made: Made) -> dict[str, Any]:
    return {
        "figures": dict(made.figures),
        "differences": made.differences,
        "causes": made.causes,
        "trade_dates": made.trade_dates,
    }


def _named(name: str, message: str, body: bytes, rows: int) -> ReportFile:
    digest = hashlib.sha256(body).hexdigest()
    return ReportFile(name=name, message_id=message, sha256=digest, bytes=len(body), rows=rows)
