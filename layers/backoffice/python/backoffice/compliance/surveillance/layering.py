"""Layering: orders put in to be seen, cancelled once the other side of the book has been hit.

Of each execution those orders of its owner count that stood on the other side when it happened,
were cancelled soon and had hardly been filled. The firm's market makers quote and cancel all day.
"""

from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import (
    BASIS,
    found,
    moment,
    nothing_found,
    times_of,
)
from backoffice.compliance.surveillance.thresholds import Thresholds

_SECOND: Final = 10**9
_ORDER: Final = ("partner", "order_id")
_ISSUE: Final = ("owner", "isin", "trade_date")


def layering(orders: pl.DataFrame, trades: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Find layering.

    Parameters
    ----------
    orders, trades : pl.DataFrame
        ORDERS, TRADES.
    thresholds
        `layering.*`.

    Returns
    -------
    pl.DataFrame
        FOUND, a row an owner, issue, date and side.
    """
    if not orders.height or not trades.height:
        return nothing_found()
    life = thresholds["layering.life_seconds"] * _SECOND
    put_in = _cancelled(orders, thresholds, life)
    hits = trades.filter(pl.col("account_kind") != "HOUSE").select(
        *_ISSUE,
        hit="seen",
        hit_side="side",
        hit_quantity="quantity_e8",
        hit_account="account_id",
        at=pl.col("traded_at").to_physical(),
        slot=pl.col("traded_at").to_physical() // life,
    )
    both = pl.concat([put_in, put_in.with_columns(slot=pl.col("slot") + 1)])
    live = both.join(hits, on=[*_ISSUE, "slot"]).filter(
        pl.col("side") != pl.col("hit_side"),
        pl.col("at") >= pl.col("placed"),
        pl.col("at") <= pl.col("cancelled"),
    )
    return _alerts(_layered(live, thresholds))


def _cancelled(orders: pl.DataFrame, thresholds: Thresholds, life: int) -> pl.DataFrame:
    """Return the clients' orders that were cancelled soon and hardly filled."""
    is_over = orders.filter(pl.col("event") == "CANCEL", pl.col("account_kind") != "HOUSE")
    events = orders.join(is_over, on=_ORDER, how="semi")
    event, quantity = pl.col("event"), pl.col("quantity_e8")
    at = pl.col("event_at").to_physical()
    rows = events.group_by(*_ORDER, *_ISSUE, "account_id", "side").agg(
        placed=at.filter(event == "NEW").min(),
        cancelled=at.filter(event == "CANCEL").max(),
        quantity=quantity.filter(event.is_in(["NEW", "REPLACE"])).max(),
        filled=quantity.filter(event == "FILL").sum(),
        events=pl.col("seen"),
    )
    most = times_of(pl.col("quantity"), thresholds["layering.filled_bp"])
    return rows.filter(
        pl.col("cancelled") - pl.col("placed") <= life,
        times_of(pl.col("filled"), BASIS) <= most,
    ).with_columns(slot=pl.col("placed") // life)


def _layered(live: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Keep the executions that enough orders stood against."""
    hit = (*_ISSUE, "side", "hit", "hit_quantity", "hit_account")
    rows = live.group_by(hit).agg(
        pl.col("account_id").unique(),
        pl.col("events").explode(),
        layers=pl.struct(_ORDER).n_unique(),
        layered=pl.col("quantity").sum(),
        placed=pl.col("placed").min(),
        cancelled=pl.col("cancelled").max(),
    )
    least = times_of(pl.col("hit_quantity"), thresholds["layering.times_bp"])
    return rows.filter(
        pl.col("layers") >= thresholds["layering.least_orders"],
        times_of(pl.col("layered"), BASIS) >= least,
    )


def _alerts(rows: pl.DataFrame) -> pl.DataFrame:
    alerts = rows.group_by(*_ISSUE, "side").agg(
        accounts=pl.col("account_id").explode().append(pl.col("hit_account")),
        trades=pl.col("hit"),
        orders=pl.col("events").explode(),
        from_at=moment(pl.col("placed").min()),
        to_at=moment(pl.col("cancelled").max()),
        layers=pl.col("layers").max(),
        layered_e8=pl.col("layered").max(),
        executed_e8=pl.col("hit_quantity").sum(),
        executions=pl.len(),
    )
    told = alerts.with_columns(
        day="trade_date",
        score=40 + 5 * pl.col("layers").clip(0, 8) + 5 * pl.col("executions").clip(0, 4),
    )
    return found("LAYERING", told, "side", "layers", "layered_e8", "executed_e8", "executions")
