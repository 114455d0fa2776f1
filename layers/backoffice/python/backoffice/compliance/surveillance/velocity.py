"""Unusual velocity: an account turns over far more than it has, or money only runs through.

`TURNOVER`: a day's trades are many, come to a multiple of all the account has, and of its busiest
day before. `PASS_THROUGH`: most of what came in goes out again within days, and hardly any of it
was invested. The firm's own accounts are left out: turning over is what they are for.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import BASIS, found, midnight, times_of
from backoffice.compliance.surveillance.thresholds import Thresholds

_ACCOUNT: Final = "account_id"
_COLUMNS: Final = (
    "account_id", "sort", "first", "executions", "value_minor", "usual_minor", "assets_minor",
    "deposits_minor", "withdrawals_minor", "score",
)  # fmt: skip


def unusual_velocity(
    activity: pl.DataFrame, assets: pl.DataFrame, day: date, thresholds: Thresholds
) -> pl.DataFrame:
    """Find accounts that turn over too much.

    Parameters
    ----------
    activity : pl.DataFrame
        ACTIVITY of clients, of `day` and `velocity.history_days` before it.
    assets : pl.DataFrame
        account_id, assets_minor: what the accounts had at the close before.
    day
        The closed day.
    thresholds
        `velocity.*`.

    Returns
    -------
    pl.DataFrame
        FOUND, a row an account and sort. It names no evidence: `evidence_since` finds it.
    """
    activity = activity.rename({"trades": "executions"})
    rows = pl.concat(
        [_turnover(activity, assets, day, thresholds), _through(activity, day, thresholds)]
    )

    told = rows.with_columns(
        accounts=pl.concat_list(_ACCOUNT),
        isin=pl.lit(None, pl.String),
        day=pl.lit(day),
        from_at=midnight(pl.col("first")),
        to_at=midnight(pl.lit(day)),
    )
    return found("UNUSUAL_VELOCITY", told, *_COLUMNS[1:2], *_COLUMNS[3:-1])


def _with_usual(activity: pl.DataFrame, assets: pl.DataFrame, day: date, days: int) -> pl.DataFrame:
    """Join what accounts did on the day with their busiest day before, and what they have."""
    since = day - timedelta(days=days)
    before = activity.filter(pl.col("day") >= since, pl.col("day") < day)
    usual = before.group_by(_ACCOUNT).agg(usual_minor=pl.col("value_minor").max())
    zero = pl.lit(0, dtype=pl.Int128)
    today = activity.filter(pl.col("day") == day)
    return (
        today.join(usual, on=_ACCOUNT, how="left")
        .join(assets, on=_ACCOUNT, how="left")
        .with_columns(
            pl.col("usual_minor").fill_null(zero),
            # what came in today can be turned over, too
            assets_minor=pl.max_horizontal(pl.col("assets_minor").fill_null(zero), zero)
            + pl.col("deposits_minor"),
        )
    )


def _turnover(
    activity: pl.DataFrame, assets: pl.DataFrame, day: date, thresholds: Thresholds
) -> pl.DataFrame:
    rows = _with_usual(activity, assets, day, thresholds["velocity.history_days"])
    value = pl.col("value_minor")
    multiple = times_of(pl.col("assets_minor"), thresholds["velocity.turnover_bp"])
    return rows.filter(
        pl.col("executions") >= thresholds["velocity.least_trades"],
        value >= pl.lit(thresholds.minor("velocity.least_value"), dtype=pl.Int128),
        times_of(value, BASIS) >= multiple,
        times_of(value, BASIS) >= times_of(pl.col("usual_minor"), thresholds["velocity.usual_bp"]),
    ).select(
        _ACCOUNT,
        pl.lit("TURNOVER").alias("sort"),
        pl.col("day").alias("first"),
        *_COLUMNS[3:-1],
        (50 + 5 * (pl.col("executions") // 10).clip(0, 10)).cast(pl.Int64).alias("score"),
    )


def _through(activity: pl.DataFrame, day: date, thresholds: Thresholds) -> pl.DataFrame:
    since = thresholds.before("velocity.through_days", day)
    recent = activity.filter(pl.col("day") > since, pl.col("day") <= day)
    most = thresholds["velocity.through_bp"]
    rows = recent.group_by(_ACCOUNT).agg(
        pl.col("executions", "value_minor", "deposits_minor", "withdrawals_minor").sum(),
        first=pl.col("day").min(),
        goes_today=(pl.col("withdrawals_minor") > 0).filter(pl.col("day") == day).any(),
        **dict.fromkeys(("usual_minor", "assets_minor"), pl.lit(0, dtype=pl.Int128)),
    )
    came, went = pl.col("deposits_minor"), pl.col("withdrawals_minor")
    invested = times_of(came, thresholds["velocity.invested_bp"])
    return rows.filter(
        "goes_today",
        came >= pl.lit(thresholds.minor("velocity.through_value"), dtype=pl.Int128),
        times_of(went, BASIS) >= times_of(came, most),
        times_of(went, most) <= times_of(came, BASIS),
        times_of(pl.col("value_minor"), BASIS) <= invested,
    ).select(
        _ACCOUNT,
        pl.lit("PASS_THROUGH").alias("sort"),
        *_COLUMNS[2:-1],
        pl.lit(70, pl.Int64).alias("score"),
    )
