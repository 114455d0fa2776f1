"""Sessions, settlement days, and the settlement cycle by venue and trade date."""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import warnings

import exchange_calendars  # type: ignore[import-untyped]

from tests.reference.codes import US_VENUES

FIRST_YEAR = 1985
LAST_YEAR = 2035
_MONDAY = 0
_SUNDAY = 6
_OCTOBER, _NOVEMBER, _JANUARY = 10, 11, 1
_MLK_KEPT_BY_MARKET_FROM = 1998

_US_CYCLE = (
    (dt.date(2024, 5, 28), 1),
    (dt.date(2017, 9, 5), 2),
    (dt.date(1995, 6, 7), 3),
    (dt.date(1988, 1, 1), 5),
)
_EUROPE_CYCLE = ((dt.date(2027, 10, 11), 1), (dt.date(2014, 10, 6), 2))


def in_range(day: dt.date) -> bool:
    """Say whether the calendars reach the day at all."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _nth_monday(year: int, month: int, nth: int) -> dt.date:
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(-first.weekday()) % 7 + 7 * (nth - 1))


def us_bank_holidays(year: int) -> set[dt.date]:
    """Give the days US banks are closed although the exchanges trade."""
    veterans = dt.date(year, _NOVEMBER, 11)
    if veterans.weekday() == _SUNDAY:
        veterans += dt.timedelta(days=1)
    closed = {veterans, _nth_monday(year, _OCTOBER, 2)}
    if year < _MLK_KEPT_BY_MARKET_FROM:
        closed.add(_nth_monday(year, _JANUARY, 3))
    return closed


@functools.cache
def _sessions(venue: str) -> tuple[dt.date, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the calendar package's own, of its data frames
        calendar = exchange_calendars.get_calendar(
            venue, start=f"{FIRST_YEAR}-01-01", end=f"{LAST_YEAR}-12-31"
        )
        return tuple(
            dt.date(stamp.year, stamp.month, stamp.day) for stamp in calendar.sessions.tolist()
        )


@functools.cache
def _session_set(venue: str) -> frozenset[dt.date]:
    return frozenset(_sessions(venue))


@functools.cache
def _settlement_days(venue: str) -> tuple[dt.date, ...]:
    closed: set[dt.date] = set()
    if venue in US_VENUES:
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            closed |= us_bank_holidays(year)
    return tuple(day for day in _sessions(venue) if day not in closed)


def is_session(venue: str, day: dt.date) -> bool:
    """Say whether the venue trades on the day."""
    return day in _session_set(venue)


def settlement_day_after(venue: str, day: dt.date, count: int = 1) -> dt.date | None:
    """Give the count-th settlement day after `day`; None beyond the calendars."""
    days = _settlement_days(venue)
    place = bisect.bisect_right(days, day) + count - 1
    return days[place] if place < len(days) else None


def settlement_days_between(venue: str, after: dt.date, until: dt.date) -> tuple[dt.date, ...]:
    """Give the settlement days later than `after`, up to `until` itself."""
    days = _settlement_days(venue)
    return days[bisect.bisect_right(days, after) : bisect.bisect_right(days, until)]


def cycle(venue: str, trade_date: dt.date) -> int | None:
    """Give n of T+n; None where the rulebook has no rule for the venue and date."""
    if not in_range(trade_date):
        return None
    steps = _US_CYCLE if venue in US_VENUES else _EUROPE_CYCLE
    return next((count for valid_from, count in steps if trade_date >= valid_from), None)


def settlement_date(venue: str, trade_date: dt.date) -> dt.date | None:
    """Give the day a trade settles; None without a rule."""
    count = cycle(venue, trade_date)
    return None if count is None else settlement_day_after(venue, trade_date, count)


def due_date(venue: str, settles: dt.date, closed_day: dt.date) -> dt.date:
    """Give the day an instruction sent at the close of `closed_day` can still be met.

    Raises
    ------
    ValueError
        When the calendars end before it.
    """
    if settles > closed_day:
        return settles
    late = settlement_day_after(venue, closed_day)
    if late is None:
        raise ValueError(f"no settlement day of {venue} is known after {closed_day}")
    return late
