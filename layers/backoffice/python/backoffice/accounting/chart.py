"""The chart of accounts: every book's name stands here once.

An account is a book and a reference, joined by a colon: `Assets:Receivable:Client` and `A-17`.
Debits are positive.
"""

from typing import Final

import polars as pl

from backoffice.kernel.columns import format_e8, format_money

_CURRENCY_LENGTH: Final = 3

RECEIVABLE_CLIENT: Final = "Assets:Receivable:Client"
RECEIVABLE_HOUSE: Final = "Assets:Receivable:House"
RECEIVABLE_STREET: Final = "Assets:Receivable:Street"
PAYABLE_CLIENT: Final = "Liabilities:Payable:Client"
PAYABLE_HOUSE: Final = "Liabilities:Payable:House"
PAYABLE_STREET: Final = "Liabilities:Payable:Street"
CLIENT_CASH: Final = "Liabilities:ClientCash"
INVENTORY: Final = "Assets:Inventory"
CASH: Final = "Assets:Cash"
COMMISSION: Final = "Income:Commission"
FEES: Final = "Liabilities:Fees"
TRADING: Final = "Income:Trading"
"""What the firm's own dealing has realised; its accounts' inventory carries the gain."""
ALLOCATED: Final = "Assets:Receivable:Allocated"
"""Between a block's account and those it is allotted to: nothing is left in it."""
COLLATERAL: Final = "Assets:Collateral"
BORROW_COST: Final = "Expenses:BorrowFees"
BORROW_FEES: Final = "Liabilities:BorrowFees"
PENALTIES_DUE: Final = "Assets:Penalties"
PENALTIES_OWED: Final = "Liabilities:Penalties"
PENALTY_INCOME: Final = "Income:Penalties"
PENALTY_EXPENSE: Final = "Expenses:Penalties"
CLAIMS_DUE: Final = "Assets:Claims"
CLAIMS_OWED: Final = "Liabilities:Claims"
PAYMENTS: Final = "Liabilities:Payments"
SECURITIES: Final = "Securities:"
SECURITIES_CLIENT: Final = "Securities:Client"
SECURITIES_HOUSE: Final = "Securities:House"
SECURITIES_STREET: Final = "Securities:Street"
SECURITIES_ALLOCATED: Final = "Securities:Allocated"
SECURITIES_LENDER: Final = "Securities:Lender"
DEPOSITORY: Final = "Securities:Depository"


def book(name: str) -> pl.Expr:
    """Name one book for every row."""
    return pl.lit(name, dtype=pl.String)


def book_of_kind(client: str, house: str) -> pl.Expr:
    """Pick the book by `account_kind`: the firm's own accounts have books of their own."""
    return pl.when(pl.col("account_kind") == "HOUSE").then(book(house)).otherwise(book(client))


def receivable_of_kind() -> pl.Expr:
    """Where what an account owes for its purchases stands."""
    return book_of_kind(RECEIVABLE_CLIENT, RECEIVABLE_HOUSE)


def payable_of_kind() -> pl.Expr:
    """Where what an account is owed for its sales stands."""
    return book_of_kind(PAYABLE_CLIENT, PAYABLE_HOUSE)


def cash_of_kind() -> pl.Expr:
    """Where an account's own money stands."""
    return book_of_kind(CLIENT_CASH, INVENTORY)


def securities_of_kind() -> pl.Expr:
    """Where the shares held for an account stand; a long position is a credit."""
    return book_of_kind(SECURITIES_CLIENT, SECURITIES_HOUSE)


def cash_account() -> pl.Expr:
    """Name the cash of a `currency`, at its `nostro` where there is one."""
    at_nostro = pl.concat_str("currency", "nostro", separator=":")
    return pl.when(pl.col("nostro").is_null()).then("currency").otherwise(at_nostro)


def depository_account() -> pl.Expr:
    """Name the `place` where shares are; "" where none is named."""
    return pl.col("place").fill_null("")


def account_name() -> pl.Expr:
    """Join `book` and `ref` to the account's name; an empty reference adds nothing."""
    return (
        pl.when(pl.col("ref") == "")
        .then(pl.col("book"))
        .otherwise(pl.concat_str("book", "ref", separator=":"))
    )


def amount_text(column: str = "amount") -> pl.Expr:
    """Write an amount as its `unit` wants it: money of a currency, or a quantity."""
    is_money = pl.col("unit").str.len_bytes() == _CURRENCY_LENGTH
    return pl.when(is_money).then(format_money(column, "unit")).otherwise(format_e8(column))
