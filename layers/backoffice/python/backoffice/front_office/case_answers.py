"""What the exceptions desk's routes are for and answer, by status."""

from typing import Any, Final

from backoffice.front_office.answers import answer, problem
from backoffice.front_office.case_models import ActTaken, BulkOutcomes, CaseDetail

_NOT_FOUND: Final = problem("No open case has that id.")
_FORBIDDEN: Final = problem("The act is not this person's to do: four eyes, or another group.")
_OTHER_TYPE: Final = problem("The body is of another type than JSON.")
_INVALID: Final = problem("The request is not as described, or no way out of this case.")

SHOW_CASE: Final[dict[str, Any]] = {
    "operation_id": "show_case",
    "summary": "See a case, what was done about it and what it holds back",
    "responses": {
        200: answer("The case.", CaseDetail),
        404: _NOT_FOUND,
        422: _INVALID,
    },
}
ACT_ON_CASE: Final[dict[str, Any]] = {
    "operation_id": "act_on_case",
    "summary": "Propose, approve, reject, comment on, assign or split a case",
    "responses": {
        201: answer("The act stands in the case's trail.", ActTaken),
        403: _FORBIDDEN,
        404: _NOT_FOUND,
        409: problem(
            "Another was first, or the case is decided, closed or holds something else now."
        ),
        415: _OTHER_TYPE,
        422: _INVALID,
    },
}
ACT_ON_CASES: Final[dict[str, Any]] = {
    "operation_id": "act_on_cases",
    "summary": "Do one act about many cases",
    "responses": {
        200: answer("What became of each case.", BulkOutcomes),
        403: _FORBIDDEN,
        415: _OTHER_TYPE,
        422: _INVALID,
    },
}
