"""Tell an app what its accounts have."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, NamedTuple

import polars as pl
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.front_office import account_answers as answers
from backoffice.front_office.account_models import (
    AccountBalances,
    AccountPositions,
)
from backoffice.front_office.account_views import AccountDesk, balances_of, positions_of
from backoffice.front_office.cursors import LONGEST_CURSOR, BadCursorError
from backoffice.front_office.preview import KnownReference
from backoffice.front_office.seen_accounts import may_see
from backoffice.front_office.served_accounts import ServedAccounts
from backoffice.front_office.served_products import all_products
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.product_shapes import PRODUCTS
from backoffice.reference.tables import empty_table
from backoffice.risk.margin import Market
from backoffice.risk.valuation import latest_on
from backoffice.routes.callers import FrontDesk
from backoffice.routes.json_api import claims, json_api, on, problem
from backoffice.stores.parquet import from_parquet
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

_JSON: Final = "application/json"
_NO_ACCOUNT: Final = "The books know no such account of yours."

LOGGER = Logger()
WIRING = Wiring()
APP = json_api()
DESK = FrontDesk(APP, WIRING)


class Pointers(NamedTuple):
    """What the books point to: the reference tables' parts, and the state that is served."""

    parts: Mapping[str, str]
    latest: Mapping[str, Any]


@APP.get("/accounts/<account_id>/positions", **answers.GET_POSITIONS)
def get_positions(
    account_id: str,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR)] = None,
) -> Response[AccountPositions | str]:
    """Answer a page of what an account of the caller's holds."""
    desk = _desk(account_id, _pointers())
    if desk is None:
        return problem(HTTPStatus.NOT_FOUND, _NO_ACCOUNT)
    return _found(positions_of(desk, limit, cursor))


@APP.get("/accounts/<account_id>/balances", **answers.GET_BALANCES)
def get_balances(account_id: str) -> Response[AccountBalances | str]:
    """Answer an account's money, buying power and margin, where it is the caller's."""
    pointers = _pointers()
    desk = _desk(account_id, pointers)
    if desk is None:
        return problem(HTTPStatus.NOT_FOUND, _NO_ACCOUNT)
    return _found(balances_of(desk, lambda: _market(pointers, desk.as_of), default_rulebook()))


@on(APP, BadCursorError)
def no_cursor(error: BadCursorError) -> Response[Any]:
    """Answer 422 as a problem."""
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), field="cursor")


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return DESK.answer(event, context)


def _found(body: Any) -> Response[Any]:  # noqa: ANN401 - any of the answers
    return Response(HTTPStatus.OK, content_type=_JSON, body=body)


def _balances() -> ServedTable:
    return ServedTable(WIRING.dynamodb, WIRING.settings.balances_table)


def _read_table(key: str) -> pl.DataFrame:
    return from_parquet(WIRING.records.read_bytes(key))


REFERENCE = KnownReference(_read_table)
ACCOUNTS = ServedAccounts(lambda pk, sk: _balances().get(pk, sk), _read_table)


def _today() -> date:
    return datetime.now(UTC).date()


def _pointers() -> Pointers:
    table = ServedTable(WIRING.dynamodb, WIRING.settings.reference_table)
    items = {item["sk"]: item for item in table.query("BOOKS")}
    return Pointers(items.get("REFERENCE", {}).get("parts", {}), items.get("LATEST", {}))


def _desk(account_id: str, pointers: Pointers) -> AccountDesk | None:
    """Return what is known of an account; None where the caller's token does not open it."""
    closed = pointers.latest.get("closed")
    if not closed or not may_see(claims(APP), account_id):
        return None
    found = _reference(pointers, "accounts").filter(account_id=account_id)
    if found.height != 1:
        return None
    row = found.row(0, named=True)
    account = {name: row[name] for name in ("account_id", "kind", "account_type", "currency")}
    books = ACCOUNTS.books_of(account_id, int(pointers.latest["buckets"]))
    return AccountDesk(account, books, date.fromisoformat(closed), _today())


def _reference(pointers: Pointers, kind: str) -> pl.DataFrame:
    key = pointers.parts.get(kind)
    return REFERENCE.table(key) if key else empty_table(kind)


def _market(pointers: Pointers, day: date) -> Market:
    """Return what things cost at the latest close, as the books value them."""
    known = all_products(_balances().query(PRODUCTS), from_parquet)
    if known is None:
        known = pl.DataFrame(schema={"isin": pl.String})
    closes = known.filter(pl.col("value_close_e8").is_not_null())
    return Market(
        closes=closes.select("isin", currency="close_currency", close_e8="value_close_e8"),
        rates=latest_on(_reference(pointers, "fx"), day, ["currency", "base"]),
        instruments=known.select("isin", "asset_class"),
    )
