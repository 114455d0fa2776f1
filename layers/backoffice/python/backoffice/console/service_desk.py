"""The service desk: what waits, the tickets, how every part is, and scheduled jobs."""

from datetime import datetime
from typing import Final

from backoffice.console.pages import Asked, Page, Shelf, Viewer
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Row, Table, to
from backoffice.console.today import Wait
from backoffice.console.wording import wording
from backoffice.formats.printing.catalogue import Catalogue
from backoffice.service_desk.health import Health
from backoffice.service_desk.ticket_state import Ticket
from backoffice.service_desk.tickets import PRIORITIES

SECTION: Final = "service-desk"
_TICKETS: Final = (
    Column("ticket_id", "code", lambda row: to(SECTION, "tickets", str(row["ticket_id"]))),
    Column("priority", "status"),
    Column("stage", "status"),
    Column("late", "status"),
    Column("subject"),
    Column("department"),
    Column("occurrences", "number"),
    Column("resolve_by", "moment"),
    Column("taken_by"),
)
_HEALTH: Final = (
    Column("kind", "status"),
    Column("name", "code"),
    Column("state", "status"),
    Column("detail"),
    Column("runbook", "code"),
)
_JOBS: Final = (
    Column("job", "code"),
    Column("state", "status"),
    Column("last", "moment"),
    Column("ended", "status"),
    Column("next", "moment"),
    Column("missed", "number"),
    Column("missed_last", "moment"),
    Column("runbook", "code"),
)
_OPEN, _ANY = "open", "any"


def show(shelf: Shelf, _viewer: Viewer, asked: Asked) -> Page:
    """Show what waits at the desk, and its tickets: those not resolved, unless others are asked."""
    tickets = shelf.service.tickets.listed()
    filters = (
        Filter("stage", (_OPEN, _ANY, "OPEN", "TAKEN", "RESOLVED")),
        Filter("priority", ("", *PRIORITIES)),
        Filter("late", ("", "late")),
        Filter("text"),
    )
    said = {one.name: asked.query.get(one.name, "") for one in filters}
    said["stage"] = said["stage"] or _OPEN
    rows = [_ticket_row(ticket, shelf.now) for ticket in tickets]
    found = [row for row in rows if _is_wanted(row, said)]
    start = asked.start()
    shown = found[start : start + ROWS_A_PAGE]
    table = Table(
        "tickets",
        _TICKETS,
        shown,
        SECTION,
        start,
        len(found),
        filters=filters,
        asked=said,
    )
    return Page("desk.html.j2", SECTION, SECTION, {"waits": _waits(shelf, tickets), "table": table})


def _is_wanted(row: Row, said: dict[str, str]) -> bool:
    stage = said["stage"]
    text = said["text"].strip().casefold()
    return (
        (row["stage"] != "RESOLVED" if stage == _OPEN else stage in {_ANY, row["stage"]})
        and said["priority"] in {"", row["priority"]}
        and (said["late"] != "late" or bool(row["late"]))
        and text in " ".join(str(each or "") for each in row.values()).casefold()
    )


def _ticket_row(ticket: Ticket, now: datetime) -> Row:
    return {
        "ticket_id": ticket.ticket_id,
        "priority": ticket.priority,
        "stage": ticket.stage,
        "late": ticket.late(now),
        "subject": ticket.subject,
        "department": ticket.department,
        "occurrences": str(ticket.occurrences) if ticket.occurrences else None,
        "resolve_by": ticket.resolve_by,
        "taken_by": ticket.taken_by,
    }


def _waits(shelf: Shelf, tickets: list[Ticket]) -> list[Wait]:
    service, now = shelf.service, shelf.now
    late = sum(bool(ticket.late(now)) for ticket in tickets)
    failing = sum(one.state == "FAILING" for one in service.health(now))
    missed = sum(job.state == "MISSED" for job in service.jobs(now))
    return [
        Wait("late-tickets", late, "bad", to(SECTION, late="late")),
        Wait("failing", failing, "bad", to(SECTION, "health")),
        Wait("missed", missed, "bad", to(SECTION, "jobs")),
        Wait("letters", service.waiting(), "bad", to(SECTION, "letters")),
    ]


def show_health(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show how every function, queue, table and machine is, the failing ones first."""
    order = ("FAILING", "UNKNOWN", "WELL")
    parts = sorted(shelf.service.health(shelf.now), key=lambda one: order.index(one.state))
    filters = (
        Filter("state", ("", *order)),
        Filter("kind", ("", "MACHINE", "FUNCTION", "QUEUE", "TABLE")),
    )
    said = {one.name: asked.query.get(one.name, "") for one in filters}
    rows: list[Row] = [
        _health_row(one, wording(viewer.language))
        for one in parts
        if said["state"] in {"", one.state} and said["kind"] in {"", one.kind}
    ]
    start, place = asked.start(), to(SECTION, "health")
    table = Table(
        "health",
        _HEALTH,
        rows[start : start + ROWS_A_PAGE],
        place,
        start,
        len(rows),
        filters=filters,
        asked=said,
    )
    return Page("desk_part.html.j2", "health", SECTION, {"table": table})


def _health_row(one: Health, words: Catalogue) -> Row:
    figures = dict(one.figures)
    if "status" in figures:
        figures["status"] = words.code("code", figures["status"])
    return {
        "kind": one.kind,
        "name": one.name,
        "state": one.state,
        "detail": words.say(f"health.{one.said}", **figures),
        "runbook": _file(one.runbook),
    }


def show_jobs(shelf: Shelf, _viewer: Viewer, _asked: Asked) -> Page:
    """Show each scheduled job: its last and next start, and those that were missed."""
    rows: list[Row] = [
        {
            "job": job.machine,
            "state": job.state,
            "last": job.last.started.isoformat() if job.last else None,
            "ended": job.last.status if job.last else None,
            "next": job.next.isoformat() if job.next else None,
            "missed": str(len(job.missed)) if job.missed else None,
            "missed_last": job.missed[-1].isoformat() if job.missed else None,
            "runbook": _file(job.runbook),
        }
        for job in shelf.service.jobs(shelf.now)
    ]
    table = Table("jobs", _JOBS, rows, to(SECTION, "jobs"), 0, len(rows))
    return Page("desk_part.html.j2", "jobs", SECTION, {"table": table})


def _file(runbook: str) -> str:
    """Return a runbook's name in the folder of all of them."""
    return runbook.rpartition("/")[2]
