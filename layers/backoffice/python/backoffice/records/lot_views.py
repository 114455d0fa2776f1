"""What was closed of lots, and which losses were disallowed, as people fetch it."""

from typing import Final

import polars as pl

from backoffice.accounting.lots.disposals import known
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8, format_money
from backoffice.kernel.parts import Document, Records
from backoffice.records.view_columns import table

_KEY: Final = [
    *("account_id", "isin", "currency", "closed_on", "trade_id", "partner"),
    *("opened_on", "opening_id", "opening_partner"),
]
_NONE: Final = pl.lit(0, dtype=pl.Int128)


def disposals(records: Records, books: Books, asked: Document) -> pl.DataFrame:
    """Show every disposal, with what wash sales made of its basis, its gain and its term."""
    del asked
    rows = adjusted_disposals(records, books)
    profit = pl.col("proceeds_minor") - pl.col("cost_minor")
    adjusted = profit - pl.col("extra_minor") + pl.col("disallowed_minor")
    shown = rows.with_columns(
        profit_minor=profit,
        adjusted_minor=adjusted,
        basis_minor=pl.col("cost_minor") + pl.col("extra_minor"),
    )
    return table(
        "disposals",
        shown,
        direction=pl.when("is_short").then(pl.lit("SHORT")).otherwise(pl.lit("LONG")),
        quantity=format_e8("quantity_e8"),
        cost=format_money("cost_minor"),
        proceeds=format_money("proceeds_minor"),
        profit=format_money("profit_minor"),
        disallowed=format_money("disallowed_minor"),
        adjusted_cost=format_money("basis_minor"),
        adjusted_profit=format_money("adjusted_minor"),
        term=term(),
    )


def wash_sales(records: Records, books: Books, asked: Document) -> pl.DataFrame:
    """Show which losses were disallowed for which replacements."""
    del asked
    return table(
        "wash-sales",
        known(records, books, "wash_sales"),
        loss_on=pl.col("closed_on"),
        loss_id=pl.col("trade_id"),
        loss_partner=pl.col("partner"),
        quantity=format_e8("quantity_e8"),
        disallowed=format_money("disallowed_minor"),
    )


def adjusted_disposals(records: Records, books: Books) -> pl.DataFrame:
    """Return DISPOSALS with what wash sales add to them.

    Returns
    -------
    pl.DataFrame
        DISPOSALS in parts of one holding period each, and `extra_minor` (basis taken on from
        losses disallowed before), `disallowed_minor` (of this loss) and `held_since`.
    """
    rows, parts = known(records, books, "disposals"), known(records, books, "sold_parts")
    washes = known(records, books, "wash_sales")
    kinds = rows.select(*_KEY, "kind").unique(_KEY)
    split = parts.join(kinds, on=_KEY, how="left", nulls_equal=True)
    whole = rows.join(parts, on=_KEY, how="anti", nulls_equal=True).with_columns(
        number=pl.lit(0, dtype=pl.Int64), extra_minor=_NONE, held_since=pl.col("opened_on")
    )
    both = pl.concat([whole, split.select(whole.columns)])
    lost = washes.group_by(*_KEY, "number").agg(pl.col("disallowed_minor").sum())
    met = both.join(lost, on=[*_KEY, "number"], how="left", nulls_equal=True)
    return met.with_columns(pl.col("disallowed_minor").fill_null(_NONE))


def term() -> pl.Expr:
    """Say LONG when held for more than a year, counted from the day after it was acquired.

    26 USC 1222. What was acquired on a month's last day is held in whole months (Rev. Rul. 66-7):
    bought on 28 February 2023, it is LONG from 1 March 2024 on.
    """
    since, closed = pl.col("held_since"), pl.col("closed_on")
    counted = since.dt.offset_by("1d").dt.offset_by("1y")
    # a year from 29 February on ends with the February after it
    is_long = ~pl.col("is_short") & (closed > since.dt.offset_by("1y")) & (closed >= counted)
    return pl.when(is_long).then(pl.lit("LONG")).otherwise(pl.lit("SHORT"))
