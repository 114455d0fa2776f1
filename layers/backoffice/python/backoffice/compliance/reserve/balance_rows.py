"""Lines that are balances: customers' credits and debits, and accounts that the rulebook names."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.compliance.reserve.frames import BANK, CREDITS, ROW, USD
from backoffice.compliance.reserve.market import Dollars
from backoffice.kernel.columns import int128
from backoffice.kernel.frames import shaped
from backoffice.kernel.rulebook import Rulebook

_NAMED: Final = ("1", "2", "3", "5", "8", "9", "13", "14", "15", BANK)
_CURRENCY_LENGTH: Final = 3
_NOTHING: Final = int128(0)


def customer_rows(balances: pl.DataFrame, dollars: Dollars) -> pl.DataFrame:
    """Return lines 1 and 10: what each customer's cash is in each currency, nothing set off.

    Parameters
    ----------
    balances : pl.DataFrame
        book, ref, unit, amount as the books carry them.
    """
    cash = balances.filter(pl.col("book") == chart.CLIENT_CASH, pl.col("amount") != 0)
    owed = pl.col("amount") < 0
    rows = cash.select(
        line=pl.when(owed).then(pl.lit("1")).otherwise(pl.lit("10")),
        kind=pl.lit("BALANCE"),
        subject="ref",
        account=chart.account_name(),
        unit="unit",
        amount="amount",
        currency="unit",
        value_minor=pl.col("amount").abs(),
    )
    return dollars.money_rows(rows)


def unsecured_rows(debits: pl.DataFrame, holdings: pl.DataFrame, dollars: Dollars) -> pl.DataFrame:
    """Return what of line 10 no securities of the account secure, as negative rows of it.

    Parameters
    ----------
    debits : pl.DataFrame
        `ROW` of line 10.
    holdings : pl.DataFrame
        account_id, isin, quantity_e8: settled positions; only long ones secure anything.
    """
    owed = debits.group_by(account_id="subject").agg(owed_minor=pl.col("usd_minor").sum())
    held = holdings.join(owed, on="account_id", how="semi").filter(pl.col("quantity_e8") > 0)
    valued = dollars.of_shares(held)
    worth = valued.group_by("account_id").agg(
        worth_minor=pl.col("usd_minor").sum(), missing=pl.col("missing").drop_nulls().min()
    )
    both = owed.join(worth, on="account_id", how="left")
    bare = pl.col("owed_minor") - pl.col("worth_minor").fill_null(_NOTHING)
    told = both.with_columns(bare_minor=pl.max_horizontal(bare, _NOTHING))
    lacks = told.filter((pl.col("bare_minor") > 0) | pl.col("missing").is_not_null())
    rows = lacks.select(
        line=pl.lit("10"),
        kind=pl.lit("UNSECURED"),
        subject="account_id",
        account=pl.format("{}:{}", pl.lit(chart.SECURITIES_CLIENT), "account_id"),
        amount=pl.col("bare_minor") * -1,
        currency=pl.lit(USD),
        value_minor=pl.col("bare_minor") * -1,
        usd_minor=pl.col("bare_minor") * -1,
        rate=pl.lit("1"),
        missing="missing",
    )
    return shaped(rows, ROW)


def named_rows(
    balances: pl.DataFrame, dollars: Dollars, rulebook: Rulebook, day: date
) -> pl.DataFrame:
    """Return the lines whose accounts `reserve_account.<line>` names, `;` between, with children.

    Of a line of credits what stands in credit counts, of debits and of the bank what in debit.
    """
    frames = [ROW.to_frame()]
    known = balances.with_columns(account=chart.account_name())
    for line in _NAMED:
        names = str(rulebook.value(f"reserve_account.{line}", day)).split(";")
        for name in filter(None, names):
            own = (pl.col("account") == name) | pl.col("account").str.starts_with(f"{name}:")
            side = -1 if line in CREDITS else 1
            found = known.filter(own, pl.col("amount") * side > 0)
            frames += _named(found, line, side, dollars)
    return pl.concat(frames)


def _named(
    found: pl.DataFrame, line: str, side: int, dollars: Dollars
) -> tuple[pl.DataFrame, pl.DataFrame]:
    is_money = pl.col("unit").str.len_bytes() == _CURRENCY_LENGTH
    rows = found.select(
        line=pl.lit(line),
        kind=pl.lit("BALANCE"),
        subject="account",
        account="account",
        unit="unit",
        amount=pl.col("amount") * side,
    )
    money = rows.filter(is_money).with_columns(currency="unit", value_minor="amount")
    return dollars.money_rows(money), dollars.share_rows(rows.filter(~is_money))
