"""Unusual velocity: an account turns over far more than it has, or money only runs through.

`TURNOVER`: a day's trades are many, come to a multiple of all the account has, and of its busiest
day before. `PASS_THROUGH`: most of what came in goes out again within days, and hardly any of it
was invested. Each account is looked at by itself, and all that one owner has together. The firm's
own accounts are left out: turning over is what they are for.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import BASIS, found, midnight, times_of
from backoffice.compliance.surveillance.thresholds import Thresholds

_WHO: Final = "who"
_COLUMNS: Final = (
    "owner", "accounts", "sort", "first", "executions", "value_minor", "usual_minor",
    "assets_minor", "deposits_minor", "withdrawals_minor", "score",
)  # fmt: skip
_MOVED: Final = ("executions", "value_minor", "deposits_minor", "withdrawals_minor")


def unusual_velocity(
    activity: pl.DataFrame, assets: pl.DataFrame, day: date, thresholds: Thresholds
) -> pl.DataFrame:
    """Find accounts that turn over too much.

    Parameters
    ----------
    activity : pl.DataFrame
        ACTIVITY of clients, of `day` and `velocity.history_days` before it, and `owner`.
    assets : pl.DataFrame
        account_id, owner, assets_minor: what the accounts had at the close before.
    day
        The closed day.
    thresholds
        `velocity.*`.

    Returns
    -------
    pl.DataFrame
        FOUND, a row an owner and sort, or one an account where only by itself it is one. It names
        no evidence: `evidence_since` finds it.
    """
    did = activity.rename({"trades": "executions"})
    rows = _found(_by_account(did), assets.with_columns(who="account_id"), day, thresholds)
    several = did.filter(pl.col("account_id").n_unique().over("owner") > 1)
    if several.height:
        together = _found(_by_owner(several), assets.with_columns(who="owner"), day, thresholds)
        # of an owner all accounts together say it better than one of them
        whole = together.filter(pl.col("accounts").list.len() > 1)
        rows = pl.concat([rows.join(whole, on=["owner", "sort"], how="anti"), whole])
    told = rows.with_columns(
        isin=pl.lit(None, pl.String),
        day=pl.lit(day),
        from_at=midnight(pl.col("first")),
        to_at=midnight(pl.lit(day)),
    )
    figures = [name for name in _COLUMNS[2:-1] if name != "first"]
    return found("UNUSUAL_VELOCITY", told, *figures)


def _found(
    activity: pl.DataFrame, assets: pl.DataFrame, day: date, thresholds: Thresholds
) -> pl.DataFrame:
    return pl.concat(
        [_turnover(activity, assets, day, thresholds), _through(activity, day, thresholds)]
    )


def _by_account(activity: pl.DataFrame) -> pl.DataFrame:
    who = pl.col("account_id")
    return activity.select("owner", "day", *_MOVED, who=who, accounts=pl.concat_list(who))


def _by_owner(activity: pl.DataFrame) -> pl.DataFrame:
    return (
        activity.group_by("owner", "day")
        .agg(pl.col(_MOVED).sum(), who=pl.col("owner").first(), accounts=pl.col("account_id"))
        .select("owner", "day", *_MOVED, "who", "accounts")
    )


def _with_usual(activity: pl.DataFrame, assets: pl.DataFrame, day: date, days: int) -> pl.DataFrame:
    """Join what was done on the day with the busiest day before, and what there is."""
    since = day - timedelta(days=days)
    before = activity.filter(pl.col("day") >= since, pl.col("day") < day)
    usual = before.group_by(_WHO).agg(usual_minor=pl.col("value_minor").max())
    worth = assets.group_by(_WHO).agg(pl.col("assets_minor").sum())
    zero = pl.lit(0, dtype=pl.Int128)
    today = activity.filter(pl.col("day") == day)
    return (
        today.join(usual, on=_WHO, how="left")
        .join(worth, on=_WHO, how="left")
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
        *_COLUMNS[:2],
        pl.lit("TURNOVER").alias("sort"),
        pl.col("day").alias("first"),
        *_COLUMNS[4:-1],
        (50 + 5 * (pl.col("executions") // 10).clip(0, 10)).cast(pl.Int64).alias("score"),
    )


def _through(activity: pl.DataFrame, day: date, thresholds: Thresholds) -> pl.DataFrame:
    since = thresholds.before("velocity.through_days", day)
    rows = _summed(activity.filter(pl.col("day") > since, pl.col("day") <= day), day)
    most = thresholds["velocity.through_bp"]
    came, went = pl.col("deposits_minor"), pl.col("withdrawals_minor")
    invested = times_of(came, thresholds["velocity.invested_bp"])
    return rows.filter(
        "goes_today",
        came >= pl.lit(thresholds.minor("velocity.through_value"), dtype=pl.Int128),
        times_of(went, BASIS) >= times_of(came, most),
        times_of(went, most) <= times_of(came, BASIS),
        times_of(pl.col("value_minor"), BASIS) <= invested,
    ).select(
        *_COLUMNS[:2],
        pl.lit("PASS_THROUGH").alias("sort"),
        *_COLUMNS[3:-1],
        pl.lit(70, pl.Int64).alias("score"),
    )


def _summed(recent: pl.DataFrame, day: date) -> pl.DataFrame:
    """Sum what was done in a window, and say whether money goes out on its last day."""
    sums = recent.group_by(_WHO).agg(
        pl.col("owner").first(),
        pl.col("accounts").explode(),
        pl.col(_MOVED).sum(),
        first=pl.col("day").min(),
        goes_today=(pl.col("withdrawals_minor") > 0).filter(pl.col("day") == day).any(),
        **dict.fromkeys(("usual_minor", "assets_minor"), pl.lit(0, dtype=pl.Int128)),
    )
    return sums.with_columns(pl.col("accounts").list.unique().list.sort())
