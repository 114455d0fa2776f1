"""Wash trades: one beneficial owner buys and sells the same, and nothing has changed hands.

Of one account the two sides have to be simultaneous, for a trader may go in and out within a
minute; between accounts of one owner a wider time and price will do. Each side is looked at by
execution, by order, and by run of executions of one account and of all of the owner's, so that
neither slices nor what is dealt beside hides it. The firm's own accounts make markets: both sides
are their trade.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import (
    BASIS,
    found,
    mean_price,
    moment,
    nothing_found,
    times_of,
    with_runs,
)
from backoffice.compliance.surveillance.thresholds import Thresholds

_ISSUE: Final = ("owner", "isin", "trade_date")
_SECOND: Final = 10**9
_SLOTS: Final = range(-3, 4)
_LEG: Final = ("starts", "ends", "quantity", "price", "trades", "accounts")


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of looking: of whom sides are matched, and how near they have to be."""

    key: tuple[str, ...]
    seconds: int
    price_bp: int
    least_accounts: int


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
    gaps = (thresholds["wash_trades.run_seconds"], thresholds["wash_trades.long_run_seconds"])
    pairs = [
        _pairs(_legs(rows, way, gaps), way, thresholds)
        for way, rows in zip(_ways(thresholds), (both, across), strict=True)
    ]
    least = pl.lit(thresholds.minor("wash_trades.least_value"), dtype=pl.Int128)
    return _alerts(pl.concat(pairs), both, least)


def _ways(thresholds: Thresholds) -> tuple[_Way, _Way]:
    def way(name: str, key: tuple[str, ...], least_accounts: int) -> _Way:
        seconds = thresholds[f"wash_trades.{name}_seconds"]
        price_bp = thresholds[f"wash_trades.{name}_price_bp"]
        return _Way(key, seconds, price_bp, least_accounts)

    within = way("same_account", (*_ISSUE, "account_id"), 1)
    return within, way("between_accounts", _ISSUE, 2)


def _legs(rows: pl.DataFrame, way: _Way, gaps: Sequence[int]) -> pl.DataFrame:
    """Return what was dealt on one side: by execution, by order, by run of either length."""
    own, all_of = (*_ISSUE, "account_id", "side"), (*way.key, "side")
    single = rows.select(
        *all_of,
        starts=pl.col("traded_at").to_physical(),
        ends=pl.col("traded_at").to_physical(),
        quantity="quantity_e8",
        price="price_e8",
        trades=pl.concat_list("seen"),
        accounts=pl.concat_list("account_id"),
    )
    named = rows.filter(pl.col("order_id").is_not_null())
    sliced = named.filter(pl.len().over(*own, "order_id") > 1)
    found = [single, sliced.group_by(*own, "order_id").agg(_leg())]
    for key in dict.fromkeys((own, all_of)):
        found += [_runs(rows, key, seconds) for seconds in gaps]
    return pl.concat([legs.select(*way.key, "side", *_LEG) for legs in found])


def _runs(rows: pl.DataFrame, key: tuple[str, ...], seconds: int) -> pl.DataFrame:
    """Return runs of several executions that are no further apart than so many seconds."""
    runs = with_runs(rows, key, seconds)
    several = runs.filter(pl.len().over("run") > 1)
    whole = [pl.col(name).first() for name in key]
    legs = several.group_by("run").agg(*whole, *_leg())
    return legs.with_columns(account_id=pl.col("accounts").list.first())


def _leg() -> list[pl.Expr]:
    at = pl.col("traded_at").to_physical()
    return [
        at.min().alias("starts"),
        at.max().alias("ends"),
        pl.col("quantity_e8").sum().alias("quantity"),
        mean_price(pl.lit(value=True)).alias("price"),
        pl.col("seen").alias("trades"),
        pl.col("account_id").unique().alias("accounts"),
    ]


def _pairs(legs: pl.DataFrame, way: _Way, thresholds: Thresholds) -> pl.DataFrame:
    """Join the purchases and sales that are near each other in time, size and price."""
    slot = max(way.seconds, thresholds["wash_trades.run_seconds"]) * _SECOND
    short = legs.filter(pl.col("ends") - pl.col("starts") <= 2 * slot).with_row_index("leg")
    slotted = short.drop("trades", "accounts").with_columns(slot=pl.col("starts") // slot)
    sales = slotted.filter(pl.col("side") == "SELL")
    bought = slotted.filter(pl.col("side") == "BUY")
    near = pl.concat([bought.with_columns(slot=pl.col("slot") + pl.lit(by)) for by in _SLOTS])
    pairs = near.join(sales, on=[*way.key, "slot"], suffix="_sold")
    of = short.select("leg", "trades", "accounts")
    alike = _alike(pairs, way, thresholds).join(of, on="leg")
    named = alike.join(of, left_on="leg_sold", right_on="leg", suffix="_sold")
    several = pl.concat_list("accounts", "accounts_sold").list.n_unique() >= way.least_accounts
    return named.filter(several).select(
        *_ISSUE,
        bought="trades",
        from_at=pl.min_horizontal("starts", "starts_sold"),
        to_at=pl.max_horizontal("ends", "ends_sold"),
        matched_e8=pl.min_horizontal("quantity", "quantity_sold"),
        accounts=pl.concat_list("accounts", "accounts_sold"),
        trades=pl.concat_list("trades", "trades_sold"),
    )


def _alike(pairs: pl.DataFrame, way: _Way, thresholds: Thresholds) -> pl.DataFrame:
    apart = pl.max_horizontal(
        pl.col("starts_sold") - pl.col("ends"), pl.col("starts") - pl.col("ends_sold")
    )
    fewer = pl.min_horizontal("quantity", "quantity_sold")
    more = pl.max_horizontal("quantity", "quantity_sold")
    lower = pl.min_horizontal("price", "price_sold")
    gap = (pl.col("price") - pl.col("price_sold")).abs()
    return pairs.filter(
        apart <= way.seconds * _SECOND,
        times_of(fewer, BASIS) >= times_of(more, thresholds["wash_trades.matched_bp"]),
        times_of(gap, BASIS) <= times_of(lower, way.price_bp),
    )


def _alerts(pairs: pl.DataFrame, trades: pl.DataFrame, least: pl.Expr) -> pl.DataFrame:
    bought = pairs.select(*_ISSUE, seen="bought").explode("seen").unique()
    valued = bought.join(trades.select("seen", "value_minor"), on="seen")
    values = valued.group_by(_ISSUE).agg(pl.col("value_minor").sum())
    rows = pairs.group_by(_ISSUE).agg(
        pl.col("accounts", "trades").explode().unique(),
        from_at=moment(pl.col("from_at").min()),
        to_at=moment(pl.col("to_at").max()),
        matched_e8=pl.col("matched_e8").max(),
        pairs=pl.len(),
    )
    across = pl.when(pl.col("accounts").list.len() > 1).then(20).otherwise(0)
    score = 50 + 10 * pl.col("pairs").clip(0, 3) + across
    told = rows.with_columns(score=score, day="trade_date").join(values, on=list(_ISSUE))
    enough = told.filter(pl.col("value_minor") >= least)
    return found("WASH_TRADE", enough, "matched_e8", "value_minor", "pairs")
