"""What clients hold at a close, at the latest prices, and what they realised over a period."""

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from backoffice.accounting.adjusted_closes import latest_closes
from backoffice.accounting.positions import POSITIONS
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8, format_money
from backoffice.kernel.parts import Records
from backoffice.reference.tables import empty_table
from backoffice.risk.valuation import with_values

_NAMES: Final = ("isin", "symbol", "name", "asset_class")
_KEY: Final = ("account_id", "isin", "currency")


def instruments_of(records: Records, books: Books) -> pl.DataFrame:
    """Return isin, symbol, name, asset_class of what the books know."""
    part = books.tables.get("instruments")
    return (records.read(part) if part else empty_table("instruments")).select(_NAMES)


def positions_of(
    records: Records, books: Books | None, accounts: Sequence[str], bucket: int
) -> pl.DataFrame:
    """Return some accounts' positions at a close; none before any."""
    parts = [
        part
        for part in (books.bucketed.get("positions", ()) if books else ())
        if books and part.concerns(bucket, books.buckets)
    ]
    rows = records.read_all(parts)
    if rows is None:
        return POSITIONS.to_frame()
    return rows.filter(pl.col("account_id").is_in(accounts))


def holdings(
    records: Records, books: Books, positions: pl.DataFrame, instruments: pl.DataFrame
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Value positions that are not nothing.

    Returns
    -------
    tuple
        Rows as text, each with the close's date and `priced_in`, empty where there is no price;
        and the totals by account and that currency.
    """
    prices = latest_closes(records, books)
    held = positions.filter(
        (pl.col("traded_quantity_e8") != 0) | (pl.col("settled_quantity_e8") != 0)
    )
    named = held.rename({"traded_quantity_e8": "quantity_e8"}).join(
        instruments, on="isin", how="left"
    )
    valued = with_values(named, prices.select("isin", "currency", "close_e8"))
    dated = valued.join(prices.select("isin", price_date="date"), on="isin", how="left")
    return _as_text(dated), _totals(valued)


def _as_text(valued: pl.DataFrame) -> list[dict[str, Any]]:
    rows = valued.sort("account_id", pl.coalesce("name", "isin"), "isin", "currency").select(
        "account_id",
        "isin",
        priced_in=pl.col("value_currency"),
        security=pl.coalesce("name", "isin"),
        quantity=format_e8("quantity_e8"),
        settled=format_e8("settled_quantity_e8"),
        price=format_e8("close_e8"),
        price_date=pl.col("price_date").cast(pl.String),
        worth=format_money("value_minor", "value_currency"),
    )
    return rows.to_dicts()


def _totals(valued: pl.DataFrame) -> list[dict[str, Any]]:
    known = valued.filter(pl.col("value_minor").is_not_null())
    sums = known.group_by("account_id", priced_in="value_currency").agg(pl.col("value_minor").sum())
    rows = sums.with_columns(worth=format_money("value_minor", "priced_in"))
    return (
        rows.sort("account_id", "priced_in").select("account_id", "priced_in", "worth").to_dicts()
    )


def realised(after: pl.DataFrame, before: pl.DataFrame, instruments: pl.DataFrame) -> pl.DataFrame:
    """Return what was realised between two closes: account, isin, currency, gain_minor, security.

    What was not realised, or came to nothing, is left out.
    """
    earlier = before.select(*_KEY, before_minor="realised_pnl_minor")
    both = after.join(earlier, on=_KEY, how="full", coalesce=True)
    gain = pl.col("realised_pnl_minor").fill_null(0) - pl.col("before_minor").fill_null(0)
    named = both.with_columns(gain_minor=gain).filter(pl.col("gain_minor") != 0)
    with_names = named.join(instruments, on="isin", how="left")
    return with_names.select(*_KEY, "gain_minor", security=pl.coalesce("name", "isin")).sort(
        "account_id", "currency", "security", "isin"
    )


def gains_as_text(gains: pl.DataFrame) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Write gains, and their sums by account and currency, as text."""
    sums = gains.group_by("account_id", "currency").agg(pl.col("gain_minor").sum())
    said = [rows.with_columns(gain=format_money("gain_minor")) for rows in (gains, sums)]
    return said[0].drop("gain_minor").to_dicts(), said[1].drop("gain_minor").to_dicts()
