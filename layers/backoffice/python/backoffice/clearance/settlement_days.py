"""What the rules say of a trade date, asked once for each venue, currency and date there is."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.instruct_by import earliest_due
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook

_SCHEMA: Final = {
    "venue": pl.String,
    "currency": pl.String,
    "trade_date": pl.Date,
    "is_session": pl.Boolean,
    "settlement_date": pl.Date,
    "earliest_due": pl.Date,
    "price_band_percent": pl.Int128,
}


def settlement_days(
    trades: pl.DataFrame, calendar: SettlementCalendar, rulebook: Rulebook, day: date
) -> pl.DataFrame:
    """Find the contract date and the date the street can still keep.

    Parameters
    ----------
    trades : pl.DataFrame
        venue, currency, trade_date.
    calendar, rulebook
        Sessions, settlement days and cycles.
    day : date
        The business day of the cut-off: what is due before the first settlement day that can still
        be instructed is due on that.

    Returns
    -------
    pl.DataFrame
        venue, currency, trade_date, is_session (null outside the calendar), settlement_date,
        earliest_due, price_band_percent (null without a rule), one row a distinct (venue, currency,
        trade_date).
    """
    asked = trades.select("venue", "currency", "trade_date").unique()
    rows = [
        (
            venue,
            currency,
            trade_date,
            *_days(venue, currency, trade_date, calendar, rulebook, day),
            _price_band_percent(trade_date, rulebook),
        )
        for venue, currency, trade_date in asked.iter_rows()
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _days(
    venue: str,
    currency: str,
    trade_date: date,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    day: date,
) -> tuple[bool | None, date | None, date | None]:
    """Return is_session, settlement_date and earliest_due, as far as there are rules."""
    try:
        is_session = calendar.is_session(venue, trade_date)
    except NoRuleError:
        return None, None, None
    try:
        settles = calendar.settlement_date(venue, trade_date, rulebook)
    except NoRuleError:
        return is_session, None, None
    try:
        earliest = earliest_due(calendar, rulebook, venue, currency, day)
    except NoRuleError:
        return is_session, settles, None
    return is_session, settles, max(settles, earliest)


def _price_band_percent(trade_date: date, rulebook: Rulebook) -> int | None:
    try:
        return rulebook.days("price_band_percent", trade_date)
    except NoRuleError:
        return None
