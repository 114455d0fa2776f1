"""What the routes of accounts and instruments are for and answer, by status."""

from typing import Any, Final

from backoffice.front_office.account_models import (
    AccountBalances,
    AccountPositions,
    Inventory,
    Price,
    Product,
)
from backoffice.front_office.answers import answer, problem

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_NO_ACCOUNT: Final = problem("The books know no such account of the caller's.")
_NO_PRODUCT: Final = problem("The books know no such instrument.")

GET_POSITIONS: Final[dict[str, Any]] = {
    "operation_id": "get_positions",
    "summary": "See what an account holds, as of the latest close",
    "responses": {
        200: answer("A page of the account's positions.", AccountPositions),
        404: _NO_ACCOUNT,
        422: problem("A parameter is not as it is described; the problem names it."),
    },
}
GET_BALANCES: Final[dict[str, Any]] = {
    "operation_id": "get_balances",
    "summary": "See an account's money, buying power and margin, as of the latest close",
    "responses": {
        200: answer("What the account has and could buy for.", AccountBalances),
        404: _NO_ACCOUNT,
    },
}
GET_INVENTORY: Final[dict[str, Any]] = {
    "operation_id": "get_inventory",
    "summary": "See what the firm can sell or deliver of an instrument",
    "responses": {
        200: answer("What the firm has, and what is due.", Inventory),
        404: _NO_PRODUCT,
    },
}
GET_PRICE: Final[dict[str, Any]] = {
    "operation_id": "get_price",
    "summary": "See the latest close of an instrument, where it came from and how old it is",
    "responses": {
        200: answer("The latest close.", Price),
        404: problem("The books know no such instrument, or no close of it."),
    },
}
GET_PRODUCT: Final[dict[str, Any]] = {
    "operation_id": "get_product",
    "summary": "See what sales may say of an instrument",
    "responses": {200: answer("Facts, inventory and price.", Product), 404: _NO_PRODUCT},
}
GET_SHEET: Final[dict[str, Any]] = {
    "operation_id": "get_product_sheet",
    "summary": "Fetch a sheet of an instrument that sales may hand on",
    "responses": {
        200: {
            "description": "Facts, price and inventory on paper, in English or Icelandic.",
            "content": {"application/pdf": _BINARY, "text/html": _BINARY},
        },
        404: _NO_PRODUCT,
        422: problem("A parameter is not as it is described; the problem names it."),
    },
}
