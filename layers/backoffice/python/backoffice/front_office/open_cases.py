"""The exceptions desk's list: every open case, as it is served."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

_CONFIDENTIAL: Final = "SURVEILLANCE_"


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


def is_confidential(item: Mapping[str, Any]) -> bool:
    """Whether a case is for the people of the exceptions desk alone, as what surveillance found."""
    return str(item["code"]).startswith(_CONFIDENTIAL)


def open_cases(items: Iterable[Mapping[str, Any]], *, all_of_them: bool = True) -> OpenCases:
    """List the cases table's items that are open, by due date, then by case.

    Who is not of the desk does not see `all_of_them`: none that is confidential.
    """
    shown = (item for item in items if all_of_them or not is_confidential(item))
    cases = (open_case(item) for item in shown if item["status"] == "OPEN")
    return OpenCases(cases=tuple(sorted(cases, key=lambda case: (case.due, case.case_id))))
