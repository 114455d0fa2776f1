"""Search the records for the broker's people."""

from datetime import date
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.clearance.confidential import COMPLIANCE
from backoffice.front_office import answers
from backoffice.front_office.found_records import FoundRecords
from backoffice.front_office.groups import groups_of
from backoffice.records.search.find import BadCursorError, Finder
from backoffice.records.search.find import Query as Asked
from backoffice.routes.json_api import claims, json_api, on, problem, resolve
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
WIRING = Wiring()
APP = json_api()
_JSON = "application/json"
_LONGEST = 200
_LONGEST_CURSOR = 1_000

_Text = Annotated[str | None, Query(max_length=_LONGEST)]


@cache
def _finder() -> Finder:
    return Finder(WIRING.work)


@APP.get("/records", **answers.SEARCH_RECORDS)
def search_records(  # noqa: PLR0913, PLR0917 - a parameter each
    id: _Text = None,  # noqa: A002 - as it is called in the address
    account: _Text = None,
    counterparty: _Text = None,
    instrument: _Text = None,
    kind: _Text = None,
    since: date | None = None,
    until: date | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=_LONGEST_CURSOR)] = None,
) -> Response[FoundRecords | str]:
    """Answer a page of what holds for everything that is given, and the caller may know of."""
    asked = Asked(
        id=id,
        account=account,
        counterparty=counterparty,
        instrument=instrument,
        kind=kind,
        since=None if since is None else str(since),
        until=None if until is None else str(until),
        limit=limit,
        cursor=cursor,
        confidential=COMPLIANCE in groups_of(claims(APP)),
    )
    body = FoundRecords.model_validate(_finder().find(asked).model_dump())
    return Response(HTTPStatus.OK, content_type=_JSON, body=body)


@on(APP, BadCursorError)
def no_cursor(error: BadCursorError) -> Response[Any]:
    """Answer 422 as a problem."""
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), field="cursor")


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return resolve(APP, event, context)
