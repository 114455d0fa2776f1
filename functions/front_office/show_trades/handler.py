"""Tell an app whether a trade arrived, and what became of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

import polars as pl
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import UnauthorizedError
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.clearance.served_cases import CASES
from backoffice.front_office import trade_answers as answers
from backoffice.front_office.accept_trade import find_trade
from backoffice.front_office.bulk_models import FoundTrades, TradeStatus
from backoffice.front_office.trade_status import StatusDesk, find_by_reference, status_of
from backoffice.records.served_register import REGISTER
from backoffice.reference.tables import empty_table
from backoffice.routes.callers import FrontDesk
from backoffice.routes.json_api import json_api, on, problem
from backoffice.routes.partners import partner_of
from backoffice.stores.accepted_trades import AcceptedTradeTable
from backoffice.stores.parquet import from_parquet
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

_JSON: Final = "application/json"
_NO_TRADE: Final = "No such trade of yours was accepted."
_LONGEST: Final = 200

LOGGER = Logger()
WIRING = Wiring()
APP = json_api()
DESK = FrontDesk(APP, WIRING)


@APP.get("/trades", **answers.FIND_TRADES)
def find_trades(
    reference: Annotated[str, Query(min_length=1, max_length=_LONGEST)],
) -> Response[FoundTrades | str]:
    """Answer what was accepted of the caller's trades of that trade_id."""
    today = datetime.now(UTC).date()
    found = find_by_reference(_accepted(), partner_of(APP), reference, today)
    return Response(HTTPStatus.OK, content_type=_JSON, body=found)


@APP.get("/trades/<trade_date>/<trade_id>/status", **answers.GET_STATUS)
def get_trade_status(trade_date: str, trade_id: str) -> Response[TradeStatus | str]:
    """Answer what became of one of the caller's trades."""
    trade = find_trade(_accepted(), partner_of(APP), trade_date, trade_id)
    if trade is None:
        return problem(HTTPStatus.NOT_FOUND, _NO_TRADE)
    tables = WIRING.settings
    item = _table(tables.balances_table).get(REGISTER, str(trade.trade_date)) or {}
    cases = _table(tables.cases_table)
    desk = StatusDesk(item.get("parts", ()), _read, _accounts, lambda: cases.query(CASES))
    return Response(HTTPStatus.OK, content_type=_JSON, body=status_of(desk, trade))


@on(APP, UnauthorizedError)
def without_client(error: UnauthorizedError) -> Response[str]:
    """Answer 401 as a problem."""
    return problem(HTTPStatus.UNAUTHORIZED, str(error))


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return DESK.answer(event, context)


def _table(name: str) -> ServedTable:
    return ServedTable(WIRING.dynamodb, name)


def _accepted() -> AcceptedTradeTable:
    return AcceptedTradeTable(WIRING.dynamodb, WIRING.settings.intake_table)


def _read(key: str) -> pl.DataFrame:
    return from_parquet(WIRING.records.read_bytes(key))


def _accounts() -> pl.DataFrame:
    """Read the accounts on record."""
    pointer: Mapping[str, Any] = _table(WIRING.settings.reference_table).get(
        "BOOKS", "REFERENCE"
    ) or {"parts": {}}
    key = pointer["parts"].get("accounts")
    return _read(key) if key else empty_table("accounts")
