"""The list of open cases, and one act about many of them."""

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from backoffice.clearance.act_rules import ActRefusedError, works_on_cases
from backoffice.console.pages import Asked, Page, Shelf, Viewer
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Row, Table, to
from backoffice.console.today import known_cases
from backoffice.front_office.case_desk import act_on_many
from backoffice.front_office.case_models import BulkOutcome, BulkRequest
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
_WAYS: Final = ("RELEASE", "REFUSE", "ACKNOWLEDGE")
"""What many cases can come to at once; other ways out say more, of each case by itself."""
_BULK: Final = ("verb", "outcome", "text", "assignee")
_CHOSEN: Final = "case:"


def show_list(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the open cases, filtered."""
    return _list_page(shelf, viewer, asked)


def take_acts(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Take one act about the cases that are chosen, each by itself, and say what became of each."""
    chosen = asked.named(_CHOSEN)
    said = {name: asked.form[name].strip() for name in _BULK if asked.form.get(name, "").strip()}
    if said.get("verb") != "PROPOSE":
        said.pop("outcome", None)
    try:
        request = BulkRequest.model_validate(
            {
                "case_ids": tuple(chosen),
                "act": said,
                "proposals": chosen if said.get("verb") in {"APPROVE", "REJECT"} else {},
            }
        )
        became = tuple(act_on_many(shelf.desk, viewer.person, request, shelf.now))
    except (ActRefusedError, ValidationError) as refused:
        return _list_page(shelf, viewer, asked, told=told_why(refused))
    return _list_page(shelf, viewer, asked, outcomes=became)


def _list_page(
    shelf: Shelf,
    viewer: Viewer,
    asked: Asked,
    outcomes: tuple[BulkOutcome, ...] = (),
    told: str = "",
) -> Page:
    table = _table(shelf, viewer, asked)
    model = {"table": table, "outcomes": outcomes, "told": told, "ways": _WAYS}
    return Page("cases.html.j2", "cases", "cases", model)


def _table(shelf: Shelf, viewer: Viewer, asked: Asked) -> Table:
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
    works = works_on_cases(viewer.person)
    return Table(
        "cases",
        _COLUMNS,
        [_row(case) for case in found[start : start + ROWS_A_PAGE]],
        "cases",
        start,
        len(found),
        filters=filters,
        asked={each.name: asked.query.get(each.name, "") for each in filters},
        choose=(lambda row: f"{_CHOSEN}{row['case_id']}") if works else None,
        chooser="bulk",
    )


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


def told_why(refused: ActRefusedError | ValidationError) -> str:
    """Say why an act is not taken."""
    if isinstance(refused, ActRefusedError):
        return str(refused)
    first = refused.errors()[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
