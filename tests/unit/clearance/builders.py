"""Small frames for tests: one good trade and its reference data, and what a test changes."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from backoffice.clearance.clear import Cleared, clear
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.reference.lookup import ReferenceSnapshot
from backoffice.reference.tables import KEYS, SCHEMAS

Row = dict[str, Any]

TUESDAY = date(2026, 4, 7)
ISIN = "US0378331005"
LEI = "54930084UKLVMY22DS16"
E8 = 10**8

_TRADE_COLUMNS = list(REGISTER_SCHEMA)[: list(REGISTER_SCHEMA).index("unknown") + 1]
_GOOD_TRADE: Row = {
    "partner": "acme",
    "business_date": TUESDAY,
    "file": "trades-1.csv",
    "row": 1,
    "trade_id": "T1",
    "action": "NEW",
    "version": None,
    "account_id": "A1",
    "side": "BUY",
    "isin": ISIN,
    "quantity_e8": 100 * E8,
    "price_e8": 50 * E8,
    "currency": "USD",
    "traded_at": datetime(2026, 4, 7, 15, tzinfo=UTC),
    "trade_date": TUESDAY,
    "venue": "XNYS",
    "counterparty": LEI,
    "capacity": "AGENCY",
    "commission_minor": 0,
    "accrued_minor": None,
    "order_id": None,
    "locate_id": None,
    "unknown": None,
}
_ORIGIN: Row = {"business_date": date(2026, 1, 2), "file": "f.csv", "row": 1, "partner": "acme"}
_DEFAULTS: dict[str, Row] = {
    "instruments": {
        "isin": ISIN,
        "venue": "XNYS",
        "currency": "USD",
        "asset_class": "EQUITY",
        "status": "ACTIVE",
    },
    "accounts": {
        "account_id": "A1",
        "kind": "CLIENT",
        "account_type": "CASH",
        "currency": "USD",
        "kyc_status": "APPROVED",
    },
    "counterparties": {"lei": LEI},
    "prices": {"isin": ISIN, "date": date(2026, 4, 6), "close_e8": 50 * E8, "currency": "USD"},
    "fx": {"currency": "USD", "base": "ISK", "date": date(2026, 4, 6), "rate_e18": 140 * 10**18},
    "fees": {
        "fee_code": "FEE",
        "venue": "*",
        "side": "BOTH",
        "basis": "TRADE",
        "rate_e8": E8,
        "rounding": "HALF_UP",
        "currency": "USD",
        "valid_from": date(1985, 1, 1),
    },
    "restrictions": {
        "subject": ISIN,
        "list": "RESTRICTED",
        "accounts": "ALL",
        "side": "BOTH",
        "valid_from": date(1985, 1, 1),
    },
}


def table(kind: str, *rows: Row) -> pl.DataFrame:
    """Build a reference table; what a row leaves out is an ordinary value."""
    blank: Row = dict.fromkeys(SCHEMAS[kind])
    filled = [{**blank, **_ORIGIN, **_DEFAULTS[kind], **row} for row in rows]
    return pl.DataFrame(filled, schema=dict(SCHEMAS[kind]))


def snapshot(**rows: list[Row]) -> ReferenceSnapshot:
    """Build a snapshot: one active US share, one approved client, and what is given.

    Counterparties are known once any are given, be it none of them.
    """
    given: dict[str, list[Row]] = {"instruments": [{}], "accounts": [{}], **rows}
    tables = {kind: table(kind, *given.get(kind, [])) for kind in KEYS}
    return ReferenceSnapshot.of(tables, counterparties_known="counterparties" in rows)


def trades(*rows: Row) -> pl.DataFrame:
    """Build captured trades; what a row leaves out is that of one good purchase."""
    schema = {name: REGISTER_SCHEMA[name] for name in _TRADE_COLUMNS}
    return pl.DataFrame([{**_GOOD_TRADE, **row} for row in rows], schema=schema)


def cut_off(
    frame: pl.DataFrame, reference: ReferenceSnapshot | None = None, day: date = TUESDAY
) -> Cleared:
    """Clear with the calendar and the rulebook that travel with the package."""
    known = snapshot() if reference is None else reference
    return clear(frame, known, default_calendar(), default_rulebook(), day)


def register_row(row: Row, reference: ReferenceSnapshot | None = None, day: date = TUESDAY) -> Row:
    """Clear one trade and return its register row."""
    return cut_off(trades(row), reference, day).register.row(0, named=True)
