"""The survey of a closed day: one record a day, the evidence beside it, and the notice of both.

A day has one report: who asks again gets it as it was written.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from backoffice.intake.day_documents import Cause
from backoffice.intake.notices import Notice, give_notice
from backoffice.kernel.parts import Document, Part, Records

SOURCE: Final = "survey_trading"
CODE: Final = "SURVEILLANCE_"
"""What the code of every case of surveillance begins with."""

PREFIX: Final = "compliance/"
_NAME: Final = "surveillance.json"


class Alert(Document):
    """One thing found.

    Attributes
    ----------
    subject
        What its case is about: the accounts, the issue where there is one, and the day.
    day
        The date that names it: of trading, or of the first of what hangs together.
    score
        1 to 100: how plain it is.
    figures
        How much it was: whole numbers as text; `_e8` at 10^8, `_minor` in minor units.
    evidence, evidence_hash
        How many rows it has, and their canonical hash: more of them make another alert.
    """

    alert_id: str
    pattern: str
    subject: str
    accounts: tuple[str, ...]
    isin: str | None
    day: date
    from_at: datetime
    to_at: datetime
    score: int
    figures: Mapping[str, str]
    evidence: int
    evidence_hash: str

    @property
    def code(self) -> str:
        """The code of its case."""
        return f"{CODE}{self.pattern}"

    @property
    def told(self) -> tuple[str, str, str]:
        """What makes it the same as one told before."""
        return (self.pattern, self.subject, self.evidence_hash)


class SurveillanceReport(Document):
    """What a survey of a closed day found.

    Attributes
    ----------
    business_date, rulebook
        The day, and the version of the rules.
    dates
        The dates of trading looked at: the day's, and those of what came late.
    alerts
        All there are today, those told by an earlier day among them.
    new
        The ids of those that no earlier day told of with the same evidence.
    unvalued
        Currencies of trades and cash that no rate is known for: they count for no amount.
    evidence, members
        The rows behind all alerts; those of the new ones, as cases hold them.
    activity, cash
        What accounts did on the day; what owners moved in cash on it and in the window up to it.
    """

    business_date: date
    rulebook: str
    thresholds: Mapping[str, int]
    currency: str
    dates: tuple[date, ...]
    alerts: tuple[Alert, ...]
    new: tuple[str, ...]
    unvalued: tuple[str, ...]
    evidence: Part
    members: Part
    activity: Part
    cash: Part

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What the next cut-off opens cases of."""
        told = (one for one in self.alerts if one.alert_id in self.new)
        return tuple(Cause(code=one.code, subject=one.subject) for one in told)


def report_key(day: date) -> str:
    """Where the report of a closed day stands."""
    return f"{PREFIX}{day}/{_NAME}"


def find_reports(records: Records, days: Iterable[date]) -> dict[date, SurveillanceReport]:
    """Read the reports there are of some days."""
    keys = {report_key(day): day for day in days}
    there = sorted(keys.keys() & set(records.keys(PREFIX)))
    bodies = records.read_many(there)
    return {
        keys[key]: SurveillanceReport.model_validate_json(body)
        for key, body in zip(there, bodies, strict=True)
    }


def find_report(records: Records, day: date) -> SurveillanceReport | None:
    """Read the report of a closed day, or None before it is written."""
    body = records.find_bytes(report_key(day))
    return SurveillanceReport.model_validate_json(body) if body is not None else None


def write_report(records: Records, report: SurveillanceReport) -> SurveillanceReport:
    """Write a report; of two that are written at once the first stands, and is returned."""
    key = report_key(report.business_date)
    records.put_once(key, report.model_dump_json().encode())
    return SurveillanceReport.model_validate_json(records.read_bytes(key))


def give_notice_of(records: Records, report: SurveillanceReport) -> str:
    """Give notice of what a report found that is new; return its key."""
    parts = (report.evidence, report.members, report.activity, report.cash)
    notice = Notice(
        source=SOURCE,
        day=report.business_date,
        causes=report.causes,
        report=report_key(report.business_date),
        records=tuple(sorted({part.key for part in parts})),
        members=report.members if report.causes else None,
    )
    return give_notice(records, notice)
