"""Configuration: what the platform runs by, every change of it, and who asked for it."""

from http import HTTPStatus
from typing import Any, Final

from backoffice.console.matters import Fact, Told, may_decide, refusal, table_of
from backoffice.console.pages import Asked, Move, NoPageError, Page, Shelf, Shown, Viewer
from backoffice.console.tables import Column, Row, to
from backoffice.service_desk.access_groups import MAKERS_OF_ACCESS
from backoffice.service_desk.access_requests import HANDS
from backoffice.service_desk.configuration_records import RECORD, Recorded, read_records
from backoffice.service_desk.configuration_requests import (
    KnownChange,
    ask_for_change,
    decide_change,
    read_changes,
)

_PLACE: Final = "configuration"


def _link(name: str) -> Any:  # noqa: ANN401 - a link of a column
    return lambda row: to(_PLACE, str(row[name])) if row[name] else None


_RECORDS: Final = (
    Column("record", "code", _link("record")),
    Column("at", "date"),
    Column("version", "code"),
    Column("rulebook", "code"),
    Column("changes", "number"),
    Column("changed_by"),
    Column("request_id", "code", _link("request_id")),
    Column("approved", "status"),
)
_REQUESTS: Final = (
    Column("request_id", "code", _link("request_id")),
    Column("stage", "status"),
    Column("subject"),
    Column("planned_on", "date"),
    Column("proposed_by"),
)
_CHANGES: Final = (Column("what", "code"), Column("was"), Column("is_now"))


def show_list(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show what was changed, what is asked for, and a form for more."""
    return _list_page(shelf, viewer, asked, None)


def take_request(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Ask for the change that a form says."""
    said = {name: asked.form.get(name, "").strip() for name in ("title", "what", "planned_on")}
    made: list[str] = []
    told = refusal(
        lambda: made.append(ask_for_change(shelf.registers, viewer.person, said, shelf.now).about)
    )
    if told:
        return _list_page(shelf, viewer, asked, told)
    return Move(to(_PLACE, made[0], done="PROPOSE"))


def show_one(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show a recorded change, or a request for one.

    Raises
    ------
    NoPageError
        There is none.
    """
    if asked.path[0].startswith(RECORD):
        return _record_page(shelf, asked)
    return _one_page(shelf, viewer, asked, None)


def take_decision(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Approve, reject or withdraw a change.

    Raises
    ------
    NoPageError
        There is none.
    """
    about, verb = asked.path[0], asked.form.get("verb", "")
    _find(shelf, about)
    text = asked.form.get("text", "").strip()
    told = refusal(
        lambda: decide_change(shelf.registers, about, viewer.person, verb, shelf.now, text)
    )
    return _one_page(shelf, viewer, asked, told) if told else Move(to(_PLACE, about, done=verb))


def _list_page(shelf: Shelf, viewer: Viewer, asked: Asked, told: Told | None) -> Page:
    records = map(_record, read_records(shelf.registers))
    requests = map(_request, read_changes(shelf.registers))
    model: dict[str, Any] = {
        "table": table_of("configuration", _RECORDS, records, _PLACE, asked.start()),
        "requests": table_of("changes", _REQUESTS, requests, _PLACE, 0),
        "may_ask": MAKERS_OF_ACCESS in viewer.person.groups,
        "today": str(shelf.now.date()),
        "typed": asked.form,
        "told": told[1] if told else None,
    }
    status = told[0] if told else HTTPStatus.OK
    return Page("configuration.html.j2", _PLACE, _PLACE, model, status)


def _record_page(shelf: Shelf, asked: Asked) -> Page:
    about, _, number = asked.path[0].partition(".")
    found = (one for one in read_records(shelf.registers) if one.record_id == about)
    one = next((one for one in found if str(one.act.number) == number), None)
    if one is None:
        raise NoPageError(f"there is no record {asked.path[0]}")
    rows = [{"what": each.what, "was": each.was, "is_now": each.now} for each in one.changes]
    place = to(_PLACE, asked.path[0])
    table = table_of("changed", _CHANGES, rows, place, asked.start())
    model: dict[str, Any] = {"record": _record(one), "table": table}
    return Page("configuration_record.html.j2", "configuration-record", _PLACE, model)


def _find(shelf: Shelf, about: str) -> KnownChange:
    found = (one for one in read_changes(shelf.registers) if one.request_id == about)
    if known := next(found, None):
        return known
    raise NoPageError(f"there is no change {about}")


def _one_page(shelf: Shelf, viewer: Viewer, asked: Asked, told: Told | None) -> Page:
    known = _find(shelf, asked.path[0])
    facts = (
        Fact("stage", known.matter.stage, "status"),
        Fact("what", known.asked.what),
        Fact("planned_on", str(known.asked.planned_on), "date"),
        Fact("proposed_by", known.trail[0].actor),
    )
    model: dict[str, Any] = {
        "back": _PLACE,
        "about": known.request_id,
        "heading": known.asked.title,
        "kind": "CHANGE",
        "facts": facts,
        "may": may_decide(known.trail, viewer.person, HANDS),
        "place": to(_PLACE, known.request_id, "acts"),
        "trail": known.trail,
        "told": told[1] if told else None,
        "done": asked.query.get("done") if told is None else None,
    }
    status = told[0] if told else HTTPStatus.OK
    return Page("matter.html.j2", "change-request", _PLACE, model, status)


def _record(one: Recorded) -> Row:
    found = one.act.said["configuration"]
    first = one.act.verb == "FIRST"
    return {
        "record": f"{one.record_id}.{one.act.number}",
        "at": one.act.at,
        "version": str(found["version"]),
        "rulebook": str(found["rulebook"])[:12],
        "code": str(found["code"])[:12],
        "changes": str(len(one.changes)),
        "changed_by": str(one.act.said["by"]),
        "request_id": one.request,
        "approved": "FIRST" if first else ("APPROVED" if one.approved else "UNAPPROVED"),
    }


def _request(known: KnownChange) -> Row:
    return {
        "request_id": known.request_id,
        "stage": known.matter.stage,
        "subject": known.asked.title,
        "planned_on": str(known.asked.planned_on),
        "proposed_by": known.trail[0].actor,
    }
