"""The exceptions desk: the list of cases, a case with its evidence and trail, acts about it."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote

from pydantic import ValidationError

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.clearance.holds import HOLD_CODES, SANCTIONS_HIT
from backoffice.clearance.trails import CHECKERS, MAKERS, is_same_person
from backoffice.console.case_list import told_why
from backoffice.console.closed_cases import show_closed
from backoffice.console.pages import Asked, Move, NoPageError, Page, Shelf, Shown, Viewer
from backoffice.console.tables import Column, Row, Table, to
from backoffice.front_office.case_desk import (
    STATUS_OF,
    UnknownCaseError,
    act,
    show_case,
)
from backoffice.front_office.case_models import ActRequest, CaseDetail

_FIELDS: Final = ("verb", "outcome", "text", "account", "option", "quantity", "assignee")
_ABOUT: Final = ("proposal", "seen")
_TRADE: Final = "trade:"


@dataclass(frozen=True, slots=True)
class May:
    """What somebody may do about a case as it stands; who may not is told why."""

    propose: bool
    decide: bool
    withdraw: bool
    work: bool
    own: bool


def show_one(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show a case, what was done about it, what it holds back, and what can be done now.

    Raises
    ------
    NoPageError
        There is no such open case, or none that this person may know of.
    """
    return _case_page(shelf, viewer, asked, None)


def take_act(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Take an act as the form says it, by the same desk as the API.

    Raises
    ------
    NoPageError
        There is no such open case, or none that this person may know of.
    """
    case_id = asked.path[0]
    try:
        act(shelf.desk, case_id, viewer.person, _request(asked), shelf.now)
    except UnknownCaseError as unknown:
        raise NoPageError(str(unknown)) from unknown
    except ActRefusedError as refused:
        told = (HTTPStatus(STATUS_OF[refused.why]), str(refused))
        return _case_page(shelf, viewer, asked, told)
    except ValidationError as wrong:
        told = (HTTPStatus.UNPROCESSABLE_ENTITY, told_why(wrong))
        return _case_page(shelf, viewer, asked, told)
    return Move(to("cases", case_id, done=asked.form.get("verb")))


def _request(asked: Asked) -> ActRequest:
    form = asked.form
    said: dict[str, Any] = {
        name: form[name].strip() for name in (*_FIELDS, *_ABOUT) if form.get(name, "").strip()
    }
    if "attachment" in asked.files:
        sent = asked.files["attachment"]
        said["attachment"] = {"name": sent.name, "content": b64encode(sent.body).decode()}
    if said.get("verb") == "SPLIT":
        said["trades"] = [_named_trade(name) for name in asked.named(_TRADE)]
    return ActRequest.model_validate(said)


def _named_trade(name: str) -> dict[str, str]:
    pieces = [unquote(piece) for piece in name.split("/")]
    return dict(zip(("partner", "trade_date", "trade_id"), pieces, strict=False))


def _case_page(
    shelf: Shelf, viewer: Viewer, asked: Asked, told: tuple[HTTPStatus, str] | None
) -> Page:
    case_id, start = asked.path[0], asked.start()
    try:
        detail = show_case(shelf.desk, case_id, viewer.person, shelf.now, start)
    except UnknownCaseError:
        return show_closed(shelf, viewer, case_id)
    model: dict[str, Any] = {
        "case": detail.case,
        "detail": detail,
        "may": _may(detail, viewer.person),
        "held": _held(detail, case_id, start, splits=_splits(detail, viewer.person)),
        "told": told[1] if told else None,
        "done": asked.query.get("done") if told is None else None,
        "typed": asked.form,
    }
    status = told[0] if told else HTTPStatus.OK
    return Page("case.html.j2", "case", "cases", model, status)


def _may(detail: CaseDetail, person: Person) -> May:
    case, groups = detail.case, set(person.groups)
    own = is_same_person(case.proposed_by or "", person.name) if case.proposed_by else False
    proposed = case.stage == "PROPOSED"
    return May(
        propose=case.stage == "WAITING" and MAKERS in groups and bool(detail.outcomes),
        decide=proposed and CHECKERS in groups and not own,
        withdraw=proposed and own,
        work=bool(groups & {MAKERS, CHECKERS}),
        own=own,
    )


def _splits(detail: CaseDetail, person: Person) -> bool:
    """Whether somebody may part a case's trades: one of trades, several, with nothing proposed."""
    case = detail.case
    waits = case.stage == "WAITING" and MAKERS in person.groups
    of_trades = case.code in HOLD_CODES and case.code != SANCTIONS_HIT
    return waits and of_trades and case.members > 1


def _held(detail: CaseDetail, case_id: str, start: int, *, splits: bool) -> Table:
    columns = (
        Column("partner"),
        Column("trade_date", "date"),
        Column("trade_id", "code", _trade),
        Column("file", "code"),
        Column("row", "number"),
    )
    rows = list(_members(detail))
    more = detail.next is not None
    choose = _box if splits else None
    place = to("cases", case_id)
    return Table("members", columns, rows, place, start, more=more, choose=choose, chooser="split")


def _box(row: Row) -> str | None:
    names = ("partner", "trade_date", "trade_id")
    if not all(row[name] for name in names):
        return None
    return _TRADE + to(*(str(row[name]) for name in names))


def _members(detail: CaseDetail) -> Iterator[Row]:
    for member in detail.members:
        said = member.model_dump(mode="json")
        yield {name: None if value is None else str(value) for name, value in said.items()}


def _trade(row: Row) -> str | None:
    if not row["trade_date"]:
        return None
    return to("trades", str(row["partner"]), str(row["trade_date"]), str(row["trade_id"]))
