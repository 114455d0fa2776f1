"""Structuring: cash in parts, each below what has to be reported and together above it.

All accounts of one owner count together, ways in and out apart, each amount at the rate known. Who
structures deals again within days: one more part makes the alert again, with all of them.
"""

from datetime import date
from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import BASIS, found, midnight, times_of
from backoffice.compliance.surveillance.thresholds import Thresholds
from backoffice.kernel.frames import shaped

CASH_KINDS: Final = ("DEPOSIT", "WITHDRAWAL")
_WHO: Final = ("owner", "kind")

CASH_SUMS: Final = {
    "owner": pl.String,
    "kind": pl.String,
    "on_day_minor": pl.Int128,
    "in_window_minor": pl.Int128,
    "movements": pl.UInt32,
}
"""What an owner brought or took in cash on a day and in the days up to it."""


def structuring(movements: pl.DataFrame, day: date, thresholds: Thresholds) -> pl.DataFrame:
    """Find cash in parts.

    Parameters
    ----------
    movements : pl.DataFrame
        MOVEMENTS.
    day
        The closed day: a part has to be of it, or taken on it.
    thresholds
        `structuring.*`.

    Returns
    -------
    pl.DataFrame
        FOUND, a row an owner and way; its `day` is that of the first part.
    """
    threshold = pl.lit(thresholds.minor("structuring.threshold"), dtype=pl.Int128)
    amount = pl.col("amount_minor")
    cash = _in_window(movements, day, thresholds)
    least = times_of(threshold, thresholds["structuring.least_part_bp"])
    parts = cash.filter(amount <= threshold, times_of(amount, BASIS) >= least)
    near = times_of(amount, BASIS) >= times_of(threshold, thresholds["structuring.near_bp"])
    rows = parts.group_by(_WHO).agg(
        total_minor=amount.sum(),
        largest_minor=amount.max(),
        parts=pl.len(),
        near=near.sum(),
        days=pl.col("value_date").n_unique(),
        first=pl.col("value_date").min(),
        last=pl.col("value_date").max(),
        accounts=pl.col("account_id").unique(),
        movements=pl.col("seen"),
        is_new=(pl.max_horizontal("value_date", "taken_on") == day).any(),
    )
    enough = (pl.col("parts") >= thresholds["structuring.least_parts"]) | (pl.col("near") > 1)
    return _alerts(rows.filter("is_new", enough, pl.col("total_minor") > threshold))


def cash_sums(movements: pl.DataFrame, day: date, thresholds: Thresholds) -> pl.DataFrame:
    """Sum the cash of every owner that brought or took any on the day.

    Returns
    -------
    pl.DataFrame
        CASH_SUMS, sorted.
    """
    amount, on_day = pl.col("amount_minor"), pl.col("value_date") == day
    cash = _in_window(movements, day, thresholds)
    sums = cash.group_by(_WHO).agg(
        on_day_minor=amount.filter(on_day).sum(),
        in_window_minor=amount.sum(),
        movements=pl.len(),
        is_new=on_day.any(),
    )
    return shaped(sums.filter("is_new"), CASH_SUMS).sort(_WHO)


def _in_window(movements: pl.DataFrame, day: date, thresholds: Thresholds) -> pl.DataFrame:
    return movements.filter(
        pl.col("kind").is_in(CASH_KINDS),
        pl.col("value_date") > thresholds.before("structuring.window_days", day),
        pl.col("value_date") <= day,
        pl.col("amount_minor").is_not_null(),
    )


def _alerts(rows: pl.DataFrame) -> pl.DataFrame:
    told = rows.with_columns(
        isin=pl.lit(None, pl.String),
        day="first",
        from_at=midnight(pl.col("first")),
        to_at=midnight(pl.col("last")),
        score=50 + 5 * pl.col("parts").clip(0, 6) + 10 * pl.col("near").clip(0, 2),
    )
    figures = ("kind", "total_minor", "largest_minor", "parts", "near", "days")
    return found("STRUCTURING", told, *figures)
