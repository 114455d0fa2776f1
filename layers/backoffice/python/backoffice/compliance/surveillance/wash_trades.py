"""Wash trades: one beneficial owner buys and sells the same, and nothing has changed hands.

Of one account the two sides have to be all but simultaneous and at all but one price, for a trader
may go in and out within minutes; between accounts of one owner a wider time and price will do. Each
side is looked at by execution, by order, and by run of executions, so that neither slices nor what
is dealt beside hides it. The firm's own accounts make markets: both sides are their trade.
"""

from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import (
    BASIS,
    found,
    mean_price,
    nothing_found,
    times_of,
)
from backoffice.compliance.surveillance.thresholds import Thresholds

_ISSUE: Final = ("owner", "isin", "trade_date")
_SIDE: Final = (*_ISSUE, "account_id", "side")
_SECOND: Final = 10**9


def wash_trades(trades: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Find wash trades.

    Parameters
    ----------
    trades : pl.DataFrame
        TRADES.
    thresholds
        `wash_trades.*`.

    Returns
    -------
    pl.DataFrame
        FOUND, a row an owner, issue and date.
    """
    clients = trades.filter(pl.col("account_kind") != "HOUSE")
    both = clients.filter(pl.col("side").n_unique().over(_ISSUE) > 1)
    if not both.height:
        return nothing_found()
    across = both.filter(pl.col("account_id").n_unique().over(_ISSUE) > 1)
    pairs = [
        _pairs(legs, thresholds, kind)
        for kind, rows in (("same_account", both), ("between_accounts", across))
        for legs in _legs(rows, thresholds[f"wash_trades.{kind}_seconds"])
    ]
    return _alerts(pl.concat(pairs))


def _legs(rows: pl.DataFrame, seconds: int) -> list[pl.DataFrame]:
    """Return what was dealt on one side, by execution, by order and by run."""
    ordered = rows.sort(*_SIDE, "traded_at")
    at = pl.col("traded_at").to_physical()
    apart = (at - at.shift(1).over(_SIDE)).fill_null(0) > seconds * _SECOND
    runs = ordered.with_columns(run=apart.cum_sum().over(_SIDE))
    several = pl.len().over(*_SIDE, "run") > 1
    whole = runs.filter(several).group_by(*_SIDE, "run").agg(_leg()).drop("run")
    named = rows.filter(pl.col("order_id").is_not_null())
    sliced = named.filter(pl.len().over(*_SIDE, "order_id") > 1)
    orders = sliced.group_by(*_SIDE, "order_id").agg(_leg()).drop("order_id")
    single = rows.select(
        *_SIDE,
        starts=pl.col("traded_at").to_physical(),
        ends=pl.col("traded_at").to_physical(),
        quantity="quantity_e8",
        price="price_e8",
        value="value_minor",
        trades=pl.col("seen").reshape((-1, 1)).arr.to_list(),
    )
    return [single, orders.select(single.columns), whole.select(single.columns)]


def _leg() -> list[pl.Expr]:
    at = pl.col("traded_at").to_physical()
    return [
        at.min().alias("starts"),
        at.max().alias("ends"),
        pl.col("quantity_e8").sum().alias("quantity"),
        mean_price(pl.lit(value=True)).alias("price"),
        pl.col("value_minor").sum().alias("value"),
        pl.col("seen").alias("trades"),
    ]


def _pairs(legs: pl.DataFrame, thresholds: Thresholds, kind: str) -> pl.DataFrame:
    """Join the purchases and sales that are near each other in time, size and price."""
    window = thresholds[f"wash_trades.{kind}_seconds"] * _SECOND
    short = legs.with_columns(slot=pl.col("starts") // window).filter(
        pl.col("ends") - pl.col("starts") <= 2 * window
    )
    sales = short.filter(pl.col("side") == "SELL")
    near = pl.concat(
        [
            short.filter(pl.col("side") == "BUY").with_columns(slot=pl.col("slot") + pl.lit(by))
            for by in range(-3, 4)
        ]
    )
    same = ["account_id"] if kind == "same_account" else []
    pairs = near.join(sales, on=[*_ISSUE, *same, "slot"], suffix="_sold")
    if not same:
        pairs = pairs.filter(pl.col("account_id") != pl.col("account_id_sold"))
    sold_account = "account_id" if same else "account_id_sold"
    return _alike(pairs, thresholds, kind, window).select(
        *_ISSUE,
        "starts",
        "ends",
        "starts_sold",
        "ends_sold",
        "quantity",
        "quantity_sold",
        "value",
        accounts=pl.concat_list("account_id", sold_account),
        trades=pl.concat_list("trades", "trades_sold"),
    )


def _alike(pairs: pl.DataFrame, thresholds: Thresholds, kind: str, window: int) -> pl.DataFrame:
    apart = pl.max_horizontal(
        pl.col("starts_sold") - pl.col("ends"), pl.col("starts") - pl.col("ends_sold")
    )
    fewer = pl.min_horizontal("quantity", "quantity_sold")
    more = pl.max_horizontal("quantity", "quantity_sold")
    lower = pl.min_horizontal("price", "price_sold")
    gap = (pl.col("price") - pl.col("price_sold")).abs()
    least = thresholds.minor("wash_trades.least_value")
    return pairs.filter(
        apart <= window,
        times_of(fewer, BASIS) >= times_of(more, thresholds["wash_trades.matched_bp"]),
        times_of(gap, BASIS) <= times_of(lower, thresholds[f"wash_trades.{kind}_price_bp"]),
        pl.col("value") >= pl.lit(least, dtype=pl.Int128),
    )


def _alerts(pairs: pl.DataFrame) -> pl.DataFrame:
    from_at = pl.min_horizontal(pl.col("starts").min(), pl.col("starts_sold").min())
    to_at = pl.max_horizontal(pl.col("ends").max(), pl.col("ends_sold").max())
    rows = pairs.group_by(_ISSUE).agg(
        pl.col("accounts").explode().unique(),
        pl.col("trades").explode().unique(),
        from_at=from_at.cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"),
        to_at=to_at.cast(pl.Datetime("ns")).dt.replace_time_zone("UTC"),
        matched_e8=pl.min_horizontal("quantity", "quantity_sold").max(),
        value_minor=pl.col("value").max(),
        pairs=pl.len(),
    )
    across = pl.col("accounts").list.len() > 1
    rows = rows.with_columns(
        day="trade_date",
        score=50 + 10 * pl.col("pairs").clip(0, 3) + pl.when(across).then(20).otherwise(0),
    )
    return found("WASH_TRADE", rows, "matched_e8", "value_minor", "pairs")
