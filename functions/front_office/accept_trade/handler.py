"""Take an app's trade, and tell what was taken."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, Final, NamedTuple

import polars as pl
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import UnauthorizedError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.clearance.listed_parties import HITS_FOUND, uncleared
from backoffice.clearance.short_claims import CLAIMS_SERVED
from backoffice.front_office import answers, trade_answers
from backoffice.front_office.accept_trade import TradeDesk, accept_trade, find_trade
from backoffice.front_office.bulk_models import BulkTrades, TradeOutcomes, outcome_of
from backoffice.front_office.bulk_trades import accept_trades
from backoffice.front_office.checks import CheckDesk, check_order
from backoffice.front_office.json_bodies import Twice
from backoffice.front_office.models import (
    AcceptedTrade,
    CheckAnswer,
    OrderRequest,
    Preview,
    Refusal,
    TradeReceipt,
    TradeRequest,
)
from backoffice.front_office.preview import KnownReference, LocatesInUse, preview_clearing
from backoffice.front_office.served_accounts import AccountBooks, ServedAccounts
from backoffice.front_office.unfit_trades import NAMELESS
from backoffice.intake.capture import venue_zones
from backoffice.intake.resolve import CONFLICTING_DUPLICATE
from backoffice.intake.trade_frames import CLAIM_SCHEMA
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.reference.lookup import ReferenceSnapshot
from backoffice.reference.tables import empty_table
from backoffice.routes.callers import FrontDesk
from backoffice.routes.json_api import json_api, on, problem
from backoffice.routes.partners import partner_of
from backoffice.stores.accepted_trades import AcceptedTradeTable
from backoffice.stores.parquet import from_parquet
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

_NO_TEXT: Final = "must be text: a number is written in quotes"
_TWICE: Final = "stands there twice"
_NO_OBJECT: Final = "The body must be one trade as a JSON object."

LOGGER = Logger()
WIRING = Wiring()
APP = json_api()
DESK = FrontDesk(APP, WIRING)


@APP.post("/trades", **answers.SEND_TRADE)
def post_trade(trade: Annotated[TradeRequest, Body()]) -> Response[TradeReceipt | str]:
    """Accept a trade (201), know it again (200), or say why not (409, 422)."""
    now = datetime.now(UTC)
    table = _accepted()
    desk = TradeDesk(table, _zones(), lambda row: _preview(row, now))
    answer = accept_trade(desk, _partner(), trade, now)
    if isinstance(answer, Refusal):
        return _refused(answer)
    status = HTTPStatus.CREATED if answer.status == "ACCEPTED" else HTTPStatus.OK
    LOGGER.info("trade %s", answer.status, extra={"partner": answer.partner})
    return Response(status, content_type="application/json", body=answer)


@APP.post("/trades/bulk", **trade_answers.SEND_TRADES)
def post_trades(sent: Annotated[BulkTrades, Body()]) -> Response[TradeOutcomes | str]:
    """Take each of many trades by itself (207): accepted, known again, or why not."""
    desk = TradeDesk(_accepted(), _zones(), lambda _trade: None)
    partner = _partner()
    said = accept_trades(desk, partner, sent.trades, datetime.now(UTC))
    outcomes = tuple(map(outcome_of, sent.trades, said))
    LOGGER.info("%d trades", len(outcomes), extra={"partner": partner})
    body = TradeOutcomes(outcomes=outcomes)
    return Response(HTTPStatus.MULTI_STATUS, content_type="application/json", body=body)


@APP.post("/checks", **answers.CHECK_ORDER)
def post_check(order: Annotated[OrderRequest, Body()]) -> Response[CheckAnswer | str]:
    """Answer whether an order would clear, and why not; nothing is taken."""
    _partner()
    now = datetime.now(UTC)
    known = _known(now)
    if known is None:
        return problem(HTTPStatus.CONFLICT, "No business day has been cut off yet.")
    desk = CheckDesk(_zones(), known.reference, known.preview, known.books_of, default_rulebook())
    answer = check_order(desk, order, now)
    if isinstance(answer, Refusal):
        return _refused(answer)
    return Response(HTTPStatus.OK, content_type="application/json", body=answer)


@APP.get("/trades/<trade_date>/<trade_id>", **answers.GET_TRADE)
def get_trade(trade_date: str, trade_id: str) -> Response[AcceptedTrade | str]:
    """Answer what was accepted of one of the caller's trades."""
    found = find_trade(_accepted(), _partner(), trade_date, trade_id)
    if found is None:
        return problem(HTTPStatus.NOT_FOUND, "No such trade of yours was accepted.")
    return Response(HTTPStatus.OK, content_type="application/json", body=found)


