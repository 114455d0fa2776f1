"""When the venues of a date's issues close, at what, and at what before."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import polars as pl

from backoffice.compliance.surveillance.frames import CLOSES, INSTANT
from backoffice.compliance.surveillance.thresholds import Thresholds
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.early_closes import early_close
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.known import known_table

_BEFORE: Final = timedelta(days=45)
"""Within which the close before one is looked for."""


def closes_on(
    records: Records,
    books: Books,
    rulebook: Rulebook,
    thresholds: Thresholds,
    trades: pl.DataFrame,
    on: date,
) -> pl.DataFrame:
    """Return CLOSES of the issues dealt on a date.

    Parameters
    ----------
    records, books, rulebook, thresholds
        Where prices and instruments are known, and when venues close.
    trades : pl.DataFrame
        TRADES of the date: an issue that is not known closes with the venue it was dealt on.
    on
        The date.
    """
    dealt = trades.group_by("isin").agg(traded_on=pl.col("venue").min())
    venues = known_table(records, books, "instruments").select("isin", "venue")
    rows = dealt.join(venues, on="isin", how="left").with_columns(
        venue=pl.coalesce("venue", "traded_on"), trade_date=pl.lit(on)
    )
    prices = known_table(records, books, "prices").select("isin", "date", "close_e8")
    dated = pl.col("date")
    near = prices.filter(dated <= on, dated >= on - _BEFORE).sort("date")
    today = near.filter(dated == on).select("isin", "close_e8")
    before = near.filter(dated < on).group_by("isin", maintain_order=True).last()
    earlier = before.select("isin", before_e8="close_e8")
    shut = rows.join(_shut(rulebook, thresholds, on), on="venue", how="left")
    return shaped(
        shut.join(today, on="isin", how="left").join(earlier, on="isin", how="left"), CLOSES
    )


def _shut(rulebook: Rulebook, thresholds: Thresholds, on: date) -> pl.DataFrame:
    """Return when the venues close on a date, early on half days; none where no rule says so."""
    calendar = default_calendar()
    closes = {
        mic: early_close(mic, on) or time.fromisoformat(at)
        for mic, at in thresholds.closes.items()
        if calendar.is_session(mic, on)
    }
    zoned = {
        mic: datetime.combine(on, at, rulebook.venue_time_zone(mic)) for mic, at in closes.items()
    }
    return pl.DataFrame(
        [(mic, at.astimezone(UTC)) for mic, at in zoned.items()],
        schema={"venue": pl.String, "venue_close_at": INSTANT},
        orient="row",
    )
