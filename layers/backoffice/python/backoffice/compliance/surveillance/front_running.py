"""Front running: the firm's own account deals before a client's large order, and undoes it after.

The client's order begins with its first execution, or when the order log says that it came. What
the firm's account dealt one way between then and the client's first execution (without a log: in
the minutes before it), and closed again at a better price soon after, is found. A market maker who
deals both ways all the time is not. One owner's accounts are looked at together, too, the firm's
as the clients': an order in parts is one order, and who undoes it elsewhere has undone it.
"""

from typing import Final

import polars as pl

from backoffice.compliance.surveillance.client_orders import ISSUE, large_orders
from backoffice.compliance.surveillance.frames import (
    BASIS,
    found,
    mean_price,
    moment,
    nothing_found,
    times_of,
)
from backoffice.compliance.surveillance.thresholds import Thresholds

_ORDER: Final = ("order", "large", "isin", "trade_date", "client_side", "first", "finished")
_WHO: Final = ("owner", "account_id")
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
        FOUND, a row an owner of the firm's accounts, issue and date.
    """
    large = large_orders(trades, orders, thresholds)
    if not large.height:
        return nothing_found()
    house = trades.filter(pl.col("account_kind") == "HOUSE")
    own = _by_owner_too(house.join(large.select(ISSUE).unique(), on=list(ISSUE), how="semi"))
    ahead = _ahead(large, own, thresholds)
    if not ahead.height:
        return nothing_found()
    dealt = own.select(
        *ISSUE, "who", *_WHO, "side", "quantity_e8", "price_e8", "value_minor", "seen", "at"
    )
    after = thresholds["front_running.after_minutes"] * _MINUTE
    both = ahead.join(dealt, on=[*ISSUE, "who"]).with_columns(
        ahead=(pl.col("at") >= pl.col("known")) & (pl.col("at") < pl.col("first")),
        after=(pl.col("at") >= pl.col("first")) & (pl.col("at") <= pl.col("finished") + after),
        along=pl.col("side") == pl.col("client_side"),
    )
    return _alerts(_run(both, thresholds))


def _by_owner_too(rows: pl.DataFrame) -> pl.DataFrame:
    """Name in `who` each account by itself, and where an owner dealt by several, the owner."""
    at = pl.col("traded_at").to_physical()
    several = pl.col("account_id").n_unique().over("owner", *ISSUE) > 1
    named = (("account:", "account_id", rows), ("owner:", "owner", rows.filter(several)))
    return pl.concat(
        one.with_columns(at=at, who=pl.lit(stem) + pl.col(name)) for stem, name, one in named
    )


def _ahead(large: pl.DataFrame, own: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Keep the large orders ahead of which the firm dealt enough the same way."""
    slim = own.select(*ISSUE, "who", "at", "value_minor", client_side="side")
    near = large.select("large", *ISSUE, "client_side", "known", "first").join(
        slim, on=[*ISSUE, "client_side"]
    )
    before = near.filter(pl.col("at") >= pl.col("known"), pl.col("at") < pl.col("first"))
    least = pl.lit(thresholds.minor("front_running.own_value"), dtype=pl.Int128)
    enough = before.group_by("large", "who").agg(pl.col("value_minor").sum())
    who = enough.filter(pl.col("value_minor") >= least).drop("value_minor")
    return who.join(large, on="large")


def _run(both: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Sum what was dealt ahead of each large order and after, and keep what ran ahead of it."""
    quantity, ahead, after = pl.col("quantity_e8"), pl.col("ahead"), pl.col("after")
    along = pl.col("along")
    taken, undone = ahead & along, after & ~along
    rows = both.group_by("who", *_ORDER).agg(
        pl.col("owner", "client_e8", "client_trades").first(),
        accounts=pl.col("account_id").filter(taken | undone),
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
    alerts = named.group_by("owner", *ISSUE).agg(
        pl.col("accounts").explode(),
        trades=pl.col("both").explode(),
        from_at=moment(pl.col("from_at").min()),
        to_at=moment(pl.col("to_at").max()),
        taken_e8=pl.col("taken_e8").max(),
        client_e8=pl.col("client_e8").max(),
        value_minor=pl.col("value_minor").max(),
        gain_bp=pl.col("gain_bp").max(),
        orders_run=pl.col("order").n_unique(),
    )
    told = alerts.with_columns(
        day="trade_date",
        score=50 + pl.col("gain_bp").clip(0, 300) // 10 + 10 * pl.col("orders_run").clip(0, 2),
    )
    figures = ("taken_e8", "client_e8", "value_minor", "gain_bp", "orders_run")
    return found("FRONT_RUNNING", told, *figures)
