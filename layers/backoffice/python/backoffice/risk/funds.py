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

CLIENTS_MONEY: Final = (
    "Liabilities:ClientCash",
    "Liabilities:Payable:Client",
    "Assets:Receivable:Client",
)
"""What the firm owes a client in money, less what the client owes: debits are positive."""


def available_minor(balances: pl.DataFrame, account_id: str, currency: str) -> int:
    """Return an account's money on trade date, in minor units; negative when it owes.

    Parameters
    ----------
    balances : pl.DataFrame
        BALANCES of at least this account.
    account_id, currency
        Whose money, and which.
    """
    own = balances.filter(
        pl.col("book").is_in(list(CLIENTS_MONEY)),
        pl.col("ref") == account_id,
        pl.col("unit") == currency,
    )
    amounts: list[int] = own["amount"].to_list()
    return -sum(amounts)
