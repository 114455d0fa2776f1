"""The quarterly lists of residential supervisory locations: fetched, and put on record as sent."""

from backoffice.console.home_addresses import opened
from backoffice.console.homes import list_page
from backoffice.console.matters import refusal
from backoffice.console.pages import Asked, File, Move, NoPageError, Shelf, Shown, Viewer
from backoffice.console.tables import to
from backoffice.remote_operations.watch import (
    LIST,
    QuarterList,
    list_as_csv,
    read_lists,
    submit_list,
)
from backoffice.service_desk.access_groups import SUPERVISORS


def fetch_list(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Fetch a quarter's list with its addresses, as a supervisor; that they did is on record.

    Raises
    ------
    NoPageError
        There is none, for this person.
    """
    known = _list_of(shelf, asked.path[0])
    if SUPERVISORS not in viewer.person.groups:
        raise NoPageError("lists are for supervisors")
    people = [str(home["person"]) for home in known.homes]
    sealed = [str(home["address"]) for home in known.homes]
    found = opened(shelf, viewer, known.list_id, people, sealed)
    name = f"residential-supervisory-locations-{known.quarter}.csv"
    return File(name, "text/csv; charset=utf-8", list_as_csv(known, found))


def send_list(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Put on record that a list was sent.

    Raises
    ------
    NoPageError
        There is none.
    """
    known = _list_of(shelf, asked.path[0])
    reference = asked.form.get("reference", "")
    told = refusal(
        lambda: submit_list(shelf.registers, known.list_id, viewer.person, reference, shelf.now)
    )
    return list_page(shelf, viewer, asked, told) if told else Move(to("locations"))


def _list_of(shelf: Shelf, about: str) -> QuarterList:
    trail = shelf.registers.trail(about)
    if not trail or not about.startswith(LIST):
        raise NoPageError(f"there is no list {about}")
    return read_lists({about: trail})[0]
