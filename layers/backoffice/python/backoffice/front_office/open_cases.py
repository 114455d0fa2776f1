"""The exceptions desk's list: every open case, as it is served."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict


class OpenCase(BaseModel):
    """One cause that someone, or new data, has to deal with."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    code: str
    subject: str
    status: str
    members: int
    opened_on: date
    due: date


class OpenCases(BaseModel):
    """All open cases, the most urgent first."""

    model_config = ConfigDict(frozen=True)

    cases: tuple[OpenCase, ...]


def open_cases(items: Iterable[Mapping[str, Any]]) -> OpenCases:
    """List the cases table's items that are open, by due date, then by case."""
    cases = (
        OpenCase.model_validate({**item, "case_id": item["sk"]})
        for item in items
        if item["status"] == "OPEN"
    )
    return OpenCases(cases=tuple(sorted(cases, key=lambda case: (case.due, case.case_id))))
