"""The exceptions desk: the list of cases, a case with its evidence and trail, acts about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from pydantic import ValidationError

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.clearance.trails import CHECKERS, MAKERS, is_same_person
from backoffice.console.pages import Asked, Move, NoPageError, Page, Shelf, Shown, Viewer
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Row, Table, to
from backoffice.console.today import known_cases
from backoffice.front_office.case_desk import STATUS_OF, UnknownCaseError, act, show_case
from backoffice.front_office.case_models import ActRequest, CaseDetail
from backoffice.front_office.open_cases import OpenCase

_COLUMNS: Final = (
    Column("case_id", "code", lambda row: to("cases", str(row["case_id"]))),
    Column("due", "date"),
    Column("code", "status"),
    Column("subject", "code"),
    Column("members", "number"),
    Column("stage", "status"),
    Column("proposed_by"),
    Column("assignee"),
)
_FIELDS: Final = ("verb", "outcome", "text", "account", "option", "quantity", "assignee")
_ABOUT: Final = ("proposal", "seen")


@dataclass(frozen=True, slots=True)
class May:
    """What somebody may do about a case as it stands; who may not is told why."""

    propose: bool
    decide: bool
    withdraw: bool
    work: bool
    own: bool


def show_list(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the open cases, filtered."""
    cases = known_cases(shelf, viewer)
    day = shelf.books.day if shelf.books else shelf.now.date()
    found = [case for case in cases if _is_wanted(case, asked.query, str(day))]
    start = asked.start()
    filters = (
        Filter("stage", ("", "WAITING", "PROPOSED", "DECIDED")),
        Filter("code", ("", *sorted({case.code for case in cases}))),
        Filter("due", ("", "late")),
        Filter("text"),
    )
    table = Table(
        "cases",
        _COLUMNS,
        [_row(case) for case in found[start : start + ROWS_A_PAGE]],
        "cases",
        start,
        len(found),
        filters=filters,
        asked={each.name: asked.query.get(each.name, "") for each in filters},
    )
    return Page("table.html.j2", "cases", "cases", {"table": table, "note": "", "lead": ""})


def _is_wanted(case: OpenCase, query: Mapping[str, str], day: str) -> bool:
    text = query.get("text", "").strip().casefold()
    said = " ".join((case.case_id, case.code, case.subject, case.assignee or "")).casefold()
    return (
        query.get("stage") in {None, "", case.stage}
        and query.get("code") in {None, "", case.code}
        and (query.get("due") != "late" or str(case.due) < day)
        and text in said
    )


def _row(case: OpenCase) -> Row:
    said = case.model_dump(mode="json")
    return {name: None if value is None else str(value) for name, value in said.items()}


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
        act(shelf.desk, case_id, viewer.person, _request(asked.form), shelf.now)
    except UnknownCaseError as unknown:
        raise NoPageError(str(unknown)) from unknown
    except ActRefusedError as refused:
        told = (HTTPStatus(STATUS_OF[refused.why]), str(refused))
        return _case_page(shelf, viewer, asked, told)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        told = (HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {first['msg']}")
        return _case_page(shelf, viewer, asked, told)
    return Move(to("cases", case_id, done=asked.form.get("verb")))


def _request(form: Mapping[str, str]) -> ActRequest:
    said = {name: form[name].strip() for name in (*_FIELDS, *_ABOUT) if form.get(name, "").strip()}
    return ActRequest.model_validate(said)


def _case_page(
    shelf: Shelf, viewer: Viewer, asked: Asked, told: tuple[HTTPStatus, str] | None
) -> Page:
    case_id, start = asked.path[0], asked.start()
    try:
        detail = show_case(shelf.desk, case_id, viewer.person, shelf.now, start)
    except UnknownCaseError as unknown:
        raise NoPageError(str(unknown)) from unknown
    model: dict[str, Any] = {
        "case": detail.case,
        "detail": detail,
        "may": _may(detail, viewer.person),
        "held": _held(detail, case_id, start),
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


def _held(detail: CaseDetail, case_id: str, start: int) -> Table:
    columns = (
        Column("partner"),
        Column("trade_date", "date"),
        Column("trade_id", "code", _trade),
        Column("file", "code"),
        Column("row", "number"),
    )
    rows = list(_members(detail))
    more = detail.next is not None
    return Table("members", columns, rows, to("cases", case_id), start, more=more)


def _members(detail: CaseDetail) -> Iterator[Row]:
    for member in detail.members:
        said = member.model_dump(mode="json")
        yield {name: None if value is None else str(value) for name, value in said.items()}


def _trade(row: Row) -> str | None:
    if not row["trade_date"]:
        return None
    return to("trades", str(row["partner"]), str(row["trade_date"]), str(row["trade_id"]))
