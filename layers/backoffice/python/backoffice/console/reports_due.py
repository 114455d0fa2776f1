"""Reports: those that are due by their clocks, the late ones first, and those that were made."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from backoffice.clearance.confidential import SAR_REPORT
from backoffice.compliance.reports.catalogue import KINDS
from backoffice.compliance.reports.clock import due_at, is_past
from backoffice.compliance.reports.kinds import ReportKind
from backoffice.compliance.reports.periods import Period, ended, period_of
from backoffice.console.listings import LISTINGS
from backoffice.console.pages import Asked, Page, Shelf, Viewer
from backoffice.console.tables import Column, Row, Table
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import default_rulebook

_LOOKED_BACK: Final = 40
"""Closed days in which a period without a report is looked for; older ones are cases."""
_DUE: Final = (
    Column("due_at", "date"),
    Column("status", "status"),
    Column("kind", "status"),
    Column("period_from", "date"),
    Column("period_to", "date"),
    Column("count", "number"),
)
_Due = tuple[datetime, Period]


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show what is due, and a page of what was made."""
    page = LISTINGS["reports"].show(shelf, viewer, asked)
    closed = shelf.closed
    rows = list(_rows(shelf, closed, viewer)) if closed else []
    due = Table("reports-due", _DUE, rows, total=len(rows))
    return replace(page, template="reports.html.j2", model={**page.model, "due": due})


def _rows(shelf: Shelf, closed: Books, viewer: Viewer) -> Iterator[Row]:
    """Tell of each kind what is late, is due and runs: a row each, the first due first."""
    made = LISTINGS["reports"].rows(shelf, viewer)
    known = set(made.select("kind", "period_from").iter_rows()) if made.width else set()
    kinds = [kind for kind in KINDS if viewer.is_of_compliance or kind.name != SAR_REPORT]
    waiting: dict[tuple[str, str], list[_Due]] = {}
    for kind in kinds:
        for due, period in sorted(_of_kind(closed, kind), key=lambda each: each[0]):
            if (kind.name, str(period.first)) not in known:
                waiting.setdefault((kind.name, _status(due, period, closed)), []).append(
                    (due, period)
                )
    for (name, status), each in sorted(waiting.items(), key=lambda item: item[1][0][0]):
        yield {
            "due_at": str(each[0][0]),
            "status": status,
            "kind": name,
            "period_from": str(each[0][1].first),
            "period_to": str(each[-1][1].last),
            "count": str(len(each)),
        }


def _status(due: datetime, period: Period, closed: Books) -> str:
    if is_past(due, closed.day):
        return "LATE"
    return "PERIOD_RUNS" if period.last > closed.day else "DUE"


def _of_kind(closed: Books, kind: ReportKind) -> Iterator[_Due]:
    """Yield the periods of a kind that have ended, and the one that runs, with their clocks."""
    rulebook, calendar = default_rulebook(), default_calendar()
    try:
        venue = str(rulebook.value("firm_calendar", closed.day))
        days = closed.closed_days[-_LOOKED_BACK:]
        running = period_of(kind.cycle, closed.day)
        periods = {each.first: each for each in ended(kind.cycle, days, calendar, venue)}
        for period in {running.first: running, **periods}.values():
            if kind.is_asked(rulebook, period.closed):
                yield due_at(kind.name, period.last, rulebook, calendar), period
    except NoRuleError:
        # a kind whose rules do not hold yet is asked of nobody
        return
