"""A ticket with what was done about it, what one may do, and the form that opens another."""

from http import HTTPStatus
from typing import Any, Final

from pydantic import ValidationError

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.console.closed_cases import is_known
from backoffice.console.pages import Asked, Move, NoPageError, Page, Shelf, Shown, Viewer
from backoffice.console.service_desk import SECTION
from backoffice.console.tables import to
from backoffice.front_office.case_desk import STATUS_OF
from backoffice.service_desk.occurrences import case_of
from backoffice.service_desk.ticket_desk import VERBS, UnknownTicketError, allowed
from backoffice.service_desk.ticket_state import Ticket
from backoffice.service_desk.tickets import PRIORITIES, TicketRequest

_ASKED: Final = ("department", "subject", "text", "priority")


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show a ticket.

    Raises
    ------
    NoPageError
        There is none of that id.
    """
    return _page(shelf, viewer, asked, None)


def act(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Take an act as the form says it.

    Raises
    ------
    NoPageError
        There is no such ticket, or no such act.
    """
    ticket_id, said = asked.path[0], asked.form.get("verb", "")
    verb = next((each for each in VERBS if each == said), None)
    if verb is None:
        raise NoPageError(f"{said} is no act")
    text = asked.form.get("text", "").strip()
    try:
        shelf.service.tickets.act(ticket_id, viewer.person, verb, text, shelf.now)
    except UnknownTicketError as unknown:
        raise NoPageError(str(unknown)) from unknown
    except ActRefusedError as refused:
        told = (HTTPStatus(STATUS_OF[refused.why]), str(refused))
        return _page(shelf, viewer, asked, told)
    except ValidationError as wrong:
        return _page(shelf, viewer, asked, _told(wrong))
    return Move(to(SECTION, "tickets", ticket_id, done=verb))


def show_form(_shelf: Shelf, _viewer: Viewer, _asked: Asked) -> Page:
    """Show the form that opens a ticket."""
    return _form({}, None)


def open_one(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Open a ticket as the form says it."""
    said = {name: asked.form.get(name, "").strip() for name in _ASKED}
    try:
        request = TicketRequest.model_validate(said)
    except ValidationError as wrong:
        return _form(said, _told(wrong))
    ticket = shelf.service.tickets.open_for(viewer.person, request, shelf.now)
    return Move(to(SECTION, "tickets", ticket.ticket_id, done="OPEN"))


def _form(said: dict[str, str], told: tuple[HTTPStatus, str] | None) -> Page:
    model = {"typed": said, "priorities": PRIORITIES, "told": told[1] if told else None}
    return Page("new_ticket.html.j2", "new-ticket", SECTION, model, _status(told))


def _page(shelf: Shelf, viewer: Viewer, asked: Asked, told: tuple[HTTPStatus, str] | None) -> Page:
    try:
        ticket, trail = shelf.service.tickets.show(asked.path[0])
    except UnknownTicketError as unknown:
        raise NoPageError(str(unknown)) from unknown
    model: dict[str, Any] = {
        "ticket": _as_known(shelf, viewer, ticket),
        "trail": trail,
        "late": ticket.late(shelf.now),
        "may": allowed(ticket, viewer.person),
        "typed": asked.form.get("text", "") if told else "",
        "told": told[1] if told else None,
        "done": asked.query.get("done") if told is None else None,
    }
    return Page("ticket.html.j2", "ticket", SECTION, model, _status(told))


def _as_known(shelf: Shelf, viewer: Viewer, ticket: Ticket) -> Ticket:
    """Leave out cases that a person may not know of: an id tells of what its case is about."""

    def knows(case_id: str | None) -> bool:
        return case_id is None or viewer.is_of_compliance or is_known(shelf, viewer, case_id)

    executions = tuple(one for one in ticket.executions if knows(case_of(one)))
    case_id = ticket.case_id if knows(ticket.case_id) else None
    return ticket.model_copy(update={"executions": executions, "case_id": case_id})


def _status(told: tuple[HTTPStatus, str] | None) -> HTTPStatus:
    return told[0] if told else HTTPStatus.OK


def _told(wrong: ValidationError) -> tuple[HTTPStatus, str]:
    first = wrong.errors()[0]
    place = ".".join(str(step) for step in first["loc"])
    return HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {first['msg']}"
