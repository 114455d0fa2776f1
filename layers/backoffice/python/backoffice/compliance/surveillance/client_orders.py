"""Clients' large orders, of their executions: who knew of one could run ahead of it."""

from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import with_runs
from backoffice.compliance.surveillance.thresholds import Thresholds

ISSUE: Final = ("isin", "trade_date")
_MINUTE: Final = 60 * 10**9


def large_orders(
    trades: pl.DataFrame, orders: pl.DataFrame, thresholds: Thresholds
) -> pl.DataFrame:
    """Return clients' large orders, each from when it was known to its last execution.

    What one account dealt is an order, and what all of its owner's did; `order` numbers the latter,
    of which the former are parts.

    Parameters
    ----------
    trades, orders : pl.DataFrame
        TRADES, ORDERS.
    thresholds
        `front_running.*`.

    Returns
    -------
    pl.DataFrame
        large (its number), order, isin, trade_date, client_side; first, finished and known in
        nanoseconds; client_e8, client_value_minor, client_trades.
    """
    seconds = 60 * thresholds["front_running.order_gap_minutes"]
    least = pl.lit(thresholds.minor("front_running.client_value"), dtype=pl.Int128)
    key = ["owner", *ISSUE, "side"]
    clients = trades.filter(pl.col("account_kind") != "HOUSE")
    # most owners deal in no issue for as much: sorting is for the others
    much = (
        clients.group_by(key)
        .agg(pl.col("value_minor").sum())
        .filter(pl.col("value_minor") >= least)
    )
    wide = with_runs(clients.join(much.select(key), on=key, how="semi"), key, seconds)
    several = pl.col("account_id").n_unique().over("run") > 1
    whole = wide.with_columns(order="run")
    parts = with_runs(whole.filter(several).drop("run"), ["account_id", *key], seconds)
    rows = pl.concat([_summed(whole), _summed(parts)])
    large = rows.filter(pl.col("client_value_minor") >= least).with_row_index("large")
    before = pl.col("first") - thresholds["front_running.before_minutes"] * _MINUTE
    return (
        large.join(_came(large, orders), on="large", how="left")
        .with_columns(known=pl.coalesce("came", before))
        .drop("named", "came")
    )


def _summed(runs: pl.DataFrame) -> pl.DataFrame:
    at = pl.col("traded_at").to_physical()
    sums = runs.group_by("run").agg(
        pl.col("order", *ISSUE).first(),
        client_side=pl.col("side").first(),
        first=at.min(),
        finished=at.max(),
        client_e8=pl.col("quantity_e8").sum(),
        client_value_minor=pl.col("value_minor").sum(),
        client_trades=pl.col("seen"),
        named=pl.struct("order_id", "account_id").unique(),
    )
    return sums.drop("run")


def _came(large: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Return when the order log says that the orders came."""
    named = large.select("large", "named").explode("named").unnest("named")
    new = orders.filter(pl.col("event") == "NEW").select(
        "order_id", "account_id", came=pl.col("event_at").to_physical()
    )
    return (
        named.join(new, on=["order_id", "account_id"]).group_by("large").agg(pl.col("came").min())
    )
