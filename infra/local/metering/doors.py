"""Count what comes through the front door, and the events, queues, topics and keys behind it."""

import json
from typing import Any, Final

import ministack.services.apigateway as gateway
import ministack.services.eventbridge as events
import ministack.services.kms as keys
import ministack.services.sns as topics
import ministack.services.sqs as queues
import ministack.services.stepfunctions as executions
from ministack.services import cognito

from infra.local.metering import meters
from infra.local.metering.book import Book
from infra.local.metering.hooks import Function, from_its_caller, put_around
from infra.local.metering.tally import APP, HERE, add

_REQUEST: Final = "method path headers body query_params"
_EXECUTE: Final = "api_id stage path method headers body query_params raw_query_string"
_API_CHUNK: Final = 512 * 1024
_EVENT_CHUNK: Final = 64 * 1024
_ACCESS_LINE_BYTES: Final = 250
"""A line of the access log, with what CloudWatch bills beside it."""
_TRADES: Final = "POST /trades"
_ACCEPTED: Final = 201
_OK: Final = 200
_OPT_IN: Final = "aws.s3"
_OWN: Final = "aws."


def attach(book: Book) -> None:
    """Count the emulator's requests, tokens, events and messages from now on."""
    put_around(gateway, "handle_execute", _EXECUTE, lambda handle: _counted_call(book, handle))
    put_around(cognito, "handle_oauth2_token", _REQUEST, lambda give: _counted_token(book, give))
    put_around(events, "_dispatch_event", "event view", _counted_event)
    for module, meter in (
        (queues, meters.QUEUE_REQUESTS),
        (topics, meters.TOPIC_REQUESTS),
        (keys, meters.KEY_REQUESTS),
    ):
        put_around(module, "handle_request", _REQUEST, _counted_request(meter))
    for module in (queues, topics, keys, events, executions):
        put_around(module, "handle_request", _REQUEST, from_its_caller(book))


def _counted_call(book: Book, handle: Function) -> Function:
    async def handle_counted(
        api_id: str, stage: str, path: str, method: str, headers: object, body: bytes, *more: object
    ) -> Any:  # noqa: ANN401 - the emulator's own
        route = f"{method} /{path.strip('/').partition('/')[0]}"
        place = book.outsider(APP, route)
        token = HERE.set(place)
        try:
            answer = await handle(api_id, stage, path, method, headers, body, *more)
        finally:
            HERE.reset(token)
        place.add(meters.API_REQUESTS, max(1, -(-len(body or b"") // _API_CHUNK)))
        place.add(meters.LOG_BYTES, _ACCESS_LINE_BYTES)
        place.add(meters.SENT_OUT_BYTES, len(answer[2] or b""))
        if route == _TRADES and answer[0] == _ACCEPTED:
            place.add(meters.ACCEPTED)
        return answer

    return _with_names(handle_counted)


def _with_names(handle: Function) -> Function:
    """Let the last argument, the raw query, be named as its caller names it."""

    async def handle_named(*given: object, **named: object) -> Any:  # noqa: ANN401
        return await handle(*given, *named.values())

    return handle_named


def _counted_token(book: Book, give: Function) -> Function:
    async def give_counted(*given: object) -> Any:  # noqa: ANN401 - the emulator's own
        answer = await give(*given)
        if answer[0] == _OK:
            book.outsider(APP, "POST /oauth2/token").add(meters.TOKENS)
        return answer

    return give_counted


def _counted_event(dispatch: Function) -> Function:
    """Count custom events, and S3's, which are asked for; AWS's own others are free."""

    def dispatch_counted(event: dict[str, Any], view: object = None) -> None:
        source = str(event.get("Source", ""))
        if source == _OPT_IN or not source.startswith(_OWN):
            size = len(str(event.get("Detail", ""))) + len(json.dumps(event.get("Resources", [])))
            add(meters.EVENTS, max(1, -(-size // _EVENT_CHUNK)))
        dispatch(event, view)

    return dispatch_counted


def _counted_request(meter: str) -> Any:  # noqa: ANN401 - a maker of counters
    def make(handle: Function) -> Function:
        async def handle_counted(*given: object) -> Any:  # noqa: ANN401 - the emulator's own
            add(meter)
            return await handle(*given)

        return handle_counted

    return make
