"""Who is entitled to a cash dividend and to how much, told from trades and the journal alone."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO

if TYPE_CHECKING:
    import datetime as dt

    from tests.reference.model import Model
    from tests.reference.tables import Rows

Holders = dict[tuple[str, str], Decimal]
"""By role and party: shares, long positive; of a counterparty those it owes us."""

TAXES = {"US": "15", "IS": "22", "DE": "26.375", "JP": "15.315"}
"""Per cent withheld of an account in Iceland, in 2026."""
_DIGITS = {"ISK": 0, "JPY": 0, "KWD": 3}
_MOVES = ("TRANSFER_IN", "TRANSFER_OUT", "BORROW", "SETTLED")
_BOOKS = {
    "Securities:Depository": "DEPOSITORY",
    "Securities:Street": "STREET",
    "Securities:Lender": "LENDER",
    "Securities:Client": "CLIENT",
    "Securities:House": "HOUSE",
}


def holders(model: Model, isin: str, ex: dt.date, record: dt.date) -> Holders:
    """Add up trades from before the ex date, and what moved up to the record date."""
    held: Holders = defaultdict(Decimal)
    trades = {row["trade_id"]: row for row in model.export("trades")}
    for row in trades.values():
        if row["status"] == "CLEARED" and _counts(row, isin, ex):
            _add(held, row["account_id"], row["side"], row["quantity"])
            sign = 1 if row["side"] == "BUY" else -1
            held["STREET", row["counterparty"]] += sign * Decimal(row["quantity"])
    for row in _allocated(model, isin, ex):
        _add(held, row["account_id"], row["side"], row["quantity"])
        block = trades[row["block_trade_id"]]["account_id"]
        _add(held, block, "SELL" if row["side"] == "BUY" else "BUY", row["quantity"])
    for entry in model.journal.entries:
        if entry.kind in _MOVES and entry.effective <= record:
            for account, unit, amount in entry.postings:
                if unit == isin:
                    _move(held, account, amount)
    return {key: quantity for key, quantity in held.items() if quantity}


def _counts(row: dict[str, str], isin: str, ex: dt.date) -> bool:
    return row["isin"] == isin and row["trade_date"] < ex.isoformat()


def _allocated(model: Model, isin: str, ex: dt.date) -> Rows:
    rows = model.export("allocations")
    return [row for row in rows if row["status"] == "ALLOCATED" and _counts(row, isin, ex)]


def _add(held: Holders, account: str, side: str, quantity: str) -> None:
    role = "HOUSE" if account.startswith("H-") else "CLIENT"
    held[role, account] += Decimal(quantity) if side == "BUY" else -Decimal(quantity)


def _move(held: Holders, account: str, amount: Decimal) -> None:
    book, _, party = account.partition(":")[2].partition(":")
    role = _BOOKS[f"Securities:{book}"]
    held[role, party] += -amount if role in {"CLIENT", "HOUSE"} else amount


def gross(quantity: Decimal, rate: Decimal, currency: str) -> Decimal:
    """Give what shares come to, half-up."""
    return _rounded(quantity * rate, currency)


def tax(role: str, issuer: str, amount: Decimal, currency: str) -> Decimal:
    """Give what is withheld of a client in Iceland; of others nothing."""
    if role != "CLIENT" or amount <= 0:
        return ZERO
    return _rounded(amount * Decimal(TAXES[issuer]) / 100, currency)


def _rounded(amount: Decimal, currency: str) -> Decimal:
    unit = Decimal(1).scaleb(-_DIGITS.get(currency, 2))
    return amount.quantize(unit, rounding=ROUND_HALF_UP)
