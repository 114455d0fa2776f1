"""What the routes of many trades, of references and of a trade's status are for and answer."""

from typing import Any, Final

from backoffice.front_office.answers import answer, problem
from backoffice.front_office.bulk_models import FoundTrades, TradeOutcomes, TradeStatus

_NO_CLIENT: Final = problem("The token names no client.")

SEND_TRADES: Final[dict[str, Any]] = {
    "operation_id": "send_trades",
    "summary": "Send many trades, each with an outcome of its own",
    "responses": {
        207: answer("What became of each; nothing is previewed.", TradeOutcomes),
        401: _NO_CLIENT,
        415: problem("The body is of another type than JSON."),
        422: problem("The body is no list of 1 to 500 trades: nothing of it was taken."),
    },
}
FIND_TRADES: Final[dict[str, Any]] = {
    "operation_id": "find_trades",
    "summary": "Ask whether a trade arrived, by the caller's own id of it alone",
    "responses": {
        200: answer(
            "What was accepted under it in the last 35 days; nothing is no error.", FoundTrades
        ),
        401: _NO_CLIENT,
        422: problem("There is no reference, or it is too long."),
    },
}
GET_STATUS: Final[dict[str, Any]] = {
    "operation_id": "get_trade_status",
    "summary": "See what became of a trade, and which cases hold it back",
    "responses": {
        200: answer("The latest state of one of the caller's trades.", TradeStatus),
        401: _NO_CLIENT,
        404: problem("No such trade of the caller's was accepted."),
    },
}
