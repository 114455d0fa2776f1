"""What the API's routes are for and answer, by status, as its document describes them."""

from typing import Any, Final

from pydantic import BaseModel

from backoffice.front_office.found_records import FoundRecords
from backoffice.front_office.models import AcceptedTrade, CheckAnswer, Problem, TradeReceipt
from backoffice.front_office.open_cases import OpenCases

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"


class Health(BaseModel):
    """That the function runs."""

    status: str


def answer(description: str, model: type[BaseModel], kind: str = JSON) -> dict[str, Any]:
    """Describe an answer of a route."""
    return {"description": description, "content": {kind: {"model": model}}}


def problem(description: str) -> dict[str, Any]:
    """Describe a problem that a route answers."""
    return answer(description, Problem, PROBLEM)


_NO_CLIENT: Final = problem("The token names no client.")

SEND_TRADE: Final[dict[str, Any]] = {
    "operation_id": "send_trade",
    "summary": "Send a trade, its amendment or its cancellation",
    "responses": {
        200: answer("The same trade was accepted before: nothing changed.", TradeReceipt),
        201: answer("The trade is accepted.", TradeReceipt),
        401: _NO_CLIENT,
        409: problem("A trade of this identity was accepted with other content."),
        415: problem("The body is of another type than JSON."),
        422: problem("The trade is rejected; the problem says its code and field."),
    },
}
GET_TRADE: Final[dict[str, Any]] = {
    "operation_id": "get_trade",
    "summary": "See what was accepted of a trade",
    "responses": {
        200: answer("What was accepted of one of the caller's trades.", AcceptedTrade),
        401: _NO_CLIENT,
        404: problem("No such trade of the caller's was accepted."),
    },
}
CHECK_ORDER: Final[dict[str, Any]] = {
    "operation_id": "check_order",
    "summary": "Ask whether an order would clear, and why not",
    "responses": {
        200: answer("What clearing would say now.", CheckAnswer),
        401: _NO_CLIENT,
        409: problem("No business day has been cut off: nothing is known to check by."),
        415: problem("The body is of another type than JSON."),
        422: problem("It is no order; the problem says the code and the field."),
    },
}
LIST_CASES: Final[dict[str, Any]] = {
    "operation_id": "list_cases",
    "summary": "List what waits for a person",
    "responses": {200: answer("Every open case.", OpenCases)},
}
SEARCH_RECORDS: Final[dict[str, Any]] = {
    "operation_id": "search_records",
    "summary": "Find records and the rows in them",
    "responses": {
        200: answer("A page of what holds for everything that is given.", FoundRecords),
        422: problem("A parameter is not as it is described; the problem names it."),
    },
}
GET_HEALTH: Final[dict[str, Any]] = {
    "operation_id": "get_health",
    "summary": "Ask whether the API answers",
    "responses": {200: answer("It does.", Health)},
}
