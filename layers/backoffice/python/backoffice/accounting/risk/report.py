"""The risk report of a closed day, and the notice of the margin calls in it.

A day has one report: who asks again gets it as it was written. It reads the books as they were
closed and the report before it, which says what calls stand and since when.
"""

from datetime import date
from typing import Final

from backoffice.accounting.risk.tables import Row
from backoffice.intake.day_documents import Cause
from backoffice.intake.notices import Notice, give_notice
from backoffice.kernel.parts import Document, Records

SOURCE: Final = "assess_risk"
_PREFIX: Final = "risk/"


class RiskReport(Document):
    """What a closed day leaves at risk: tables of text, `tables.COLUMNS` says of what.

    Attributes
    ----------
    business_date, rulebook
        The day closed, and the version of the rules it was assessed by.
    since
        The close from which transactions were looked at for Regulation T; None: from the first.
    firm_missing
        The rates without which the firm's concentration cannot be told.
    causes, cured
        The margin calls that stand and the accounts that cannot be assessed; those of either that
        are over.
    """

    business_date: date
    rulebook: str
    since: date | None
    margin: tuple[Row, ...]
    calls: tuple[Row, ...]
    unassessed: tuple[Row, ...]
    exposures: tuple[Row, ...]
    concentrations: tuple[Row, ...]
    firm_missing: tuple[str, ...]
    locates: tuple[Row, ...]
    watched: tuple[Row, ...] = ()  # reports from before there was a watch list have none
    causes: tuple[Cause, ...]
    cured: tuple[Cause, ...]


def report_key(day: date) -> str:
    """Where the report of a closed day stands."""
    return f"{_PREFIX}{day}/report.json"


def find_report(records: Records, day: date) -> RiskReport | None:
    """Read the report of a closed day, or None before it is written."""
    body = records.find_bytes(report_key(day))
    return RiskReport.model_validate_json(body) if body is not None else None


def report_before(records: Records, day: date) -> RiskReport | None:
    """Read the latest report of an earlier day."""
    days = [date.fromisoformat(key.split("/")[1]) for key in records.keys(_PREFIX)]
    earlier = [one for one in days if one < day]
    return find_report(records, max(earlier)) if earlier else None


def write_report(records: Records, report: RiskReport) -> RiskReport:
    """Write a report; of two that are written at once the first stands, and is returned."""
    key = report_key(report.business_date)
    records.put_once(key, report.model_dump_json().encode())
    return RiskReport.model_validate_json(records.read_bytes(key))


def give_notice_of(records: Records, report: RiskReport) -> str:
    """Give notice of a report's calls; return its key."""
    day = report.business_date
    notice = Notice(
        source=SOURCE,
        day=day,
        causes=report.causes,
        cured=report.cured,
        report=report_key(day),
    )
    return give_notice(records, notice)
