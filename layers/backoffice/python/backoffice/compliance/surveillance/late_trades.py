"""Trades that are looked at on another day than they were dealt on: what came late, and windows."""

from datetime import date, timedelta

import polars as pl

from backoffice.compliance.surveillance.frames import TRADES
from backoffice.compliance.surveillance.looked_at import Looking
from backoffice.kernel.frames import shaped


def came_late(looking: Looking, day: date, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return TRADES of dates before a day that it was the first to take: it is when they show."""
    since = day - timedelta(days=looking.thresholds["late_days"])
    parts = [part for part in looking.books.trades if part.day == day]
    dates = {on for part in parts for on in part.trade_dates if since <= on < day}
    earlier = [looking.trades(on, accounts, first_taken_on=day) for on in sorted(dates)]
    return pl.concat([pl.DataFrame(schema=dict(TRADES)), *earlier])


def with_earlier(
    looking: Looking, today: pl.DataFrame, asked: pl.DataFrame, accounts: pl.DataFrame
) -> pl.DataFrame:
    """Add to TRADES of the day what showed on days before it, and what came late.

    Parameters
    ----------
    today : pl.DataFrame
        TRADES of the day, and what came late on it.
    asked : pl.DataFrame
        account_id, active_on: of which accounts and days before the day.

    Returns
    -------
    pl.DataFrame
        TRADES, those of the day under their own numbers, each once, and the day they show on.
    """
    shown = [today.with_columns(active_on=pl.lit(looking.books.day))]
    for on in asked["active_on"].unique().sort():
        own = asked.filter(active_on=on).select("account_id")
        for rows in (looking.trades(on, accounts), came_late(looking, on, accounts)):
            theirs = rows.join(own, on="account_id", how="semi", maintain_order="left")
            shown.append(theirs.with_columns(active_on=pl.lit(on)))
    once = pl.concat(shown).unique(
        ["partner", "trade_date", "trade_id"], keep="first", maintain_order=True
    )
    return shaped(once.drop("seen").with_row_index("seen"), {**TRADES, "active_on": pl.Date})
