"""The exceptions desk: show a case, act on it, act on many."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar, cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)
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
from backoffice.front_office.http_events import of_json, staged
from backoffice.front_office.json_bodies import Twice, read_body
from backoffice.front_office.models import Problem
from backoffice.front_office.people import person_of
from backoffice.stores.executions import start_once
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

Handler = TypeVar("Handler", bound=Callable[..., Response[Any]])

_NO_OBJECT: Final = "The body must be one JSON object as the document describes it."

LOGGER = Logger()
WIRING = Wiring()
APP = APIGatewayHttpResolver(enable_validation=True, json_body_deserializer=read_body)


def _on(error: type[Exception]) -> Callable[[Handler], Handler]:
    """Answer an error by the function below; the router's own decorator is untyped."""
    return cast("Callable[[Handler], Handler]", APP.exception_handler(error))


@APP.get("/cases/<case_id>", **case_answers.SHOW_CASE)
def get_case(
    case_id: str, start: Annotated[int, Query(ge=0, le=10**9)] = 0
) -> Response[CaseDetail | str]:
    """Answer an open case with its trail and a page of its members."""
    return Response(
        HTTPStatus.OK, content_type="application/json", body=show_case(_desk(), case_id, start)
    )


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


@APP.not_found
def no_such_route(_error: NotFoundError) -> Response[Any]:
    """Answer 404 as a problem."""
    return _problem(HTTPStatus.NOT_FOUND, "There is nothing at this path.")


@_on(UnknownCaseError)
def no_such_case(error: UnknownCaseError) -> Response[Any]:
    """Answer 404 as a problem."""
    return _problem(HTTPStatus.NOT_FOUND, str(error))


@_on(ActRefusedError)
def refused(error: ActRefusedError) -> Response[Any]:
    """Answer 403, 409 or 422: to this person, as the case stands, or ever."""
    return _problem(HTTPStatus(STATUS_OF[error.why]), str(error))


@_on(RequestUnsupportedContentType)
def of_another_type(_error: RequestUnsupportedContentType) -> Response[Any]:
    """Answer 415 as a problem."""
    return _problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")


@_on(UnicodeDecodeError)
def of_other_bytes(_error: UnicodeDecodeError) -> Response[Any]:
    """Answer 422 to a body that is no UTF-8."""
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, _NO_OBJECT)


@_on(RequestValidationError)
def of_another_shape(error: RequestValidationError) -> Response[Any]:
    """Answer 422 to what is not as the document describes it, by the first field that is not."""
    first = error.errors()[0]
    place = ".".join(str(step) for step in first["loc"])
    why = "stands there twice" if isinstance(first.get("input"), Twice) else first["msg"]
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {why}", place)


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return APP.resolve(of_json(staged(event)), context)


def _desk() -> CaseDesk:
    cases = ServedTable(WIRING.dynamodb, WIRING.settings.cases_table)
    return CaseDesk(cases, WIRING.records, _resolve)


def _resolve(case_id: str, number: int) -> None:
    start_once(
        WIRING.stepfunctions,
        os.environ["RESOLVE_CASE_MACHINE"],
        f"{case_id}-{number}",
        {"case_id": case_id, "number": number},
    )


def _person() -> Person:
    authorizer = APP.current_event.request_context.authorizer
    return person_of((authorizer and authorizer.jwt_claim) or {})


def _problem(status: HTTPStatus, detail: str, field: str | None = None) -> Response[Any]:
    problem = Problem(title=status.phrase, status=status, detail=detail, field=field)
    return Response(status, content_type="application/problem+json", body=problem.to_json())
