"""What every call of an app passes: its bucket of tokens, and the memory of its requests."""

import time
from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.front_office.idempotency import BadKeyError, answered_once
from backoffice.front_office.models import Problem
from backoffice.front_office.token_bucket import Meter, Rate
from backoffice.routes.json_api import resolve
from backoffice.stores.caller_table import CallerTable
from backoffice.stores.wiring import Wiring

DOCUMENT_TYPES: Final = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
"""What documents are handed out as, by their format; their bodies are in base 64."""
_PROBLEM: Final = "application/problem+json"
_TOO_MANY: Final = "This client has called more often than it may."
_KEY: Final = "idempotency-key"


class FrontDesk:
    """Answers the calls of apps, each as often as it may call."""

    def __init__(self, app: APIGatewayHttpResolver, wiring: Wiring) -> None:
        self._app = app
        self._wiring = wiring

    @cached_property
    def _table(self) -> CallerTable:
        return CallerTable(self._wiring.dynamodb, self._wiring.settings.front_office_table)

    @cached_property
    def _meter(self) -> Meter:
        settings = self._wiring.settings
        return Meter(Rate(settings.calls_per_second, settings.calls_at_once))

    def answer(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Take an HTTP API event; return its answer, 429 where the client called too often."""
        client = _client(event)
        if client and self._wiring.settings.calls_per_second:
            wait = self._meter.seconds_to_wait(self._table, client, time.time_ns() // 10**6)
            if wait:
                said = _problem(HTTPStatus.TOO_MANY_REQUESTS, _TOO_MANY)
                return {**said, "headers": {**said["headers"], "Retry-After": str(wait)}}
        key = (event.get("headers") or {}).get(_KEY)
        if key is None or not client or event["requestContext"]["http"]["method"] != "POST":
            return resolve(self._app, event, context)
        try:
            return answered_once(
                self._table,
                client,
                key,
                _request(event),
                time.time_ns() // 10**9,
                lambda: resolve(self._app, event, context),
            )
        except BadKeyError as error:
            return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), "Idempotency-Key")

    def answer_documents(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer as `answer` does; a document's body is said to be in base 64."""
        answer = self.answer(event, context)
        # the router takes bytes for text when it checks answers
        is_document = answer["headers"].get("Content-Type") in DOCUMENT_TYPES.values()
        return {**answer, "isBase64Encoded": True} if is_document else answer


def _client(event: Mapping[str, Any]) -> str:
    authorizer = event["requestContext"].get("authorizer") or {}
    return str(((authorizer.get("jwt") or {}).get("claims") or {}).get("client_id", ""))


def _request(event: Mapping[str, Any]) -> bytes:
    """Return what is asked, so that two requests are the same only when all of it is."""
    http = event["requestContext"]["http"]
    said = (http["method"], event["rawPath"], event.get("rawQueryString", ""))
    kind = (event.get("headers") or {}).get("content-type", "")
    return "\n".join((*said, kind, event.get("body") or "")).encode("utf-8", "surrogatepass")


def _problem(status: HTTPStatus, detail: str, field: str | None = None) -> dict[str, Any]:
    body = Problem(title=status.phrase, status=status, detail=detail, field=field)
    return {
        "statusCode": status.value,
        "headers": {"Content-Type": _PROBLEM},
        "body": body.to_json(),
        "isBase64Encoded": False,
    }
