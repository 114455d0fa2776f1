"""Dormant accounts: one that nobody used for long is suddenly used, much or to take money out.

That somebody who buys and holds trades once a year is no alert: it takes money or shares that go
out, or several trades within days, of some value.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import found, midnight, nothing_found
from backoffice.compliance.surveillance.thresholds import Thresholds

_ACCOUNT: Final = "account_id"


def dormant_accounts(
    activity: pl.DataFrame,
    holders: pl.DataFrame,
    day: date,
    thresholds: Thresholds,
) -> pl.DataFrame:
    """Find accounts that wake up.

    Parameters
    ----------
    activity : pl.DataFrame
        ACTIVITY of `day` and of as many days before as `dormant_accounts.days` and
        `dormant_accounts.within_days` together.
    holders : pl.DataFrame
        account_id of the accounts there were before all of them.
    day
        The closed day: the account has to be used on it.
    thresholds
        `dormant_accounts.*`.

    Returns
    -------
    pl.DataFrame
        FOUND, a row an account; its `day` is the first on which it was used again. It names no
        evidence: `evidence_since` finds it.
    """
    since = thresholds.before("dormant_accounts.within_days", day)
    until = since - timedelta(days=thresholds["dormant_accounts.days"])
    today = activity.filter(pl.col("day") == day).select(_ACCOUNT).unique()
    awake = activity.filter(pl.col("day") <= since, pl.col("day") > until)
    asleep = today.join(holders, on=_ACCOUNT, how="semi").join(awake, on=_ACCOUNT, how="anti")
    if not asleep.height:
        return nothing_found()
    recent = activity.filter(pl.col("day") > since, pl.col("day") <= day)
    rows = _summed(recent.join(asleep, on=_ACCOUNT, how="semi"))
    least = pl.lit(thresholds.minor("dormant_accounts.least_value"), dtype=pl.Int128)
    goes_out = (pl.col("transfers_out") > 0) | (pl.col("withdrawals_minor") >= least)
    busy = (pl.col("executions") >= thresholds["dormant_accounts.least_trades"]) & (
        pl.col("total_minor") >= least
    )
    return _alerts(rows.filter(goes_out | busy), day)


def _summed(recent: pl.DataFrame) -> pl.DataFrame:
    """Sum what the accounts did since they woke up."""
    moved = ("value_minor", "deposits_minor", "withdrawals_minor")
    sums = recent.group_by(_ACCOUNT).agg(
        pl.col("transfers_out", *moved).sum(),
        executions=pl.col("trades").sum(),
        first=pl.col("day").min(),
    )
    return sums.with_columns(total_minor=pl.sum_horizontal(moved))


def _alerts(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    out = (pl.col("withdrawals_minor") > 0) | (pl.col("transfers_out") > 0)
    told = rows.with_columns(
        accounts=pl.concat_list(_ACCOUNT),
        isin=pl.lit(None, pl.String),
        day="first",
        from_at=midnight(pl.col("first")),
        to_at=midnight(pl.lit(day)),
        score=50 + 30 * out.cast(pl.Int32) + 2 * pl.col("executions").clip(0, 10),
    )
    figures = ("executions", "value_minor", "deposits_minor", "withdrawals_minor", "transfers_out")
    return found("DORMANT_REACTIVATION", told, *figures)
