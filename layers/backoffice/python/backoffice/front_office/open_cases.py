"""The exceptions desk's list: every open case, as it is served."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from backoffice.clearance.confidential import may_know


class OpenCase(BaseModel):
    """One cause that someone, or new data, has to deal with.

    WAITING: nobody has proposed anything. PROPOSED: a second hand is needed. DECIDED: the next
    cut-off or close takes it.
    """

    model_config = ConfigDict(frozen=True)

    case_id: str
    code: str
    subject: str
    status: str
    members: int
    opened_on: date
    due: date
    stage: Literal["WAITING", "PROPOSED", "DECIDED"] = "WAITING"
    outcome: str | None = None
    proposal: int | None = None
    proposed_by: str | None = None
    approved_by: str | None = None
    assignee: str | None = None
    escalated: bool = False


class OpenCases(BaseModel):
    """All open cases, the most urgent first."""

    model_config = ConfigDict(frozen=True)

    cases: tuple[OpenCase, ...]


def open_case(item: Mapping[str, Any]) -> OpenCase:
    """Show one item of the cases table."""
    shown = {name: item[name] for name in OpenCase.model_fields if name in item}
    return OpenCase.model_validate({**shown, "case_id": item["sk"]})


def open_cases(items: Iterable[Mapping[str, Any]], groups: Collection[str] = ()) -> OpenCases:
    """List the cases table's items that are open and not kept from `groups`, by due date, case."""
    still = (one for one in items if one["status"] == "OPEN")
    cases = (open_case(one) for one in still if may_know(one["code"], one["subject"], groups))
    return OpenCases(cases=tuple(sorted(cases, key=lambda case: (case.due, case.case_id))))
