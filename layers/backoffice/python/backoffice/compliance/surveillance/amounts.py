"""Amounts of every currency in one, at the latest rates known: to compare, not to book."""

from datetime import date

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.columns import int128
from backoffice.kernel.parts import Records
from backoffice.reference.known import known_table
from backoffice.risk.valuation import converted, latest_on, with_rate

_E36 = 10**36


def rates_on(records: Records, books: Books, day: date) -> pl.DataFrame:
    """Return currency, base, rate_e18: the latest up to a day; the inverse where no direct one is.

    The books go by direct rates alone; a threshold has to be compared with what is known.
    """
    known = latest_on(known_table(records, books, "fx"), day, ["currency", "base"])
    direct = known.select("currency", "base", "rate_e18")
    inverse = direct.select(
        currency="base", base="currency", rate_e18=int128(_E36) // pl.col("rate_e18")
    )
    both = pl.concat([direct, inverse.filter(pl.col("rate_e18") > 0)])
    return both.unique(["currency", "base"], keep="first", maintain_order=True)


def in_currency(
    rows: pl.DataFrame, amount: str, rates: pl.DataFrame, currency: str
) -> pl.DataFrame:
    """Return rows with `amount` in minor units of another currency; null where no rate is known.

    Parameters
    ----------
    rows : pl.DataFrame
        currency and the amount in its minor units, among other columns.
    amount
        The column that is replaced.
    rates : pl.DataFrame
        As `rates_on` returns them.
    currency
        Which currency.
    """
    asked = rows.select(value_currency="currency").unique()
    asked = asked.with_columns(
        account_currency=pl.lit(currency), missing=pl.lit(None, dtype=pl.String)
    )
    factors = with_rate(asked, rates).select("value_currency", "rate_times", "rate_by")
    both = rows.join(
        factors,
        left_on="currency",
        right_on="value_currency",
        how="left",
        maintain_order="left",
        nulls_equal=True,
    )
    return both.with_columns(converted(amount).alias(amount)).drop("rate_times", "rate_by")
