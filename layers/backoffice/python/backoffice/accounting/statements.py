"""Financial statements: what the firm has and owes, earned and spent, and where its cash went.

Each is of days that count, as far as the books knew them, and proves itself before it is shown.
The stock record (`Securities:`) is no money and stays out.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.as_of import balances_as_of
from backoffice.accounting.journal import empty_journal
from backoffice.accounting.recorded import entries_between
from backoffice.kernel.books import Books
from backoffice.kernel.errors import UnbalancedError
from backoffice.kernel.parts import Records

ASSETS, LIABILITIES, EQUITY = "Assets", "Liabilities", "Equity"
INCOME, EXPENSES = "Income", "Expenses"
CLOSINGS: Final = "closings"
"""What each day wrote of kind CLOSING, as `JOURNAL_SCHEMA`."""

RESULT: Final = "Equity:Result"
"""Income less expenses that no closing entry has moved to retained earnings."""

FIGURES: Final = pl.Schema(
    {"section": pl.String, "account": pl.String, "unit": pl.String, "amount": pl.Int128}
)
"""`amount` in minor units as people read it: what is had is positive, as is what is owed, owned and
earned; of cash what comes in is."""


def money_as_of(records: Records, known: Books, day: date) -> pl.DataFrame:
    """Return the balances of a day without the stock record, with `root`."""
    sums = balances_as_of(records, known, day)
    root = pl.col("book").str.split(":").list.first()
    return sums.with_columns(root=root).filter(pl.col("root") != "Securities")


def balance_sheet(records: Records, known: Books, day: date) -> pl.DataFrame:
    """Return `FIGURES`: assets, liabilities and equity at the end of a day, by book.

    Raises
    ------
    UnbalancedError
        When assets are not liabilities and equity in a currency.
    """
    sums = money_as_of(records, known, day)
    earned = pl.col("root").is_in((INCOME, EXPENSES))
    result = sums.filter(earned).with_columns(book=pl.lit(RESULT), root=pl.lit(EQUITY))
    both = pl.concat([sums.filter(~earned), result])
    assert_even(both, f"the balance sheet of {day} is")
    return _figures(both, account=pl.col("book"), positive=(ASSETS,))


def income_statement(records: Records, known: Books, since: date, until: date) -> pl.DataFrame:
    """Return `FIGURES`: what was earned and spent from one day to another, by account.

    Closing entries, which empty these accounts at the end of a year, are left out.
    """
    before = money_as_of(records, known, since - timedelta(days=1))
    closed = closings(records, known).filter(
        pl.col("effective_date") >= since, pl.col("effective_date") <= until
    )
    moved = [
        money_as_of(records, known, until),
        before.with_columns(pl.col("amount") * -1),
        closed.select(
            "book", "ref", "unit", pl.col("amount") * -1,
            root=pl.col("book").str.split(":").list.first(),
        ),
    ]  # fmt: skip
    rows = pl.concat(moved).filter(pl.col("root").is_in((INCOME, EXPENSES)))
    return _figures(rows, account=chart.account_name(), positive=(EXPENSES,))


def cash_flow(records: Records, known: Books, since: date, until: date) -> pl.DataFrame:
    """Return `FIGURES`: cash at the beginning, what moved it by counter-account, cash at the end.

    Direct: of every entry with cash in it, each other line is a flow of its own.

    Raises
    ------
    UnbalancedError
        When beginning and flows do not come to the end.
    """
    entries = entries_between(records, known, since, until, chart.CASH)
    others = entries.filter(~is_under(chart.CASH), ~is_under("Securities"))
    at_ends = {
        "Opening": money_as_of(records, known, since - timedelta(days=1)),
        "Closing": money_as_of(records, known, until),
    }
    cash = {
        name: sums.filter(is_under(chart.CASH)).with_columns(root=pl.lit(name))
        for name, sums in at_ends.items()
    }
    flows = others.select("book", "ref", "unit", pl.col("amount") * -1, root=pl.lit("Flow"))
    names = ["book", "ref", "unit", "amount", "root"]
    opening, closing = (one.select(names) for one in cash.values())
    whole = pl.concat([opening, flows, closing.with_columns(pl.col("amount") * -1)])
    assert_even(whole, f"the cash flow from {since} to {until} is")
    rows = pl.concat([opening, flows, closing])
    return _figures(rows, account=pl.col("book"), positive=("Opening", "Flow", "Closing"))


def closings(records: Records, known: Books) -> pl.DataFrame:
    """Return every closing entry these books know, as `JOURNAL_SCHEMA`."""
    rows = records.read_all(known.day_parts.get(CLOSINGS, ()))
    return empty_journal() if rows is None else rows


def is_under(book: str) -> pl.Expr:
    """Tell the rows of a book and of what is below it."""
    return (pl.col("book") == book) | pl.col("book").str.starts_with(f"{book}:")


def assert_even(rows: pl.DataFrame, what: str) -> None:
    """Refuse rows that do not come to zero in every unit."""
    sums = rows.group_by("unit").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    if sums.height:
        unit, amount = sums.sort("unit").row(0)
        raise UnbalancedError(f"{what} out of balance in {unit} by {amount}")


def _figures(rows: pl.DataFrame, account: pl.Expr, positive: tuple[str, ...]) -> pl.DataFrame:
    """Sum by account; debits of the sections that are `positive` keep their sign."""
    debit = pl.col("section").is_in(positive)
    named = rows.select("unit", "amount", section="root", account=account)
    sums = named.group_by("section", "account", "unit").agg(pl.col("amount").sum())
    turned = pl.when(debit).then(pl.col("amount")).otherwise(pl.col("amount") * -1)
    shown = sums.filter(pl.col("amount") != 0).with_columns(amount=turned)
    return shown.select(list(FIGURES)).sort("section", "account", "unit")
