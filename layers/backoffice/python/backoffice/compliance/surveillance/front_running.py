"""Front running: the firm's own account deals before a client's large order, and undoes it after.

The client's order begins with its first execution, or when the order log says that it came. What
the firm's account dealt one way between then and the client's first execution (without a log: in
the minutes before it), and closed again at a better price soon after, is found. A market maker who
deals both ways all the time is not.
"""

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

_ISSUE: Final = ("isin", "trade_date")
_CLIENT: Final = ("client", "isin", "trade_date", "client_side", "first", "finished")
_MINUTE: Final = 60 * 10**9


def front_running(
    trades: pl.DataFrame, orders: pl.DataFrame, thresholds: Thresholds
) -> pl.DataFrame:
    """Find what the firm dealt ahead of its clients.

    Parameters
    ----------
    trades, orders : pl.DataFrame
        TRADES, ORDERS.
    thresholds
        `front_running.*`.

    Returns
    -------
    pl.DataFrame
        FOUND, a row an account of the firm, issue and date.
    """
    large = _large(trades, orders, thresholds)
    own = trades.filter(pl.col("account_kind") == "HOUSE").with_columns(
        at=pl.col("traded_at").to_physical()
    )
    ahead = _ahead(large, own, thresholds)
    if not ahead.height:
        return nothing_found()
    dealt = own.select(
        *_ISSUE, "account_id", "side", "quantity_e8", "price_e8", "value_minor", "seen", "at"
    )
    after = thresholds["front_running.after_minutes"] * _MINUTE
    both = ahead.join(dealt, on=[*_ISSUE, "account_id"]).with_columns(
        ahead=(pl.col("at") >= pl.col("known")) & (pl.col("at") < pl.col("first")),
        after=(pl.col("at") >= pl.col("first")) & (pl.col("at") <= pl.col("finished") + after),
        along=pl.col("side") == pl.col("client_side"),
    )
    return _alerts(_run(both, thresholds))


def _ahead(large: pl.DataFrame, own: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Keep the large orders ahead of which an account of the firm dealt enough the same way."""
    numbered = large.with_row_index("large")
    slim = own.select(*_ISSUE, "account_id", "at", "value_minor", client_side="side")
    near = numbered.select("large", *_ISSUE, "client_side", "known", "first").join(
        slim, on=[*_ISSUE, "client_side"]
    )
    before = near.filter(pl.col("at") >= pl.col("known"), pl.col("at") < pl.col("first"))
    least = pl.lit(thresholds.minor("front_running.own_value"), dtype=pl.Int128)
    enough = before.group_by("large", "account_id").agg(pl.col("value_minor").sum())
    who = enough.filter(pl.col("value_minor") >= least).drop("value_minor")
    return who.join(numbered, on="large").drop("large")


def _large(trades: pl.DataFrame, orders: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Return clients' large orders, each from when it was known to its last execution."""
    clients = trades.filter(pl.col("account_kind") != "HOUSE")
    at = pl.col("traded_at").to_physical()
    key = ["account_id", *_ISSUE, "side"]
    seconds = 60 * thresholds["front_running.order_gap_minutes"]
    runs = with_runs(clients, key, seconds)
    rows = runs.group_by("run").agg(
        pl.col(key).first(),
        first=at.min(),
        finished=at.max(),
        client_e8=pl.col("quantity_e8").sum(),
        client_value_minor=pl.col("value_minor").sum(),
        client_trades=pl.col("seen"),
        order_id=pl.col("order_id").drop_nulls(),
    )
    least = pl.lit(thresholds.minor("front_running.client_value"), dtype=pl.Int128)
    large = rows.filter(pl.col("client_value_minor") >= least).with_row_index("large")
    before = pl.col("first") - thresholds["front_running.before_minutes"] * _MINUTE
    return (
        large.join(_came(large, orders), on="large", how="left")
        .with_columns(known=pl.coalesce("came", before))
        .rename({"account_id": "client", "side": "client_side"})
        .drop("order_id", "run", "came", "large")
    )


def _came(large: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Return when the order log says that the orders came."""
    named = large.select("large", "order_id", "account_id").explode("order_id").unique()
    new = orders.filter(pl.col("event") == "NEW").select(
        "order_id", "account_id", came=pl.col("event_at").to_physical()
    )
    return (
        named.join(new, on=["order_id", "account_id"]).group_by("large").agg(pl.col("came").min())
    )


def _run(both: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Sum what was dealt ahead of each large order and after, and keep what ran ahead of it."""
    quantity, ahead, after = pl.col("quantity_e8"), pl.col("ahead"), pl.col("after")
    along = pl.col("along")
    taken, undone = ahead & along, after & ~along
    rows = both.group_by("account_id", *_CLIENT).agg(
        pl.col("client_e8", "client_value_minor", "client_trades").first(),
        taken_e8=quantity.filter(taken).sum(),
        against_e8=quantity.filter(ahead & ~along).sum(),
        undone_e8=quantity.filter(undone).sum(),
        more_e8=quantity.filter(after & along).sum(),
        value_minor=pl.col("value_minor").filter(taken).sum(),
        taken_at=mean_price(taken),
        undone_at=mean_price(undone),
        own_trades=pl.col("seen").filter(taken | undone),
        from_at=pl.col("at").filter(taken).min(),
        to_at=pl.col("at").filter(undone).max(),
    )
    return _gained(rows, thresholds)


def _gained(rows: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Keep what was dealt one way ahead of a client, undone after, at a better price."""
    sign = pl.when(pl.col("client_side") == "BUY").then(1).otherwise(-1).cast(pl.Int128)
    gain = (pl.col("undone_at") - pl.col("taken_at")) * sign
    least = pl.lit(thresholds.minor("front_running.own_value"), dtype=pl.Int128)
    small = BASIS - thresholds["front_running.one_way_bp"]
    return rows.filter(
        pl.col("value_minor") >= least,
        times_of(pl.col("against_e8"), BASIS) <= times_of(pl.col("taken_e8"), small),
        times_of(pl.col("undone_e8"), BASIS)
        >= times_of(pl.col("taken_e8"), thresholds["front_running.undone_bp"]),
        times_of(pl.col("more_e8"), BASIS)
        <= times_of(pl.col("undone_e8"), thresholds["front_running.more_bp"]),
        times_of(gain, BASIS) >= pl.col("taken_at") * thresholds["front_running.gain_bp"],
    ).with_columns(gain_bp=times_of(gain, BASIS) // pl.col("taken_at"))


def _alerts(rows: pl.DataFrame) -> pl.DataFrame:
    named = rows.with_columns(both=pl.concat_list("own_trades", "client_trades"))
    alerts = named.group_by("account_id", *_ISSUE).agg(
        trades=pl.col("both").explode(),
        from_at=moment(pl.col("from_at").min()),
        to_at=moment(pl.col("to_at").max()),
        taken_e8=pl.col("taken_e8").max(),
        client_e8=pl.col("client_e8").max(),
        value_minor=pl.col("value_minor").max(),
        gain_bp=pl.col("gain_bp").max(),
        orders_run=pl.len(),
    )
    told = alerts.with_columns(
        accounts=pl.concat_list("account_id"),
        day="trade_date",
        score=50 + pl.col("gain_bp").clip(0, 300) // 10 + 10 * pl.col("orders_run").clip(0, 2),
    )
    figures = ("taken_e8", "client_e8", "value_minor", "gain_bp", "orders_run")
    return found("FRONT_RUNNING", told, *figures)
