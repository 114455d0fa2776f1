"""Nets: what trades with a counterparty come to by instrument, currency and due date.

In two levels: each bucket of accounts nets its own trades, and nets add up in any order.
"""

from collections.abc import Collection, Iterable
from typing import Final

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.frames import (
    FIGURES,
    NET_KEY,
    NETS_SCHEMA,
    empty,
)

SUMS: Final = (*FIGURES, "trades")
_NET: Final = tuple(NETS_SCHEMA)
_TOTALS: Final = tuple(pl.col(name).sum() for name in SUMS)
_OF_VENUE: Final = (*NET_KEY, "venue")
_SHARED_KEY: Final = tuple(name for name in _OF_VENUE if name != "trade_key")
"""Of what is netted: a key that is null in every row is not grouped by."""


def partial_nets(cleared: pl.DataFrame, trade_netting: Collection[str]) -> pl.DataFrame:
    """Net some of a day's cleared trades.

    Parameters
    ----------
    cleared : pl.DataFrame
        Cleared register rows: partner, trade_date, trade_id, side, quantity_e8, gross_minor,
        counterparty, isin, currency, due_date, venue.
    trade_netting : Collection[str]
        LEIs of the counterparties that net nothing.

    Returns
    -------
    pl.DataFrame
        `NETS_SCHEMA`, one row a key and venue: the nets in the order in which their keys first
        appear, then the trades that are netted with nothing.
    """
    alone = pl.col("counterparty").is_in(list(trade_netting))
    one = pl.lit(1, dtype=pl.UInt32).alias("trades")
    netted = cleared.filter(~alone) if trade_netting else cleared
    rows = netted.select(*_SHARED_KEY, *signed_figures(), one)
    nets = rows.group_by(_SHARED_KEY, maintain_order=True).agg(_TOTALS)
    nets = shaped(nets.with_columns(trade_key=pl.lit(None, dtype=pl.String)), NETS_SCHEMA)
    if not trade_netting:
        return nets
    single = cleared.filter(alone).with_columns(trade_key().alias("trade_key"))
    return pl.concat([nets, shaped(single.with_columns(*signed_figures(), one), NETS_SCHEMA)])


def netted_by(cleared: pl.DataFrame, trade_netting: Collection[str]) -> pl.DataFrame:
    """Say of each trade what it nets by.

    Parameters
    ----------
    cleared, trade_netting
        As for `partial_nets`.

    Returns
    -------
    pl.DataFrame
        counterparty, isin, currency, due_date, trade_key as the net has it, and `own_key`, the
        trade's own.
    """
    alone = pl.col("counterparty").is_in(list(trade_netting))
    return cleared.select(
        "counterparty",
        "isin",
        "currency",
        "due_date",
        trade_key=pl.when(alone).then(trade_key()),
        own_key=trade_key(),
    )


def trade_key() -> pl.Expr:
    """Name a trade as one text: partner, trade date, trade_id."""
    return pl.concat_str("partner", "trade_date", "trade_id", separator="|")


def signed_figures() -> tuple[pl.Expr, ...]:
    """Return what a trade adds: its quantity (BUY +), and its gross on its own side."""
    bought, gross = pl.col("side") == "BUY", pl.col("gross_minor")
    quantity = pl.col("quantity_e8")
    nothing = pl.lit(0, dtype=pl.Int128)
    return (
        pl.when(bought).then(quantity).otherwise(quantity * -1).alias("quantity_e8"),
        pl.when(bought).then(gross).otherwise(nothing).alias("buy_gross_minor"),
        pl.when(bought).then(nothing).otherwise(gross).alias("sell_gross_minor"),
    )


def add_nets(nets: Iterable[pl.DataFrame], rows_at_once: int = 2**18) -> pl.DataFrame:
    """Add nets up; associative, and in any order.

    Memory grows with the keys, not with the nets.

    Parameters
    ----------
    nets : Iterable[pl.DataFrame]
        `NETS_SCHEMA` each.
    rows_at_once : int
        So many are held before they are summed; it changes nothing in what they come to.

    Returns
    -------
    pl.DataFrame
        `NETS_SCHEMA`, one row a key and venue, sorted by these.
    """
    pending, least = [empty(NETS_SCHEMA)], rows_at_once
    for each in nets:
        pending.append(each)
        if sum(rows.height for rows in pending) >= least:
            pending = [_summed(pending)]
            # sums that hardly shrink are not summed again before as many rows have come
            least = max(rows_at_once, 2 * pending[0].height)
    return shaped(_summed(pending), NETS_SCHEMA).sort(_OF_VENUE)


def _summed(nets: Iterable[pl.DataFrame]) -> pl.DataFrame:
    rows = pl.concat(nets).lazy()
    is_shared = pl.col("trade_key").is_null()
    shared = rows.filter(is_shared).group_by(_SHARED_KEY).agg(_TOTALS)
    no_key = pl.lit(None, dtype=pl.String).alias("trade_key")
    own = rows.filter(~is_shared).group_by(_OF_VENUE).agg(_TOTALS)
    summed = pl.concat([shared.with_columns(no_key).select(_NET), own.select(_NET)])
    # polars' other engine takes more time and three times the memory
    return summed.collect(engine="streaming")
