"""Marking the close: buying up, or selling down, in the last minutes so that the close is another.

Looked for is who deals one way in the last minutes of a venue's day, with much of what we see
dealt then, and by whose last execution the price has left where others dealt before.
"""

from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import BASIS, found, nothing_found, times_of
from backoffice.compliance.surveillance.thresholds import Thresholds

_ISSUE: Final = ("isin", "trade_date")
_WHO: Final = ("owner", *_ISSUE)


def marking_the_close(
    trades: pl.DataFrame, closes: pl.DataFrame, thresholds: Thresholds
) -> pl.DataFrame:
    """Find who marked the close.

    Parameters
    ----------
    trades, closes : pl.DataFrame
        TRADES, CLOSES.
    thresholds
        `marking_the_close.*`.

    Returns
    -------
    pl.DataFrame
        FOUND, a row an owner, issue and date.
    """
    dated = trades.join(
        closes.filter(pl.col("venue_close_at").is_not_null()), on=list(_ISSUE), how="inner"
    )
    opens = pl.col("venue_close_at") - pl.duration(minutes=thresholds["marking_the_close.minutes"])
    auction = pl.duration(minutes=thresholds["marking_the_close.auction_minutes"])
    last = dated.filter(
        pl.col("traded_at") >= opens, pl.col("traded_at") <= pl.col("venue_close_at") + auction
    )
    who = _one_way(last, thresholds)
    if not who.height:
        return nothing_found()
    referred = _with_reference(who, dated, closes, thresholds)
    return _alerts(_moved(referred, thresholds))


def _dealt(last: pl.DataFrame) -> pl.DataFrame:
    """Sum what everybody dealt in the last minutes."""
    quantity, is_buy = pl.col("quantity_e8"), pl.col("side") == "BUY"
    return (
        last.sort("traded_at")
        .group_by(_WHO, maintain_order=True)
        .agg(
            bought=quantity.filter(is_buy).sum(),
            sold=quantity.filter(~is_buy).sum(),
            value_minor=pl.col("value_minor").sum(),
            last_e8=pl.col("price_e8").last(),
            from_at=pl.col("traded_at").first(),
            to_at=pl.col("traded_at").last(),
            accounts=pl.col("account_id").unique(),
            trades=pl.col("seen"),
            executions=pl.len(),
        )
    )


def _one_way(last: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Keep who dealt one way, with enough of what was dealt that way from then on."""
    own = pl.col("bought") + pl.col("sold")
    net = (pl.col("bought") - pl.col("sold")).abs()
    least = pl.lit(thresholds.minor("marking_the_close.least_value"), dtype=pl.Int128)
    one_way = (
        _dealt(last)
        .filter(
            times_of(net, BASIS) >= times_of(own, thresholds["marking_the_close.one_way_bp"]),
            pl.col("executions") >= thresholds["marking_the_close.least_executions"],
            pl.col("value_minor") >= least,
        )
        .with_columns(sign=pl.when(pl.col("bought") > pl.col("sold")).then(1).otherwise(-1))
    )
    share = times_of(pl.col("all_e8"), thresholds["marking_the_close.share_bp"])
    dealt = one_way.join(_dealt_since(one_way, last), on=list(_WHO))
    return dealt.filter(times_of(net, BASIS) >= share)


def _dealt_since(who: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """Sum what all dealt the same way in the last minutes since somebody's first execution."""
    sign = pl.when(pl.col("side") == "BUY").then(1).otherwise(-1)
    dealt = last.select(*_ISSUE, "traded_at", sign=sign, all_e8="quantity_e8")
    both = who.select(*_WHO, "sign", "from_at").join(dealt, on=[*_ISSUE, "sign"])
    since = both.filter(pl.col("traded_at") >= pl.col("from_at"))
    return since.group_by(_WHO).agg(pl.col("all_e8").sum())


def _with_reference(
    who: pl.DataFrame, dealt: pl.DataFrame, closes: pl.DataFrame, thresholds: Thresholds
) -> pl.DataFrame:
    """Find where others dealt shortly before; without any, the close of the day before."""
    back = pl.duration(minutes=thresholds["marking_the_close.reference_minutes"])
    at = pl.col("traded_at")
    others = (
        who.select(*_WHO, "from_at")
        .join(dealt.select(*_ISSUE, "traded_at", "price_e8", other="owner"), on=list(_ISSUE))
        .filter(
            pl.col("other") != pl.col("owner"),
            at < pl.col("from_at"),
            at >= pl.col("from_at") - back,
        )
        .sort("traded_at")
        .group_by(_WHO, maintain_order=True)
        .agg(pl.col("price_e8").last().alias("others_e8"))
    )
    official = closes.select(*_ISSUE, "close_e8", "before_e8")
    rows = who.join(others, on=list(_WHO), how="left").join(official, on=list(_ISSUE), how="left")
    return rows.with_columns(reference_e8=pl.coalesce("others_e8", "before_e8"))


def _moved(rows: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Keep those whose last price is away from the reference, the close being where it left it."""
    move = (pl.col("last_e8") - pl.col("reference_e8")) * pl.col("sign").cast(pl.Int128)
    closed = (pl.col("close_e8") - pl.col("reference_e8")) * pl.col("sign").cast(pl.Int128)
    asked = (
        pl.when(pl.col("others_e8").is_null())
        .then(thresholds["marking_the_close.move_overnight_bp"])
        .otherwise(thresholds["marking_the_close.move_bp"])
        .cast(pl.Int128)
    )
    held = pl.col("close_e8").is_null() | (closed * 2 >= move)
    return rows.filter(
        times_of(move, BASIS) >= pl.col("reference_e8") * asked,
        held,
    ).with_columns(move_bp=times_of(move, BASIS) // pl.col("reference_e8"))


def _alerts(rows: pl.DataFrame) -> pl.DataFrame:
    told = rows.with_columns(
        day="trade_date",
        score=40 + pl.col("move_bp").clip(0, 400) // 10 + 5 * pl.col("executions").clip(0, 4),
    )
    figures = ("reference_e8", "last_e8", "close_e8", "move_bp", "value_minor", "executions")
    return found("MARKING_THE_CLOSE", told, *figures)
