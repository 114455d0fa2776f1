"""Whether an account can pay: its money as traded, against what a purchase comes to."""

from typing import Final

import polars as pl

INSUFFICIENT_FUNDS: Final = "INSUFFICIENT_FUNDS"

BALANCES: Final = {
    "book": pl.String,
    "ref": pl.String,
    "unit": pl.String,
    "amount": pl.Int128,
}
"""Sums of the journal by account and unit."""

_CLIENTS_MONEY: Final = (
    "Liabilities:ClientCash",
    "Liabilities:Payable:Client",
    "Assets:Receivable:Client",
)
"""What the firm owes a client in money, less what the client owes: debits are positive."""


CASH: Final = {"account_id": pl.String, "currency": pl.String, "cash_minor": pl.Int128}
"""Clients' money on trade date; negative where they owe."""


def available_minor(balances: pl.DataFrame, account_id: str, currency: str) -> int:
    """Return an account's money on trade date, in minor units; negative when it owes.

    Parameters
    ----------
    balances : pl.DataFrame
        BALANCES of at least this account.
    account_id, currency
        Whose money, and which.
    """
    own = clients_money(balances).filter(account_id=account_id, currency=currency)
    amounts: list[int] = own["cash_minor"].to_list()
    return sum(amounts)


def clients_money(balances: pl.DataFrame) -> pl.DataFrame:
    """Return what the firm owes clients, each part of it by itself.

    Parameters
    ----------
    balances : pl.DataFrame
        BALANCES.

    Returns
    -------
    pl.DataFrame
        CASH; rows of one account and currency add up.
    """
    own = balances.filter(pl.col("book").is_in(list(_CLIENTS_MONEY)))
    return own.select(account_id="ref", currency="unit", cash_minor=pl.col("amount") * -1)
