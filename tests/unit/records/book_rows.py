"""Good rows of every table of the books, and what a test changes in them."""

from datetime import date
from typing import Any, Final

import polars as pl

Row = dict[str, Any]

APPLE: Final = "US0378331005"
LEI: Final = "54930084UKLVMY22DS16"
MONDAY: Final = date(2026, 1, 5)
TUESDAY: Final = date(2026, 1, 6)
_AMOUNTS: Final = ("_e8", "_minor", "amount", "ours", "theirs", "difference")


def frame_of(rows: list[Row]) -> pl.DataFrame:
    """Make a frame of the rows: amounts as Int128, the rest as it is."""
    types: dict[str, type[pl.DataType]] = {
        name: pl.Int128 for name in rows[0] if name.endswith(_AMOUNTS)
    }
    # a column of nothing has no type of its own
    types |= {
        name: pl.String for name in ("reverses", "hold_codes", "healed_on") if name in rows[0]
    }
    return pl.DataFrame(rows, schema_overrides=types, infer_schema_length=None)


def trade(**changes: object) -> Row:
    """Return a cleared buy."""
    return {
        "partner": "acme",
        "trade_id": "T1",
        "account_id": "A-1",
        "side": "BUY",
        "isin": APPLE,
        "quantity_e8": 1_050_000_000,
        "price_e8": 15_002_000_000,
        "currency": "USD",
        "trade_date": MONDAY,
        "venue": "XNYS",
        "counterparty": LEI,
        "commission_minor": 100,
        "status": "CLEARED",
        "hold_codes": "",
        "settlement_date": TUESDAY,
        "gross_minor": 157_525,
        "fees_minor": 5,
        "net_minor": 157_630,
        **changes,
    }


def reject(**changes: object) -> Row:
    """Return a refused row of a trades file."""
    return {
        "partner": "acme",
        "business_date": MONDAY,
        "file": "trades-1.csv",
        "row": 7,
        "trade_id": None,
        "field": "price",
        "code": "BAD_FORMAT",
        "message": "is no decimal",
        "kind": "trades",
        **changes,
    }


def case(**changes: object) -> Row:
    """Return an open case."""
    return {
        "case_id": "C1",
        "opened_on": MONDAY,
        "code": "UNKNOWN_INSTRUMENT",
        "subject": APPLE,
        "status": "OPEN",
        "members": 12,
        "due": TUESDAY,
        "closed_on": None,
        **changes,
    }


def obligation(**changes: object) -> Row:
    """Return an obligation to receive shares, settled in part."""
    return {
        "obligation_id": "OB1",
        "counterparty": LEI,
        "isin": APPLE,
        "currency": "USD",
        "settlement_date": TUESDAY,
        "direction": "RECEIVE",
        "quantity_e8": 100 * 10**8,
        "buy_gross_minor": 3000,
        "sell_gross_minor": 1000,
        "trades": 3,
        "status": "PARTIAL",
        "settled_quantity_e8": 40 * 10**8,
        **changes,
    }


def fail(**changes: object) -> Row:
    """Return a fail to receive, settled in part, for which we pay."""
    return {
        "fail_id": "FAIL-OB1",
        "obligation_id": "OB1",
        "counterparty": LEI,
        "isin": APPLE,
        "currency": "EUR",
        "direction": "RECEIVE",
        "failed_on": TUESDAY,
        "reason": "MONY",
        "open_quantity_e8": 6_050_000_000,
        "open_money_minor": -1200,
        "age_days": 3,
        "close_out_by": None,
        "buy_in_on": date(2026, 1, 12),
        "penalties_minor": -5,
        "status": "OPEN",
        "ended_on": None,
        **changes,
    }


def fail_event(**changes: object) -> Row:
    """Return a day's penalty of that fail."""
    return {
        "fail_id": "FAIL-OB1",
        "day": TUESDAY,
        "event": "PENALTY",
        "quantity_e8": 6_050_000_000,
        "money_minor": -5,
        "currency": "EUR",
        "note": "2026-01-06 liquid_share",
        **changes,
    }


def position(**changes: object) -> Row:
    """Return a position."""
    return {
        "account_id": "A-1",
        "isin": APPLE,
        "currency": "USD",
        "traded_quantity_e8": 10**8,
        "settled_quantity_e8": 10**8,
        "cost_basis_minor": 15_000,
        "realised_pnl_minor": -1200,
        **changes,
    }


def lot(**changes: object) -> Row:
    """Return an open lot."""
    return {
        "account_id": "A-1",
        "isin": APPLE,
        "currency": "USD",
        "place": 0,
        "opened_on": MONDAY,
        "trade_id": "T1",
        "quantity_e8": 10**8,
        "cost_minor": 15_000,
        **changes,
    }


def posting(**changes: object) -> Row:
    """Return one line of an entry."""
    return {
        "entry_id": "E1",
        "effective_date": MONDAY,
        "recorded_on": TUESDAY,
        "kind": "TRADE",
        "source": "T1",
        "book": "Assets:Cash",
        "ref": "USD",
        "unit": "USD",
        "amount": 100,
        "reverses": None,
        **changes,
    }


def a_break(**changes: object) -> Row:
    """Return an open break of holdings."""
    return {
        "kind": "HOLDINGS",
        "subject": APPLE,
        "unit": APPLE,
        "place": "",
        "ours": 10 * 10**8,
        "theirs": 9 * 10**8,
        "difference": 10**8,
        "value_minor": 15_000,
        "currency": "USD",
        "first_seen": MONDAY,
        "age": 1,
        "owner": "securities-control",
        "case_id": "C1",
        "status": "OPEN",
        "healed_on": None,
        **changes,
    }


def a_match(**changes: object) -> Row:
    """Return our side of a match by reference."""
    return {
        "kind": "TRANSACTION",
        "match": "R:OB1",
        "rule": "REFERENCE",
        "side": "OURS",
        "subject": "OB1",
        "unit": APPLE,
        "amount": 10**8,
        "dated": MONDAY,
        "matched_on": TUESDAY,
        **changes,
    }
