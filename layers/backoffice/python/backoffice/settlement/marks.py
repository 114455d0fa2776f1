"""Marking to market: what nets anew does so at the latest close, and the difference is paid."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.frames import NETS_SCHEMA
from backoffice.settlement.obligations import instruct, opened, with_new_ids
from backoffice.settlement.rolls import ALIKE

MARK: Final = "MARK"
"""The origin of an obligation that pays what marking comes to."""

_NOTHING: Final = pl.lit(0, dtype=pl.Int128)


def nets_of(leaving: pl.DataFrame) -> pl.DataFrame:
    """Net what leaves, marked, by venue; the first venue of each carries its figures.

    Parameters
    ----------
    leaving : pl.DataFrame
        Obligations with quantity_left, buy_left, sell_left, mark_minor (null: none), due_date.

    Returns
    -------
    pl.DataFrame
        `NETS_SCHEMA`.
    """
    mark = pl.col("mark_minor").fill_null(_NOTHING)
    receives = pl.col("quantity_left") > 0
    figures = {
        "quantity_e8": pl.col("quantity_left"),
        "buy_gross_minor": pl.col("buy_left") + pl.when(receives).then(mark).otherwise(_NOTHING),
        "sell_gross_minor": pl.col("sell_left") - pl.when(receives).then(_NOTHING).otherwise(mark),
    }
    by_venue = (
        leaving.with_columns(**figures, trade_key=pl.lit(None, dtype=pl.String))
        .drop("trades")
        .explode("venues", empty_as_null=True)
        .unnest("venues")
    )
    is_first = pl.int_range(pl.len()).over("obligation_id") == 0
    rows = by_venue.with_columns(pl.when(is_first).then(pl.col(*figures)).otherwise(_NOTHING))
    return shaped(rows, NETS_SCHEMA)


def marks_of(marked: pl.DataFrame, day: date) -> pl.DataFrame:
    """Open and instruct what marking comes to, of all that nets together one obligation.

    Parameters
    ----------
    marked : pl.DataFrame
        As for `nets_of`.
    day : date
        The business day of the cut-off.

    Returns
    -------
    pl.DataFrame
        `OBLIGATION_SCHEMA`.
    """
    key = [*ALIKE, "due_date"]
    receives = pl.col("quantity_left") > 0
    mark = pl.col("mark_minor").fill_null(_NOTHING)
    sums = (
        marked.with_columns(
            bought=pl.when(receives).then(mark * -1).otherwise(_NOTHING),
            sold=pl.when(receives).then(_NOTHING).otherwise(mark),
        )
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("venues").first(),
            buy_gross_minor=pl.col("bought").sum(),
            sell_gross_minor=pl.col("sold").sum(),
        )
        .filter(pl.any_horizontal(pl.col("buy_gross_minor", "sell_gross_minor") != 0))
    )
    rows = sums.with_columns(
        settlement_date="due_date",
        quantity_e8=_NOTHING,
        trades=pl.lit(0, dtype=pl.UInt32),
        origin=pl.lit(MARK),
        trade_key=pl.lit(None, dtype=pl.String),
    )
    return instruct(opened(with_new_ids(rows, day, "origin", *key), day), day)
