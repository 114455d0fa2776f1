"""The exceptions desk: show a case, act on it, act on many."""

import os
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.front_office import case_answers
from backoffice.front_office.case_desk import (
    STATUS_OF,
    CaseDesk,
    UnknownCaseError,
    act,
    act_on_many,
    show_case,
)
from backoffice.front_office.case_models import (
    ActRequest,
    ActTaken,
    BulkOutcomes,
    BulkRequest,
    CaseDetail,
)
from backoffice.front_office.people import person_of
from backoffice.routes.json_api import claims, json_api, on, problem, resolve
from backoffice.stores.executions import start_once
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

if TYPE_CHECKING:
    from backoffice.formats.sealed_columns import SealedColumns

LOGGER = Logger()
WIRING = Wiring()
APP = json_api()


@APP.get("/cases/<case_id>", **case_answers.SHOW_CASE)
def get_case(
    case_id: str, start: Annotated[int, Query(ge=0, le=10**9)] = 0
) -> Response[CaseDetail | str]:
    """Answer an open case with its trail and a page of its members."""
    shown = show_case(_desk(), case_id, _reader(), datetime.now(UTC), start)
    return Response(HTTPStatus.OK, content_type="application/json", body=shown)


@APP.post("/cases/<case_id>/acts", **case_answers.ACT_ON_CASE)
def post_act(case_id: str, request: Annotated[ActRequest, Body()]) -> Response[ActTaken | str]:
    """Take an act of the caller about a case."""
    taken = act(_desk(), case_id, _person(), request, datetime.now(UTC))
    LOGGER.info("%s", request.verb, extra={"case_id": case_id, "number": taken.number})
    return Response(HTTPStatus.CREATED, content_type="application/json", body=taken)


@APP.post("/cases/acts", **case_answers.ACT_ON_CASES)
def post_acts(request: Annotated[BulkRequest, Body()]) -> Response[BulkOutcomes | str]:
    """Take one act of the caller about many cases, each by itself."""
    outcomes = act_on_many(_desk(), _person(), request, datetime.now(UTC))
    body = BulkOutcomes(outcomes=tuple(outcomes))
    return Response(HTTPStatus.OK, content_type="application/json", body=body)


@on(APP, UnknownCaseError)
def no_such_case(error: UnknownCaseError) -> Response[Any]:
    """Answer 404 as a problem."""
    return problem(HTTPStatus.NOT_FOUND, str(error))


@on(APP, ActRefusedError)
def refused(error: ActRefusedError) -> Response[Any]:
    """Answer 403, 409 or 422: to this person, as the case stands, or ever."""
    return problem(HTTPStatus(STATUS_OF[error.why]), str(error))


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return resolve(APP, event, context)


def _desk() -> CaseDesk:
    cases = ServedTable(WIRING.dynamodb, WIRING.settings.cases_table)
    return CaseDesk(cases, WIRING.records, _resolve, _seals)


def _seals() -> "SealedColumns":
    # few cases hold a name: what opens one is not loaded for all the others
    from backoffice.formats.sealed_columns import SealedColumns  # noqa: PLC0415

    return SealedColumns(WIRING.client_keys)


def _resolve(case_id: str, number: int) -> None:
    start_once(
        WIRING.stepfunctions,
        os.environ["RESOLVE_CASE_MACHINE"],
        f"{case_id}-{number}",
        {"case_id": case_id, "number": number},
    )


def _person() -> Person:
    return person_of(claims(APP))


def _reader() -> Person:
    """Return who reads; an app is nobody, and no name is opened for it."""
    try:
        return _person()
    except ActRefusedError:
        return Person(name="", groups=())
