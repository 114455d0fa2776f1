"""How the contract writes a table: its columns, its money, its other numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.reference.codes import MINOR_UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS: dict[str, str] = {
    "trades": "trade_id partner status hold_codes account_id side isin quantity price currency"
    " trade_date settlement_date venue counterparty gross commission fees net",
    "rejects": "business_date partner file row trade_id field code message",
    "cases": "case_id opened_on code subject status members due",
    "obligations": "obligation_id counterparty isin currency settlement_date direction quantity"
    " money settled_quantity status trades",
    "fails": "fail_id obligation_id counterparty isin currency direction failed_on reason"
    " open_quantity open_money age close_out_by buy_in_on penalties status ended_on",
    "fail-history": "fail_id day event quantity money currency note",
    "positions": "account_id isin traded_quantity settled_quantity cost_basis currency"
    " realised_pnl",
    "lots": "account_id isin opened_on trade_id quantity cost currency",
    "journal": "entry_id effective_date recorded_on kind source account unit amount reverses",
    "trial-balance": "account unit balance",
    "stock-record": "isin account quantity",
    "cash-ladder": "currency value_date opening receipts payments closing assured need",
    "allocations": "allocation_id partner trade_date block_trade_id status hold_codes account_id"
    " side isin quantity price currency settlement_date gross commission fees net",
    "records": "record_id class business_date key sha256 sealed_in retain_until",
}
"""The columns of every table, in order."""

_MONEY = {"gross", "commission", "fees", "net", "money", "cost_basis", "realised_pnl", "cost"}
_MONEY |= {"opening", "receipts", "payments", "closing", "assured", "need"}
_MONEY |= {"open_money", "penalties"}
_PLAIN = {"open_quantity", "age", "quantity", "price", "settled_quantity", "traded_quantity"}
_BY_UNIT = {"amount", "balance"}
_PLAIN_PATTERN = re.compile(r"0|-?(0\.[0-9]*[1-9]|[1-9][0-9]*(\.[0-9]*[1-9])?)")


def is_plain(value: str) -> bool:
    """Say whether a number has no exponent, no trailing zeros and no sign on zero."""
    return bool(_PLAIN_PATTERN.fullmatch(value))


def is_money(value: str, currency: str) -> bool:
    """Say whether money has exactly its minor units."""
    minor = MINOR_UNITS.get(currency)
    if minor is None:
        return False
    cents = rf"\.[0-9]{{{minor}}}" if minor else ""
    right = re.fullmatch(rf"-?(0|[1-9][0-9]*){cents}", value)
    signed_zero = value.startswith("-") and not value.strip("-0.")
    return bool(right) and not signed_zero


def _fault(what: str, row: Mapping[str, str], name: str) -> bool:
    value = row.get(name, "")
    if not value and what in ("trades", "allocations", "fail-history"):
        return False  # a figure that cannot be computed yet, or that an event has not
    if name in _MONEY:
        return not is_money(value, row["currency"])
    if name in _BY_UNIT and row["unit"] in MINOR_UNITS:
        return not is_money(value, row["unit"])
    return (name in _PLAIN or name in _BY_UNIT) and not is_plain(value)


def format_faults(what: str, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Name every field not written as the contract says; columns may be added, not moved."""
    columns = COLUMNS[what].split()
    if rows and [name for name in rows[0] if name in columns] != columns:
        return [f"{what} has columns {' '.join(rows[0])}, not {' '.join(columns)}"]
    return [
        f"{what} writes {name} as {row[name]!r}"
        for row in rows
        for name in columns
        if _fault(what, row, name)
    ]
