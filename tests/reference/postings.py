"""The contract's posting table, event by event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO

if TYPE_CHECKING:
    from decimal import Decimal

    from tests.reference.journal import Posting
    from tests.reference.obligations import Obligation
    from tests.reference.pricing import Figures
    from tests.reference.rows import Values
    from tests.reference.trades import Trade

DEPOSITORY = "Securities:Depository"


def _owner(kind: str, account_id: str) -> str:
    return f"{'House' if kind == 'HOUSE' else 'Client'}:{account_id}"


def _purse(kind: str, account_id: str) -> str:
    if kind == "HOUSE":
        return f"Assets:Inventory:{account_id}"
    return f"Liabilities:ClientCash:{account_id}"


def owned_by(trade: Trade) -> str:
    """Name a trade's account below a book of shares."""
    return _owner(trade.account_kind, trade.version.text("account_id"))


def purse_of(trade: Trade) -> str:
    """Name where the money of a trade's account stands."""
    return _purse(trade.account_kind, trade.version.text("account_id"))


def owed_by(trade: Trade) -> str:
    """Name where what a trade's account owes or is owed for it stands."""
    owner = _owner(trade.account_kind, trade.version.text("account_id"))
    return f"Assets:Receivable:{owner}" if trade.buys else f"Liabilities:Payable:{owner}"


def cleared(trade: Trade, figures: Figures) -> list[Posting]:
    """Post a trade when it clears, in money and in shares."""
    values = trade.version
    currency, isin = values.text("currency"), values.text("isin")
    street = values.text("counterparty")
    sign = 1 if trade.buys else -1
    street_money = "Liabilities:Payable" if trade.buys else "Assets:Receivable"
    shares = sign * values.amount("quantity")
    owner = _owner(trade.account_kind, values.text("account_id"))
    return [
        (owed_by(trade), currency, sign * figures.net),
        (f"{street_money}:Street:{street}", currency, -sign * figures.gross),
        ("Income:Commission", currency, -figures.commission),
        *((f"Liabilities:Fees:{code}", currency, -amount) for code, amount in figures.fees),
        (f"Securities:Street:{street}", isin, shares),
        (f"Securities:{owner}", isin, -shares),
    ]


def client_settles(trade: Trade, figures: Figures) -> list[Posting]:
    """Post the client's money on the settlement date, whatever the street does."""
    currency = trade.version.text("currency")
    amount = figures.net if trade.buys else -figures.net
    purse = _purse(trade.account_kind, trade.version.text("account_id"))
    return [(purse, currency, amount), (owed_by(trade), currency, -amount)]


def street_settles(obligation: Obligation, quantity: Decimal, money: Decimal) -> list[Posting]:
    """Post one confirmation: shares + to us, money + to us; the first pairs off the smaller side.

    A side is what the trades put on the Street's payable or receivable account; what stays
    of the larger one is moved by the cash of the confirmations.
    """
    currency, street = obligation.currency, obligation.counterparty
    payable, receivable = (
        f"Liabilities:Payable:Street:{street}",
        f"Assets:Receivable:Street:{street}",
    )
    pair = min(obligation.payable, obligation.receivable)
    pair = max(pair, ZERO)  # an opposite obligation has one side only, and it is negative
    side = payable if obligation.payable != pair else receivable
    postings: list[Posting] = []
    if not obligation.touched:
        postings += [(payable, currency, pair), (receivable, currency, -pair)]
    return [
        *postings,
        (side, currency, -money),
        (f"Assets:Cash:{currency}", currency, money),
        (DEPOSITORY, obligation.isin, quantity),
        (f"Securities:Street:{street}", obligation.isin, -quantity),
    ]


def moved(movement: Values, account_kind: str) -> list[Posting]:
    """Post a movement of cash or of shares."""
    account = movement.text("account_id")
    sign = 1 if movement.text("kind") in ("DEPOSIT", "TRANSFER_IN") else -1
    if movement.text("kind") in ("DEPOSIT", "WITHDRAWAL"):
        currency, amount = movement.text("currency"), sign * movement.amount("amount")
        return [
            (f"Assets:Cash:{currency}", currency, amount),
            (_purse(account_kind, account), currency, -amount),
        ]
    isin, quantity = movement.text("isin"), sign * movement.amount("quantity")
    owner = _owner(account_kind, account)
    return [(DEPOSITORY, isin, quantity), (f"Securities:{owner}", isin, -quantity)]
