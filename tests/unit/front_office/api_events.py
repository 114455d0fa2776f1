"""HTTP API events and one good trade, for tests."""

import json
from dataclasses import dataclass
from typing import Any

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


def event(
    method: str,
    path: str,
    body: object = None,
    *,
    client: str | None = "app1",
    stage: str = "v1",
    in_path: bool = True,
    content_type: str = "application/json",
) -> dict[str, Any]:
    claims = {"authorizer": {"jwt": {"claims": {"client_id": client}, "scopes": None}}}
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": f"/{stage}{path}" if in_path else path,
        "rawQueryString": "",
        "headers": {"content-type": content_type},
        "requestContext": {
            "stage": stage,
            "requestId": "1",
            "http": {"method": method, "path": path},
            **(claims if client else {}),
        },
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }
