"""The periods that reports are of, and when one of them has ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from backoffice.kernel.calendar import SettlementCalendar

Cycle = Literal["DAY", "WEEK", "MONTH", "QUARTER"]

_LATEST_IN_A_MONTH: Final = 31
_DAYS_A_WEEK: Final = 7
_MONTHS_A_QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, and the last business day that was closed in it."""

    first: date
    last: date
    closed: date


def period_of(cycle: Cycle, day: date) -> Period:
    """Return the period a closed day is in."""
    if cycle == "DAY":
        return Period(day, day, day)
    if cycle == "WEEK":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=_DAYS_A_WEEK - 1), day)
    months = 1 if cycle == "MONTH" else _MONTHS_A_QUARTER
    first = day.replace(day=1, month=day.month - (day.month - 1) % months)
    after = first
    for _ in range(months):
        after = (after + timedelta(days=_LATEST_IN_A_MONTH)).replace(day=1)
    return Period(first, after - timedelta(days=1), day)


def ended(
    cycle: Cycle, days: Sequence[date], calendar: SettlementCalendar, venue: str
) -> Iterator[Period]:
    """Yield the periods that had ended by the last of some closed days, oldest first.

    A period has ended with its last closed day: the next one, or where none is closed yet the next
    session, is in another.

    Parameters
    ----------
    cycle
        How long a period is.
    days
        Closed business days in their order.
    calendar, venue
        Whose sessions the firm keeps.
    """
    for place, day in enumerate(days):
        is_last = place + 1 == len(days)
        following = calendar.first_session_after(venue, day) if is_last else days[place + 1]
        period = period_of(cycle, day)
        if period.last < following:
            yield period