@APP.get("/health", **answers.GET_HEALTH)
def health() -> dict[str, str]:
    """Answer that the function runs."""
    return {"status": "UP"}


@on(APP, UnauthorizedError)
def without_client(error: UnauthorizedError) -> Response[str]:
    """Answer 401 as a problem."""
    return problem(HTTPStatus.UNAUTHORIZED, str(error))


@on(APP, UnicodeDecodeError)
def of_other_bytes(_error: UnicodeDecodeError) -> Response[str]:
    """Answer 422 to a body that is no UTF-8."""
    return _refused(Refusal(field="row", code="BAD_FORMAT", message=_NO_OBJECT))


@on(APP, RequestValidationError)
def of_another_shape(error: RequestValidationError) -> Response[str]:
    """Answer 422 to a body that is no object of texts."""
    first = error.errors()[0]
    place = [str(step) for step in first["loc"][1:]]  # what comes first is "body"
    if place[:1] == ["trades"]:
        where = ".".join(place)
        return _refused(Refusal(field=where, code="BAD_FORMAT", message=f"{where}: {first['msg']}"))
    if not place or first["type"] in {"json_invalid", "missing"}:
        return _refused(Refusal(field="row", code="BAD_FORMAT", message=_NO_OBJECT))
    if not place[0]:
        return _refused(Refusal(field="row", code="BAD_FORMAT", message=NAMELESS))
    why = _TWICE if isinstance(first.get("input"), Twice) else _NO_TEXT
    message = f"The field {place[0]} {why}."
    return _refused(Refusal(field=place[0], code="BAD_FORMAT", message=message))


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return DESK.answer(event, context)


def _partner() -> str:
    return partner_of(APP)


def _accepted() -> AcceptedTradeTable:
    return AcceptedTradeTable(WIRING.dynamodb, WIRING.settings.intake_table)


@cache
def _zones() -> Mapping[str, str]:
    return venue_zones(default_rulebook())


def _read_table(key: str) -> pl.DataFrame:
    return from_parquet(WIRING.records.read_bytes(key))


def _balances_item(pk: str, sk: str) -> Mapping[str, Any] | None:
    return ServedTable(WIRING.dynamodb, WIRING.settings.balances_table).get(pk, sk)


REFERENCE = KnownReference(_read_table)
ACCOUNTS = ServedAccounts(_balances_item, _read_table)


def _preview(trade: pl.DataFrame, now: datetime) -> Preview | None:
    """Say what clearing would say by the books' reference tables; None before any books."""
    known = _known(now)
    return known.preview(trade) if known else None


class Known(NamedTuple):
    """What the books know, what clearing says by it, and what an account has."""

    reference: ReferenceSnapshot
    preview: Callable[[pl.DataFrame], Preview]
    books_of: Callable[[str], AccountBooks]


def _known(now: datetime) -> Known | None:
    """Return what is asked of the books; None before any."""
    table = ServedTable(WIRING.dynamodb, WIRING.settings.reference_table)
    pointers = {item["sk"]: item for item in table.query("BOOKS")}
    if "REFERENCE" not in pointers:
        return None
    parts, latest = pointers["REFERENCE"]["parts"], pointers.get("LATEST", {})
    known = bool(latest.get("counterparties_known"))
    reference = REFERENCE.snapshot(parts, counterparties_known=known)
    hits = uncleared(REFERENCE.table(parts[HITS_FOUND])) if HITS_FOUND in parts else None
    locates = _locates(table, parts) if latest.get("locates_known") else None

    def preview(trade: pl.DataFrame) -> Preview:
        calendar, rulebook = default_calendar(), default_rulebook()
        return preview_clearing(trade, reference, calendar, rulebook, now.date(), hits, locates)

    buckets = int(latest.get("buckets", 0))
    return Known(reference, preview, lambda account: ACCOUNTS.books_of(account, buckets))


def _locates(table: ServedTable, parts: Mapping[str, str]) -> LocatesInUse:
    """Read of locates what a short sale asks for: those on record, and its date's shorts."""

    def given() -> pl.DataFrame:
        return REFERENCE.table(parts["locates"]) if "locates" in parts else empty_table("locates")

    def claims(trade_date: date) -> pl.DataFrame:
        item = table.get(CLAIMS_SERVED, str(trade_date))
        return _read_table(item["part"]) if item else pl.DataFrame(schema=dict(CLAIM_SCHEMA))

    return LocatesInUse(given, claims)


def _refused(refusal: Refusal) -> Response[Any]:
    conflict = refusal.code == CONFLICTING_DUPLICATE
    status = HTTPStatus.CONFLICT if conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(status, refusal.message, **refusal.model_dump())
