"""The HTTP API in one process: what the gateway does by itself, then the real handlers.

Routes and scopes are those of the served document; that the template has the same is for
tests/infra. A path without a route is a 404, whatever the method, as HTTP APIs answer.
"""

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import ModuleType
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import boto3

from backoffice.stores.objects import RecordBucket
from backoffice.stores.served_tables import ServedTable
from tests.handlers import FUNCTIONS, load_handler
from tests.simulation.house import House
from tests.unit.front_office.api_events import Context
from tests.unit.front_office.in_process import InProcess
from tests.unit.front_office.served_house import serve
from tests.unit.stores.aws import make_bucket, make_table

DOCUMENT: Final = FUNCTIONS / "front_office" / "describe_api" / "openapi.json"
STAGE: Final = "v1"
_HANDLERS: Final = {
    "send_trade": "front_office/accept_trade",
    "check_order": "front_office/accept_trade",
    "get_trade": "front_office/accept_trade",
    "send_trades": "front_office/accept_trade",
    "find_trades": "front_office/show_trades",
    "get_trade_status": "front_office/show_trades",
    "get_positions": "front_office/show_accounts",
    "get_balances": "front_office/show_accounts",
    "get_inventory": "front_office/show_products",
    "get_product": "front_office/show_products",
    "get_product_sheet": "front_office/show_products",
    "get_price": "front_office/show_products",
    "list_own_documents": "front_office/show_documents",
    "get_own_document": "front_office/show_documents",
    "get_health": "front_office/accept_trade",
    "list_cases": "clearance/list_cases",
    "show_case": "clearance/decide_cases",
    "act_on_case": "clearance/decide_cases",
    "act_on_cases": "clearance/decide_cases",
    "add_document": "clearance/keep_documents",
    "list_documents": "clearance/keep_documents",
    "show_document": "clearance/keep_documents",
    "search_records": "records/search_records",
    "describe_api": "front_office/describe_api",
}

_NOTHING: Final = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'

Environ = Mapping[str, Any]
Start = Callable[[str, list[tuple[str, str]]], object]


@dataclass(frozen=True)
class Caller:
    """Whom a token was issued to, and for what; a person has a name and groups."""

    client: str
    scopes: frozenset[str]
    groups: tuple[str, ...] | None = None

    @property
    def claims(self) -> dict[str, str]:
        """What the gateway hands on of the token."""
        said = {"client_id": self.client, "scope": " ".join(sorted(self.scopes))}
        if self.groups is None:
            return said
        groups = {"cognito:groups": f"[{' '.join(self.groups)}]"} if self.groups else {}
        return {**said, "client_id": "console", "username": self.client, **groups}


_TRADE: Final = frozenset(
    f"backoffice/{scope}" for scope in ("trades.write", "positions.read", "documents.read")
)
APP = Caller("app", _TRADE | {"accounts/C-*"})
OTHER_APP = Caller("other-app", _TRADE | {"accounts/H-1"})
DESK = Caller("desk", frozenset({"backoffice/cases.read"}))
_DECIDE: Final = frozenset(
    f"backoffice/{scope}"
    for scope in ("cases.read", "cases.decide", "customers.read", "customers.write", "records.read")
)
MAKER = Caller("maker", _DECIDE, ("case-makers",))
CHECKER = Caller("checker", _DECIDE, ("case-checkers",))
BOTH = Caller("both", _DECIDE, ("case-checkers", "case-makers"))
CLERK = Caller("clerk", _DECIDE, ())
OFFICER = Caller("officer", _DECIDE, ("case-checkers", "case-makers", "compliance"))
CALLERS: Final = {
    f"token-of-{caller.client}": caller
    for caller in (APP, OTHER_APP, DESK, MAKER, CHECKER, BOTH, CLERK, OFFICER)
}


@dataclass(frozen=True)
class Route:
    """One operation of the document: its path's shape, who may call it, who answers."""

    method: str
    path: str
    scopes: frozenset[str] | None
    handler: ModuleType

    def matches(self, method: str, path: str) -> bool:
        """Tell whether a request is for it; a placeholder takes one piece of the path."""
        shape = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(self.path))
        return method == self.method and re.fullmatch(shape, path) is not None


class Gateway:
    """A WSGI application; `serve_cases` puts cases where the desk's list comes from."""

    def __init__(self) -> None:
        """Make the tables and the bucket; the caller has moto stand for AWS."""
        make_bucket("records")
        make_bucket("keys")
        make_bucket("work")
        make_table("intake")
        make_table("front_office")
        make_table("reference")
        make_table("balances")
        self._machine()
        self.key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
        self._cases = ServedTable(make_table("cases"), "cases")
        loaded = {path: load_handler(path) for path in sorted(set(_HANDLERS.values()))}
        # moto runs no function without containers: what one invokes is run here
        loaded["front_office/show_products"].WIRING.__dict__["lambdas"] = InProcess()
        document = json.loads(DOCUMENT.read_text())
        self.routes = [
            _route(method, path, operation, loaded)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        ]

    def _machine(self) -> None:
        self._executions = boto3.client("stepfunctions")
        self.machine = self._executions.create_state_machine(
            name="resolve-case", definition=_NOTHING, roleArn="arn:aws:iam::000000000000:role/any"
        )["stateMachineArn"]

    def started(self) -> list[dict[str, Any]]:
        """Return what decisions have started: the input of each execution."""
        found = self._executions.list_executions(stateMachineArn=self.machine)["executions"]
        runs = [self._executions.describe_execution(executionArn=r["executionArn"]) for r in found]
        return [json.loads(run["input"]) for run in runs]

    def serve_house(self, house: House) -> None:
        """Let these be the books that are served."""
        client = boto3.client("s3")
        serve(house, RecordBucket(client, "records"), boto3.client("dynamodb"))

    def serve_cases(self, items: list[dict[str, Any]]) -> None:
        """Let these be the open cases."""
        self._cases.replace_all(items)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer a request."""
        answer = self._answer(environ)
        status = HTTPStatus(answer["statusCode"])
        body = answer.get("body", "").encode()
        if answer.get("isBase64Encoded"):
            body = base64.b64decode(body)
        headers = {**answer["headers"], "Content-Length": str(len(body))}
        start_response(f"{status.value} {status.phrase}", list(headers.items()))
        return [body]

    def _answer(self, environ: Environ) -> dict[str, Any]:
        method, path = environ["REQUEST_METHOD"], _path(environ)
        route = next((each for each in self.routes if each.matches(method, path)), None)
        if route is None:
            return _message(HTTPStatus.NOT_FOUND)
        caller = None
        if route.scopes is not None:
            caller = _caller(environ)
            if caller is None:
                return _message(HTTPStatus.UNAUTHORIZED)
            if not caller.scopes & route.scopes:
                return _message(HTTPStatus.FORBIDDEN)
        event = _event(environ, route, unquote(path), caller)
        answered: dict[str, Any] = route.handler.main(event, Context())
        return answered


def _route(
    method: str, path: str, operation: Mapping[str, Any], loaded: Mapping[str, ModuleType]
) -> Route:
    asked = [scope for each in operation.get("security", []) for scope in each["token"]]
    handler = loaded[_HANDLERS[operation["operationId"]]]
    return Route(method.upper(), path, frozenset(asked) if asked else None, handler)


def _path(environ: Environ) -> str:
    """Return the path after the stage as it was asked for, where the server tells it."""
    raw = str(environ.get("REQUEST_URI") or environ["PATH_INFO"])
    return raw.partition("?")[0].removeprefix(f"/{STAGE}")


def _caller(environ: Environ) -> Caller | None:
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return CALLERS.get(token) if scheme.lower() == "bearer" else None


def _message(status: HTTPStatus) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"message": status.phrase}),
    }


def _event(environ: Environ, route: Route, path: str, caller: Caller | None) -> dict[str, Any]:
    """Write the request as payload 2.0 does."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    claims = caller.claims if caller else {}
    event = {
        "version": "2.0",
        "routeKey": f"{route.method} {route.path}",
        "rawPath": f"/{STAGE}{path}",
        "rawQueryString": environ.get("QUERY_STRING", ""),
        "headers": headers,
        "requestContext": {
            "stage": STAGE,
            "requestId": "1",
            "http": {"method": route.method, "path": path},
            **({"authorizer": {"jwt": {"claims": claims, "scopes": None}}} if caller else {}),
        },
        "isBase64Encoded": False,
    }
    asked = dict(parse_qsl(event["rawQueryString"], keep_blank_values=True))
    return event | ({"queryStringParameters": asked} if asked else {}) | _body(body)


def _body(body: bytes) -> dict[str, Any]:
    """Hand text over as it is and other bytes in base 64; no body is no member."""
    if not body:
        return {}
    try:
        return {"body": body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
