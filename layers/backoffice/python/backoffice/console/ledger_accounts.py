"""The ledger's accounts by their names: whose they are, and in which parts their lines lie."""

from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.console.paging import bucket_holding
from backoffice.kernel.books import Books
from backoffice.kernel.parts import concerning

OF_ACCOUNTS: Final = (
    *(chart.RECEIVABLE_CLIENT, chart.RECEIVABLE_HOUSE, chart.PAYABLE_CLIENT, chart.PAYABLE_HOUSE),
    *(chart.CLIENT_CASH, chart.INVENTORY, chart.SECURITIES_CLIENT, chart.SECURITIES_HOUSE),
)
"""Books whose references are accounts: what is posted to one lies in its bucket."""


def account_of(name: str) -> str | None:
    """Return whose account it is by the ledger's name for it; None where it is nobody's."""
    for book in OF_ACCOUNTS:
        if name.startswith(f"{book}:"):
            return name.removeprefix(f"{book}:")
    return None


def narrowed(books: Books, name: str) -> Books:
    """Return books that name only the parts which can hold lines of an account."""
    account = account_of(name)
    return books if account is None else narrowed_to(books, account)


def narrowed_to(books: Books, account: str) -> Books:
    """Return books that name only the parts which can hold lines of one account's."""
    bucket = bucket_holding(account, books.buckets)
    near = tuple(concerning(books.journal, bucket, books.buckets))
    cut = tuple(concerning(books.bucketed.get("balances", ()), bucket, books.buckets))
    bucketed = {**books.bucketed, "balances": cut}
    return books.model_copy(update={"journal": near, "bucketed": bucketed})


def exactly(account: str) -> pl.Expr:
    """Tell the rows of one account by its whole name: equal texts are found without reading all."""
    pieces = account.split(":")
    ends = [(":".join(pieces[:at]), ":".join(pieces[at:])) for at in range(1, len(pieces) + 1)]
    return pl.any_horizontal(
        (pl.col("book") == book) & (pl.col("ref") == reference) for book, reference in ends
    )


def debit_and_credit() -> dict[str, pl.Expr]:
    """Part an amount into `plus` and `minus`, both without a sign; the other one is null."""
    amount = pl.col("amount")
    return {
        "plus": pl.when(amount > 0).then(amount),
        "minus": pl.when(amount < 0).then(amount * -1),
    }
