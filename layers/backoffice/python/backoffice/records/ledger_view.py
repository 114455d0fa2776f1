"""The general ledger in detail as people fetch it: every line of an account, and its balance."""

import datetime as dt
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.as_of import balances_as_of
from backoffice.accounting.recorded import is_account, lines_between
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.statement_views import NoStatementError, first_day

COLUMNS: Final = (
    *("account", "unit", "line", "date", "recorded_on", "entry_id", "kind", "source"),
    *("debit", "credit", "balance"),
)
_ACCOUNT: Final = ("book", "ref", "unit")


def general_ledger(
    records: Records, known: Books, since: dt.date | None, until: dt.date, account: str | None
) -> pl.DataFrame:
    """Show accounts in detail: opening, every line with the balance after it, closing.

    Parameters
    ----------
    account
        An account, or what its name begins with up to a colon; None is everything but the stock
        record.

    Raises
    ------
    NoStatementError
        When no first day is given, or it is after the last.
    """
    since = first_day("a ledger", since, until)
    wanted = is_account(account) if account else ~pl.col("book").str.starts_with(chart.SECURITIES)
    before, after = (
        balances_as_of(records, known, day).filter(wanted)
        for day in (since - dt.timedelta(days=1), until)
    )
    lines = lines_between(records, known, since, until, wanted)
    return _ledger(before, lines, after, since, until)


def _ledger(
    before: pl.DataFrame, lines: pl.DataFrame, after: pl.DataFrame, since: dt.date, until: dt.date
) -> pl.DataFrame:
    ends = [("OPENING", 0, before, since), ("CLOSING", 2, after, until)]
    every = pl.concat(one.select("book", "ref", "unit") for one in (before, lines, after)).unique()
    framed = [
        every.join(sums, on=_ACCOUNT, how="left").select(
            *_ACCOUNT,
            pl.col("amount").fill_null(0),
            line=pl.lit(name),
            place=pl.lit(at),
            effective_date=pl.lit(day),
        )
        for name, at, sums, day in ends
    ]
    middle = lines.with_columns(line=pl.lit("ENTRY"), place=pl.lit(1))
    rows = pl.concat([*framed, middle], how="diagonal").with_columns(account=chart.account_name())
    order = ["account", "unit", "place", "effective_date", "recorded_on", "entry_id", "amount"]
    rows = rows.sort(order)
    moved = pl.when(pl.col("place") < 2).then("amount").otherwise(0).cum_sum()  # noqa: PLR2004
    rows = rows.with_columns(balance=moved.over("account", "unit"))
    broken = rows.filter(pl.col("line") == "CLOSING", pl.col("amount") != pl.col("balance"))
    if broken.height:
        raise NoStatementError(f"the ledger of {broken['account'][0]} does not come to its balance")
    return _ledger_text(rows)


def _ledger_text(rows: pl.DataFrame) -> pl.DataFrame:
    entry = pl.col("line") == "ENTRY"
    debit = pl.when(entry & (pl.col("amount") > 0)).then("amount")
    credit = pl.when(entry & (pl.col("amount") < 0)).then(pl.col("amount") * -1)
    told = rows.with_columns(debit_amount=debit, credit_amount=credit)
    figures_of = {
        "debit": chart.amount_text("debit_amount"),
        "credit": chart.amount_text("credit_amount"),
        "balance": chart.amount_text("balance"),
        "date": pl.col("effective_date"),
    }
    return told.with_columns(**figures_of).select(pl.col(COLUMNS).cast(pl.String))
