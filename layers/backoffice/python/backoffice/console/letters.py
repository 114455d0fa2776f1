"""Dead letters: of what each is, and the forms that deliver them again."""

from http import HTTPStatus
from typing import Any

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.console.pages import Asked, Move, Page, Shelf, Shown, Viewer
from backoffice.console.service_desk import SECTION
from backoffice.console.tables import to
from backoffice.front_office.case_desk import STATUS_OF
from backoffice.service_desk.access_groups import SERVICE_DESK
from backoffice.service_desk.letters import redrive


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the dead letters, each with what delivers it again."""
    return _page(shelf, viewer, asked, None)


def deliver_again(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Deliver one letter again, or all that wait, in the name of who asks."""
    named = asked.form.get("letter", "")
    if named == "all":
        waiting = shelf.service.letters()
        wanted = [(letter.queue, letter.letter_id) for letter in waiting]
    else:
        queue, _, letter_id = named.partition("/")
        wanted = [(queue, letter_id)] if queue in shelf.service.parts.queues else []
    service = shelf.service
    try:
        done = redrive(service.box, service.tickets, viewer.person, wanted, shelf.now)
    except ActRefusedError as refused:
        return _page(shelf, viewer, asked, (HTTPStatus(STATUS_OF[refused.why]), str(refused)))
    return Move(to(SECTION, "letters", delivered=str(len(done))))


def _page(shelf: Shelf, viewer: Viewer, asked: Asked, told: tuple[HTTPStatus, str] | None) -> Page:
    delivered = asked.query.get("delivered", "")
    model: dict[str, Any] = {
        "letters": shelf.service.letters(),
        "may": SERVICE_DESK in viewer.person.groups,
        "told": told[1] if told else None,
        "delivered": delivered if delivered.isascii() and delivered.isdigit() else None,
    }
    status = told[0] if told else HTTPStatus.OK
    return Page("letters.html.j2", "letters", SECTION, model, status)
