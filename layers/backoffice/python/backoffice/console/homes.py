"""Home locations: the register, what is due of each, and the quarterly lists."""

from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from backoffice.clearance.trails import is_same_person
from backoffice.console.home_addresses import may_know, opened
from backoffice.console.home_forms import act_of, home_said
from backoffice.console.home_tables import lists_table
from backoffice.console.matters import Fact, Told, may_decide, refusal, table_of
from backoffice.console.pages import Asked, Move, NoPageError, Page, Shelf, Shown, Viewer
from backoffice.console.tables import Column, Row, to
from backoffice.kernel.rulebook import default_rulebook
from backoffice.remote_operations.eligibility import KINDS, bars, conditions
from backoffice.remote_operations.home_acts import find_home, register_home
from backoffice.remote_operations.register import HANDS, HOME, KnownHome, read_homes
from backoffice.remote_operations.watch import (
    LIST,
    overdue,
    read_lists,
)
from backoffice.service_desk.access_groups import SUPERVISORS

_PLACE: Final = "locations"
_COLUMNS: Final = (
    Column("location_id", "code", lambda row: to(_PLACE, str(row["location_id"]))),
    Column("person"),
    Column("kind", "status"),
    Column("status", "status"),
    Column("branch"),
    Column("inspection_due", "date"),
    Column("attestation_due", "date"),
    Column("waits", "status"),
)


def show_list(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the register, the quarterly lists, and a form for another home."""
    return list_page(shelf, viewer, asked, None)


def take_home(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Propose the home that a form says."""
    made: list[str] = []

    def act() -> None:
        said = home_said(asked.form, shelf.now.date())
        seals = shelf.desk.seals()
        done = register_home(
            shelf.registers, viewer.person, said, seals, default_rulebook(), shelf.now
        )
        made.append(done.about)

    told = refusal(act)
    if told:
        return list_page(shelf, viewer, asked, told)
    return Move(to(_PLACE, made[0], done="PROPOSE"))


def show_one(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show a home, its trail, and what can be done now; its address for whom may know it.

    Raises
    ------
    NoPageError
        There is none.
    """
    return _one_page(shelf, viewer, asked, None)


def take_act(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Decide, confirm, inspect or change a home, as a form says.

    Raises
    ------
    NoPageError
        There is none.
    """
    known = _find(shelf, asked.path[0])
    told = refusal(lambda: act_of(shelf, viewer.person, known, asked.form))
    if told:
        return _one_page(shelf, viewer, asked, told)
    return Move(to(_PLACE, known.location_id, done=asked.form.get("verb")))


def list_page(shelf: Shelf, viewer: Viewer, asked: Asked, told: Told | None) -> Page:
    """Show the register, and how an act about it was refused."""
    rulebook, today = default_rulebook(), shelf.now.date()
    homes = read_homes(shelf.registers.trails(HOME), rulebook)
    lists = read_lists(shelf.registers.trails(LIST))
    is_supervisor = SUPERVISORS in viewer.person.groups
    model: dict[str, Any] = {
        "table": table_of("locations", _COLUMNS, map(_row, homes), _PLACE, asked.start()),
        "lists": lists_table(lists),
        "unsent": [one for one in lists if one.submitted is None] if is_supervisor else [],
        "late": [(one.code, one.subject) for one in overdue(homes, lists, rulebook, today)],
        "kinds": KINDS,
        "conditions": {kind: tuple(conditions(kind, today, rulebook)) for kind in KINDS},
        "bars": tuple(bars(KINDS[0], today, rulebook)),
        "today": str(today),
        "typed": asked.form,
        "told": told[1] if told else None,
    }
    status = told[0] if told else HTTPStatus.OK
    return Page("locations.html.j2", _PLACE, _PLACE, model, status)


def _one_page(shelf: Shelf, viewer: Viewer, asked: Asked, told: Told | None) -> Page:
    known = _find(shelf, asked.path[0])
    person, today = viewer.person, shelf.now.date()
    own = is_same_person(person.name, known.home.person)
    registered = known.status == "REGISTERED"
    supervises = SUPERVISORS in person.groups
    model: dict[str, Any] = {
        "back": _PLACE,
        "about": known.location_id,
        "heading": known.home.person,
        "kind": known.home.kind,
        "facts": tuple(_facts(shelf, viewer, known)),
        "may": may_decide(known.trail, person, HANDS),
        "may_attest": registered and own,
        "may_inspect": registered and supervises and not own,
        "may_change": registered and known.waits is None,
        "conditions": tuple(conditions(known.home.kind, today, default_rulebook())),
        "home": known.home,
        "place": to(_PLACE, known.location_id, "acts"),
        "trail": known.trail,
        "today": str(today),
        "told": told[1] if told else None,
        "done": asked.query.get("done") if told is None else None,
    }
    return Page("location.html.j2", "location", _PLACE, model, told[0] if told else HTTPStatus.OK)


def _facts(shelf: Shelf, viewer: Viewer, known: KnownHome) -> Iterator[Fact]:
    home, rulebook = known.home, default_rulebook()
    yield Fact("status", known.status, "status")
    if may_know(viewer, home.person):
        (address,) = opened(shelf, viewer, known.location_id, [home.person], [home.address])
        yield Fact("address", str(address))
    yield Fact("branch", home.branch)
    yield Fact("supervisor", home.supervisor)
    days = {
        "since": home.since,
        "registered_on": known.registered_on,
        "inspected_on": known.inspected_on,
        "inspection_due": known.inspection_due(rulebook),
        "attestation_due": known.attestation_due(rulebook),
        "closed_on": known.closed_on,
    }
    yield from (Fact(name, str(day), "date") for name, day in days.items() if day)
    if known.late_changes:
        yield Fact("late_changes", str(known.late_changes), "number")
    if known.waits:
        yield Fact("waits", known.waits.what, "status")


def _find(shelf: Shelf, about: str) -> KnownHome:
    try:
        return find_home(shelf.registers, about, default_rulebook())
    except LookupError:
        raise NoPageError(f"there is no location {about}") from None


def _row(one: KnownHome) -> Row:
    rulebook = default_rulebook()
    return {
        "location_id": one.location_id,
        "person": one.home.person,
        "kind": one.home.kind,
        "status": one.status,
        "branch": one.home.branch,
        "inspection_due": _text(one.inspection_due(rulebook)),
        "attestation_due": _text(one.attestation_due(rulebook)),
        "waits": one.waits.what if one.waits else None,
    }


def _text(day: date | None) -> str | None:
    return str(day) if day else None
