"""What the document says of every route alike: tags, keys of requests, how often one may call."""

from typing import Any, Final

from backoffice.front_office.answers import PROBLEM
from infra.capabilities.front_door import Route

METERED: Final = frozenset({"AcceptTrade", "ShowAccounts", "ShowTrades", "ShowDocuments"})
"""The functions that count an app's calls and remember its requests."""
_TEXT: Final = {"type": "string"}
_RETRY_AFTER: Final = {"description": "Seconds until there is a call.", "schema": _TEXT}
_ETAG: Final = {"description": "What is found, as a tag.", "schema": _TEXT}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what the caller has.",
    "schema": _TEXT,
}
_IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "A name of this request: sent again with the same key within a day it is answered the "
        "same; another request of the same key is refused with 422."
    ),
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
}

EXAMPLE: Final = {
    "trade_id": "T-1",
    "account_id": "C-1",
    "side": "BUY",
    "isin": "US0378331005",
    "quantity": "100",
    "price": "50.25",
    "currency": "USD",
    "trade_time": "2026-04-07T15:00:00Z",
    "venue": "XNYS",
    "counterparty": "54930084UKLVMY22DS16",
    "capacity": "AGENCY",
}
"""A trade as it may be sent."""


def say_across(operation: dict[str, Any], route: Route) -> None:
    """Say how a caller says what it has already or asks the same again, and may call how often."""
    answers = operation["responses"]
    if route.function in METERED:
        answers["429"]["content"][PROBLEM] = {"schema": {"$ref": "#/components/schemas/Problem"}}
        answers["429"]["headers"] = {"Retry-After": _RETRY_AFTER}
    if route.function != "DescribeApi":
        _remember(operation, route)


def _remember(operation: dict[str, Any], route: Route) -> None:
    """Say how a caller says what it has already, or asks the same again."""
    parameters = operation.setdefault("parameters", [])
    if route.method.value == "GET":
        parameters.append(_IF_NONE_MATCH)
        operation["responses"]["304"] = {"description": "The caller has it already."}
        operation["responses"]["200"]["headers"] = {"ETag": _ETAG}
    elif route.function in METERED:
        parameters.append(_IDEMPOTENCY_KEY)
