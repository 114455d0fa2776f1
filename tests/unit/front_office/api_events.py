"""HTTP API events and one good trade, for tests."""

import json
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

GOOD: dict[str, str] = {
    "trade_id": "T1",
    "account_id": "A1",
    "side": "BUY",
    "isin": "US0378331005",
    "quantity": "100",
    "price": "50.25",
    "currency": "USD",
    "trade_time": "2026-04-07T15:00:00Z",
    "venue": "XNYS",
    "counterparty": "54930084UKLVMY22DS16",
    "capacity": "AGENCY",
    "commission": "5.00",
}


@dataclass(frozen=True)
class Context:
    """What a Lambda context says."""

    function_name: str = "accept_trade"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:000000000000:function:accept_trade"
    aws_request_id: str = "1"


class Options(TypedDict, total=False):
    """Who asks, and how."""

    client: str | None
    stage: str
    in_path: bool
    content_type: str


def event(
    method: str, path: str, body: object = None, **options: Unpack[Options]
) -> dict[str, Any]:
    """Return the event of a request by app1, unless the options say otherwise."""
    client, stage = options.get("client", "app1"), options.get("stage", "v1")
    claims = {"authorizer": {"jwt": {"claims": {"client_id": client}, "scopes": None}}}
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": f"/{stage}{path}" if options.get("in_path", True) else path,
        "rawQueryString": "",
        "headers": {"content-type": options.get("content_type", "application/json")},
        "requestContext": {
            "stage": stage,
            "requestId": "1",
            "http": {"method": method, "path": path},
            **(claims if client else {}),
        },
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }
