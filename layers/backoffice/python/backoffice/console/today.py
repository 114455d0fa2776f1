"""Today: the latest business day as a timeline, and what waits for a person."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting.reconciliation.tables import LIVES
from backoffice.clearance.confidential import FILE_KINDS
from backoffice.clearance.trails import is_same_person
from backoffice.console.pages import Asked, Page, Shelf, Viewer
from backoffice.console.tables import to
from backoffice.front_office.open_cases import OpenCase, open_cases
from backoffice.intake.schemas import kind_of
from backoffice.settlement.fail_frames import FAILS

_OPEN: Final = "OPEN"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the day: whether it is done, its figures by their names, and where they lead."""

    name: str
    is_done: bool
    figures: tuple[tuple[str, str], ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that waits: how often, how it stands, and where to see to it."""

    name: str
    count: int
    tone: str
    place: str


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the day."""
    del asked
    cases = known_cases(shelf, viewer)
    report = _report(shelf, viewer)
    urgent = [case for case in cases if case.due <= shelf.now.date()]
    model = {
        "business_day": str(shelf.books.day) if shelf.books else None,
        "steps": tuple(_steps(shelf, report)),
        "waits": tuple(_waits(shelf, viewer, cases)),
        "urgent": tuple((urgent or cases)[:8]),
        "files": report.get("files", []),
    }
    return Page("today.html.j2", "today", "today", model)


def known_cases(shelf: Shelf, viewer: Viewer) -> tuple[OpenCase, ...]:
    """Return the open cases that somebody may know of, the most urgent first."""
    return open_cases(shelf.desk.cases.query("CASES"), viewer.person.groups).cases


def _report(shelf: Shelf, viewer: Viewer) -> dict[str, Any]:
    """Return what the latest close reported, as long as no later day has begun.

    The files that suspicions came in by are there for compliance alone.
    """
    books = shelf.books
    if books is None or books.phase != "closed" or books.report is None:
        return {}
    report = dict(json.loads(shelf.records.read_bytes(books.report)))
    if viewer.is_of_compliance:
        return report
    others = [one for one in report.get("files", []) if kind_of(_stem(one)) not in FILE_KINDS]
    return {**report, "files": others}


def _stem(file: Mapping[str, Any]) -> str:
    return str(file["name"]).partition(".control.json")[0]


def _steps(shelf: Shelf, report: dict[str, Any]) -> Iterator[Step]:
    closed = bool(report)
    files, trades = report.get("files", []), report.get("trades", {})
    counts = {"files": len(files), "rows": sum(one["rows"] for one in files)} if closed else {}
    taken = _figures(**counts, rejected=trades.get("rejected"))
    yield Step("files", shelf.books is not None, taken)
    cleared = {"cleared": trades.get("cleared"), "held": trades.get("held")}
    yield Step("cut-off", shelf.books is not None, _figures(**cleared), "trades")
    yield Step("settled", closed, _figures(**report.get("obligations", {})), "obligations")
    journal = report.get("journal", {})
    booked = {name: journal.get(name) for name in ("entries", "postings")}
    yield Step("booked", closed, _figures(**booked), "ledger")
    yield Step("reconciled", closed, _figures(breaks=report.get("breaks")), "breaks")
    yield Step("sealed", closed, (), "records")


def _figures(**said: int | None) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(count)) for name, count in said.items() if count is not None)


def _waits(shelf: Shelf, viewer: Viewer, cases: tuple[OpenCase, ...]) -> Iterator[Wait]:
    today, me = _day(shelf), viewer.person.name
    others = [
        case
        for case in cases
        if case.stage == "PROPOSED" and not is_same_person(case.proposed_by or "", me)
    ]
    late = [case for case in cases if case.due < today]
    yield Wait("overdue", len(late), "bad", to("cases", due="late"))
    yield Wait("second-hand", len(others), "wait", to("cases", stage="PROPOSED"))
    waiting = sum(case.stage == "WAITING" for case in cases)
    yield Wait("undecided", waiting, "wait", to("cases", stage="WAITING"))
    yield Wait("fails", _open(shelf.table(FAILS)), "bad", to("fails", status=_OPEN))
    yield Wait("breaks", _open(shelf.table(LIVES)), "bad", to("breaks", status=_OPEN))


def _day(shelf: Shelf) -> date:
    return shelf.books.day if shelf.books else shelf.now.date()


def _open(rows: pl.DataFrame) -> int:
    return rows.filter(pl.col("status") == _OPEN).height if rows.width else 0
