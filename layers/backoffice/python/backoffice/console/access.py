"""Access: who asks for whom, what was decided, and what the pool holds otherwise."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from backoffice.console.matters import Fact, Told, may_decide, refusal, table_of
from backoffice.console.pages import Asked, Move, NoPageError, Page, Shelf, Shown, Viewer
from backoffice.console.tables import Column, Row, to
from backoffice.kernel.rulebook import default_rulebook
from backoffice.service_desk.access_drift import drift_known, pool_held
from backoffice.service_desk.access_groups import GROUPS, MAKERS_OF_ACCESS
from backoffice.service_desk.access_requests import (
    HANDS,
    KINDS,
    REQUEST,
    KnownRequest,
    ask,
    decide,
    read_request,
    read_requests,
)
from backoffice.service_desk.entitlements import Drift
from backoffice.service_desk.four_eyes import APPROVE

_GROUP: Final = "group."
_COLUMNS: Final = (
    Column("request_id", "code", lambda row: to("access", str(row["request_id"]))),
    Column("stage", "status"),
    Column("person"),
    Column("kind", "status"),
    Column("groups"),
    Column("effective_on", "date"),
    Column("proposed_by"),
)
_DRIFT: Final = (Column("person"), Column("drift", "status"), Column("group"))


def show_list(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the requests, a form for another, and what the pool holds otherwise."""
    return _list_page(shelf, viewer, asked, None)


def take_request(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Ask for what a form says."""
    form = asked.form
    groups = [name for name in GROUPS if form.get(f"{_GROUP}{name}")]
    said = {name: form.get(name, "").strip() for name in ("person", "kind", "effective_on")}
    made: list[str] = []

    def act() -> None:
        wanted = read_request({**said, "groups": groups, "reason": form.get("reason", "").strip()})
        done = ask(shelf.registers, viewer.person, wanted, default_rulebook(), shelf.now)
        made.append(done.about)

    told = refusal(act)
    if told:
        return _list_page(shelf, viewer, asked, told)
    return Move(to("access", made[0], done="PROPOSE"))


def show_one(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show a request with its trail, and what can be done now.

    Raises
    ------
    NoPageError
        There is none.
    """
    return _one_page(shelf, viewer, asked, None)


def take_decision(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Approve, reject or withdraw a request; an approval is carried out at once when it is due.

    Raises
    ------
    NoPageError
        There is none.
    """
    about, verb = asked.path[0], asked.form.get("verb", "")
    _find(shelf, about)
    text = asked.form.get("text", "").strip()
    told = refusal(
        lambda: decide(
            shelf.registers, about, viewer.person, verb, default_rulebook(), shelf.now, text
        )
    )
    if told:
        return _one_page(shelf, viewer, asked, told)
    if verb == APPROVE:
        shelf.carry_out(about)
    return Move(to("access", about, done=verb))


def _list_page(shelf: Shelf, viewer: Viewer, asked: Asked, told: Told | None) -> Page:
    known = read_requests(shelf.registers.trails(REQUEST))
    found = drift_known(shelf.registers, shelf.now.date())
    at, _ = pool_held(shelf.registers)
    model: dict[str, Any] = {
        "table": table_of("access", _COLUMNS, map(_row, known), "access", asked.start()),
        "drift": table_of("drift", _DRIFT, map(_drift_row, found), "access", 0),
        "drifted": len(found),
        "looked_at": at,
        "may_ask": MAKERS_OF_ACCESS in viewer.person.groups,
        "kinds": KINDS,
        "groups": GROUPS,
        "today": str(shelf.now.date()),
        "typed": asked.form,
        "told": told[1] if told else None,
    }
    status = told[0] if told else HTTPStatus.OK
    return Page("access.html.j2", "access", "access", model, status)


def _find(shelf: Shelf, about: str) -> KnownRequest:
    trail = shelf.registers.trail(about)
    found = read_requests({about: trail}) if trail and about.startswith(REQUEST) else []
    if not found:
        raise NoPageError(f"there is no request {about}")
    return found[0]


def _one_page(shelf: Shelf, viewer: Viewer, asked: Asked, told: Told | None) -> Page:
    known = _find(shelf, asked.path[0])
    model: dict[str, Any] = {
        "back": "access",
        "about": known.request_id,
        "heading": known.asked.person,
        "kind": known.asked.kind,
        "facts": tuple(_facts(known)),
        "may": may_decide(known.trail, viewer.person, HANDS),
        "place": to("access", known.request_id, "acts"),
        "trail": known.trail,
        "told": told[1] if told else None,
        "done": asked.query.get("done") if told is None else None,
    }
    status = told[0] if told else HTTPStatus.OK
    return Page("matter.html.j2", "access-request", "access", model, status)


def _facts(known: KnownRequest) -> Iterator[Fact]:
    asked = known.asked
    yield Fact("stage", known.stage, "status")
    yield Fact("groups", ", ".join(asked.groups))
    yield Fact("effective_on", str(asked.effective_on), "date")
    yield Fact("reason", asked.reason)
    yield Fact("proposed_by", known.trail[0].actor)
    if known.matter.decision:
        yield Fact("decided_by", known.matter.decision.actor)
    last = known.trail[-1].said
    for name in ("added", "removed", "why"):
        if last.get(name):
            text = last[name]
            yield Fact(name, text if isinstance(text, str) else ", ".join(text))


def _row(known: KnownRequest) -> Row:
    asked = known.asked
    return {
        "request_id": known.request_id,
        "stage": known.stage,
        "person": asked.person,
        "kind": asked.kind,
        "groups": ", ".join(asked.groups),
        "effective_on": str(asked.effective_on),
        "proposed_by": known.trail[0].actor,
    }


def _drift_row(found: Drift) -> Row:
    return {"person": found.person, "drift": f"DRIFT_{found.kind}", "group": found.group}
