"""What a break is worth: its money, or its shares at the latest close."""

from typing import Final

import polars as pl

from backoffice.accounting.reconciliation.frames import LIFE_SCHEMA, OPEN
from backoffice.accounting.reconciliation.lives import in_order
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.reference.known import known_table
from backoffice.risk import valuation

_CURRENCY_LENGTH: Final = 3


def with_values(records: Records, books: Books, lives: pl.DataFrame) -> pl.DataFrame:
    """Value the open breaks as of the books' day; one that healed keeps its last value.

    Parameters
    ----------
    records, books
        The store, and the books that know instruments and prices.
    lives : pl.DataFrame
        `LIFE_SCHEMA`.

    Returns
    -------
    pl.DataFrame
        The lives, `value_minor` never negative, null for shares without a close or an instrument.
    """
    is_open = pl.col("status") == OPEN
    is_money = pl.col("unit").str.len_bytes() == _CURRENCY_LENGTH
    money = lives.filter(is_open & is_money).with_columns(
        value_minor=pl.col("difference").abs(), currency="unit"
    )
    shares = _at_close(records, books, lives.filter(is_open & ~is_money))
    parts = (lives.filter(~is_open), money, shares)
    return in_order(pl.concat([shaped(part, LIFE_SCHEMA) for part in parts]))


def _at_close(records: Records, books: Books, shares: pl.DataFrame) -> pl.DataFrame:
    if not shares.height:
        return shares
    isins = pl.col("isin").is_in(shares["unit"].unique().implode())
    instruments = known_table(records, books, "instruments").filter(isins)
    prices = known_table(records, books, "prices").filter(isins)
    closes = valuation.latest_on(prices, books.day, ("isin",))
    classes = instruments.select("isin", "asset_class")
    held = shares.drop("value_minor", "currency").with_columns(
        isin="unit", quantity_e8=pl.col("difference").abs()
    )
    valued = valuation.with_values(held.join(classes, on="isin", how="left"), closes)
    known = pl.col("value_minor").is_not_null()
    return valued.with_columns(currency=pl.when(known).then("value_currency"))
