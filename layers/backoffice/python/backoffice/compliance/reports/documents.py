"""The documents of the register: a report, and what one run of the job found; each write-once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from backoffice.intake.day_documents import Cause
from backoffice.kernel.parts import Document, Part, Records

PREFIX: Final = "compliance/"
_REPORTS: Final = "reports"


class ReportFile(Document):
    """One file of a submission: who is told of it tells of it by `message_id`.

    A file that holds names is no record: its hash is, and it is written again from the rows.
    """

    name: str
    message_id: str
    sha256: str
    bytes: int
    rows: int


class Report(Document):
    """A report as it was made: the commit of its parts.

    Attributes
    ----------
    first, last
        Its period.
    since, until
        The closed days it covers: those after `since`, None for all before, up to `until`.
    recipient
        Who fetches its files; None for what is kept and sent to nobody.
    due
        When it is to be with the recipient, in UTC.
    is_late
        Whether it was made after that.
    tables
        Its rows, by name; each part is one file of the submission where there are files.
    figures
        What it comes to, as text: counts and sums, and what they tie to.
    differences
        What does not tie, a sentence each; none means that it is complete.
    causes
        What a person has to see to, beside the differences.
    trade_dates
        The trade dates its rows are of, where they are of trades.
    """

    report_id: str
    kind: str
    first: date
    last: date
    since: date | None
    until: date
    rulebook: str
    recipient: str | None
    due: datetime
    is_late: bool
    tables: Mapping[str, tuple[Part, ...]]
    files: tuple[ReportFile, ...] = ()
    figures: Mapping[str, str] = {}
    differences: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    trade_dates: tuple[date, ...] = ()

    @property
    def key(self) -> str:
        """Where it stands."""
        return report_key(self.until, self.report_id)


class State(Document):
    """How a report stood at the end of a run."""

    key: str
    status: str
    rejected: int = 0


class Run(Document):
    """What one run of the job made and found for a closed day.

    Attributes
    ----------
    made
        Keys of the reports it made.
    states
        How every report stands that was not done with before this run.
    latest
        Key of the latest report of each kind.
    causes
        All that stands for a person to see to.
    """

    day: date
    made: tuple[str, ...]
    states: tuple[State, ...]
    latest: Mapping[str, str]
    causes: tuple[Cause, ...]


def report_key(until: date, report_id: str) -> str:
    """Where a report of some closed day stands."""
    return f"{PREFIX}{until}/{_REPORTS}/{report_id}.json"


def run_key(day: date) -> str:
    """Where the run for a closed day stands."""
    return f"{PREFIX}{day}/reports-run.json"


def submitted_key(report: Report) -> str:
    """Where it stands that a report's files were put where the recipient fetches them."""
    return f"{PREFIX}{report.until}/submitted/{report.report_id}.json"


def read_report(records: Records, key: str) -> Report:
    """Read a report; KeyError when there is none."""
    return Report.model_validate_json(records.read_bytes(key))


def find_report(records: Records, key: str) -> Report | None:
    """Read a report, or None before it is made."""
    body = records.find_bytes(key)
    return Report.model_validate_json(body) if body is not None else None


def latest_run(records: Records) -> Run | None:
    """Read the run for the latest day that has one."""
    days = [key for key in records.keys(PREFIX) if key.endswith("/reports-run.json")]
    return Run.model_validate_json(records.read_bytes(max(days))) if days else None


def all_reports(records: Records) -> list[Report]:
    """Read every report there is, by day and name."""
    keys = [key for key in records.keys(PREFIX) if f"/{_REPORTS}/" in key]
    return [Report.model_validate_json(body) for body in records.read_many(keys)]
