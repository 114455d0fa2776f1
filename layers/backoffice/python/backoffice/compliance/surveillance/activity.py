"""What accounts did on a day, a row an account: the history that windows of months are read from.

Each survey keeps the day's as a record; of a day that was not surveyed it is made of its books.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import ACTIVITY
from backoffice.compliance.surveillance.structuring import CASH_KINDS

_KEY: Final = "account_id"


def activity_of(trades: pl.DataFrame, movements: pl.DataFrame, day: date) -> pl.DataFrame:
    """Sum what accounts did.

    Parameters
    ----------
    trades : pl.DataFrame
        TRADES of the day, and of dates before it those that it was the first to take.
    movements : pl.DataFrame
        MOVEMENTS; those count that the day took.
    day
        The day.

    Returns
    -------
    pl.DataFrame
        ACTIVITY, sorted by account.
    """
    kind, amount = pl.col("kind"), pl.col("amount_minor")
    dealt = trades.group_by(_KEY).agg(trades=pl.len(), value_minor=pl.col("value_minor").sum())
    moved = (
        movements.filter(pl.col("taken_on") == day)
        .group_by(_KEY)
        .agg(
            deposits_minor=amount.filter(kind == CASH_KINDS[0]).sum(),
            withdrawals_minor=amount.filter(kind == CASH_KINDS[1]).sum(),
            transfers_out=(kind == "TRANSFER_OUT").sum(),
        )
    )
    rows = dealt.join(moved, on=_KEY, how="full", coalesce=True).with_columns(day=pl.lit(day))
    columns = [
        pl.col(name).cast(kind) if name in (_KEY, "day") else pl.col(name).cast(kind).fill_null(0)
        for name, kind in ACTIVITY.items()
    ]
    return rows.select(columns).sort(_KEY)


def days_between(days: Sequence[date], since: date, day: date) -> list[date]:
    """Return the closed days from one on and before another."""
    return [one for one in days if since <= one < day]
