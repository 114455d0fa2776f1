"""One good row of each kind of file, and what it takes to check a few."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from backoffice.intake.validate import Checked, validate

ZONES: Final = {
    "XNYS": "America/New_York",
    "XNAS": "America/New_York",
    "XLON": "Europe/London",
    "XICE": "Atlantic/Reykjavik",
}
ISIN: Final = "US0378331005"
WRONG_ISIN: Final = "US0378331004"
LEI: Final = "54930084UKLVMY22DS16"
WRONG_LEI: Final = "5493008KLP92CC1Y8810"

GOOD: Final[Mapping[str, Mapping[str, str]]] = {
    "instruments": {
        "isin": ISIN,
        "symbol": "AAPL",
        "name": "Apple Inc.",
        "venue": "XNAS",
        "currency": "USD",
        "asset_class": "EQUITY",
    },
    "accounts": {
        "account_id": "ACC-1",
        "name": "Jane Roe",
        "kind": "CLIENT",
        "account_type": "CASH",
        "currency": "USD",
        "country": "IS",
        "kyc_status": "APPROVED",
    },
    "counterparties": {"lei": LEI, "name": "Street Ltd"},
    "owners": {"owned": LEI, "owner": "P-1", "owner_name": "Jane Roe", "percent": "25"},
    "restrictions": {"subject": LEI, "list": "RESTRICTED", "valid_from": "2026-03-02"},
    "prices": {"isin": ISIN, "date": "2026-03-02", "close": "10.5", "currency": "USD"},
    "fx": {"currency": "EUR", "base": "USD", "date": "2026-03-02", "rate": "1.0825"},
    "fees": {
        "fee_code": "SEC31",
        "venue": "*",
        "side": "SELL",
        "basis": "NOTIONAL",
        "rate": "0.0000278",
        "rounding": "UP",
        "currency": "USD",
        "valid_from": "2024-05-22",
    },
    "locates": {
        "locate_id": "L-1",
        "isin": ISIN,
        "trade_date": "2026-03-02",
        "quantity": "500",
    },
    "payments": {
        "payment_id": "P-1",
        "kind": "CLAIM",
        "counterparty": LEI,
        "currency": "USD",
        "amount": "100",
        "value_date": "2026-03-02",
        "beneficiary": "Street Ltd",
        "beneficiary_account": "IS140159260076545510730339",
    },
    "conditions": {"request_id": "R-1", "obligation_id": "OB-1", "action": "HOLD"},
    "entries": {
        "entry_id": "E-1",
        "effective_date": "2026-03-02",
        "account": "Assets:Cash:USD",
        "unit": "USD",
        "amount": "-100",
        "reason": "rent",
    },
    "complaints": {
        "complaint_id": "K-1",
        "kind": "RECEIVED",
        "on_date": "2026-03-02",
        "account_id": "ACC-1",
        "channel": "LETTER",
        "problem": "FEES",
    },
    "sars": {
        "sar_id": "S-1",
        "account_id": "ACC-1",
        "detected_on": "2026-03-02",
        "activity": "STRUCTURING",
        "amount": "9000",
        "currency": "USD",
        "kind": "FILE",
    },
    "sarfilings": {"sar_id": "S-1", "bsa_id": "31000000000001", "filed_on": "2026-03-20"},
    "thresholds": {"isin": ISIN, "list_date": "2026-03-02", "status": "ON"},
    "recordrequests": {"request_id": "R-1", "kind": "HOLD", "reason": "a dispute"},
    "periods": {"request_id": "R-1", "period": "2026-03", "action": "LOCK"},
    "ssi": {"party": "OWN", "place_of_settlement": "NASDISRE", "valid_from": "2026-03-02"},
    "movements": {
        "movement_id": "M1",
        "account_id": "ACC-1",
        "kind": "DEPOSIT",
        "currency": "USD",
        "amount": "100",
        "value_date": "2026-03-02",
    },
    "buyins": {
        "buy_in_id": "B1",
        "obligation_id": "OB20260302-0123456789ABCDEF",
        "counterparty": LEI,
        "quantity": "100",
        "price": "10.5",
        "currency": "USD",
        "money": "1050.00",
        "trade_date": "2026-03-02",
        "settlement_date": "2026-03-03",
    },
    "claims": {
        "payment_id": "P1",
        "buy_in_id": "B1",
        "currency": "USD",
        "amount": "50.00",
        "value_date": "2026-03-04",
    },
    "trades": {
        "trade_id": "T1",
        "account_id": "ACC-1",
        "side": "BUY",
        "isin": ISIN,
        "quantity": "10",
        "price": "1.5",
        "currency": "USD",
        "trade_time": "2026-03-02T15:00:00Z",
        "venue": "XNYS",
        "counterparty": LEI,
        "capacity": "AGENCY",
    },
    "transactions": {"isin": ISIN, "direction": "RECEIVE", "quantity": "100"},
    "custody_balances": {"isin": ISIN, "quantity": "-100"},
    "cash_entries": {"currency": "USD", "amount": "-12.50", "status": "BOOKED"},
    "orders": {
        "order_id": "O-1",
        "event": "NEW",
        "account_id": "A-1",
        "side": "BUY",
        "isin": ISIN,
        "quantity": "100",
        "venue": "XNYS",
        "event_time": "2026-03-02T15:00:00Z",
    },
    "allocations": {
        "allocation_id": "A1",
        "block_trade_id": "T1",
        "trade_date": "2026-03-02",
        "account_id": "ACC-1",
        "quantity": "5",
    },
    "affirmations": {
        "trade_id": "T1",
        "trade_date": "2026-03-02",
        "status": "AFFIRMED",
        "affirmed_at": "2026-03-02T20:00:00-05:00",
    },
    "reportstatus": {"message_id": "RTS22-2026-10-07-001", "status": "ACPT"},
    "lotchoices": {"trade_id": "T-2", "trade_date": "2026-10-07", "lots": "T-1:5;T-0@2026-10-06:1"},
    "borrows": {
        "borrow_id": "L1",
        "lender": LEI,
        "isin": ISIN,
        "quantity": "500",
        "date": "2026-03-02",
    },
    "rates": {"currency": "USD", "side": "DEBIT", "rate": "7.25", "valid_from": "2026-01-01"},
    "policies": {"policy": "FX_REVALUATION", "currency": "USD", "valid_from": "2026-01-01"},
    "fxdeals": {
        "deal_id": "F1",
        "counterparty": LEI,
        "buy_currency": "EUR",
        "buy_amount": "1000",
        "sell_currency": "USD",
        "sell_amount": "1100.50",
        "trade_date": "2026-03-02",
        "value_date": "2026-03-04",
    },
    "actions": {
        "action_id": "A1",
        "event": "CASH_DIVIDEND",
        "isin": ISIN,
        "ex_date": "2026-03-02",
        "pay_date": "2026-03-16",
        "currency": "USD",
        "rate": "0.26",
    },
    "elections": {
        "election_id": "E1",
        "action_id": "A1",
        "account_id": "A-1",
        "option": "CASH",
    },
    "holdings": {"isin": ISIN, "quantity": "10"},
    "cash": {"currency": "USD", "closing_balance": "-10.50"},
    "bank": {
        "nostro": "N-1",
        "currency": "USD",
        "amount": "-10.50",
        "value_date": "2026-03-02",
    },
}


def strings(rows: Sequence[Mapping[str, str | None]]) -> pl.DataFrame:
    """Frame rows of text as a reader would."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame(
        [[row.get(name) for name in names] for row in rows],
        schema=dict.fromkeys(names, pl.String),
        orient="row",
    )
    return frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("row"))


def good(kind: str, /, **changes: str | None) -> dict[str, str | None]:
    """Return the good row of a kind with some fields changed."""
    return {**GOOD[kind], **changes}


def checked(kind: str, /, **changes: str | None) -> Checked:
    """Check one row, good but for the changes."""
    return validate(strings([good(kind, **changes)]), kind, ZONES)


def fault(kind: str, /, **changes: str | None) -> tuple[str, str] | None:
    """Return the code and field the row is rejected with, None when it is captured."""
    found = checked(kind, **changes)
    assert found.captured.height + found.rejects.height == 1
    if found.captured.height:
        return None
    code, field = found.rejects.select("code", "field").row(0)
    return code, field


def captured(kind: str, /, **changes: str | None) -> dict[str, object]:
    """Return the captured row."""
    found = checked(kind, **changes)
    assert found.rejects.rows() == []
    return found.captured.row(0, named=True)
