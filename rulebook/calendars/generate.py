"""Write the kernel's tables of closed weekdays and early closes per venue from exchange_calendars.

Run `python rulebook/calendars/generate.py` when a calendar changes; a test regenerates the tables
and compares. No venue of the rulebook trades on a weekend; the script refuses one that does.
"""

import sys
import tomllib
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path

import exchange_calendars  # type: ignore[import-untyped]

FIRST, LAST = date(1985, 1, 1), date(2035, 12, 31)
RULEBOOK = Path(__file__).resolve().parents[1]
KERNEL = RULEBOOK.parent / "layers/backoffice/python/backoffice/kernel"
TABLE, EARLY_TABLE = KERNEL / "closed_weekdays.csv", KERNEL / "early_closes.csv"
_SATURDAY = 5


def closed_weekdays(venue: str) -> list[date]:
    """List the weekdays on which a venue has no session, 1985 to 2035."""
    sessions = {session.date() for session in _calendar(venue).sessions}
    if weekend := [day for day in sessions if day.weekday() >= _SATURDAY]:
        raise ValueError(f"{venue} trades on weekends: {min(weekend)}")
    days = (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if day.weekday() < _SATURDAY and day not in sessions]


def early_closes(venue: str) -> list[tuple[date, str]]:
    """List the sessions that end before their time, and the local time at which they do."""
    calendar = _calendar(venue)
    local = calendar.closes.dt.tz_convert(calendar.tz).dt.strftime("%H:%M")
    return [(session.date(), str(local[session])) for session in calendar.early_closes]


@cache
def _calendar(venue: str) -> exchange_calendars.ExchangeCalendar:
    with warnings.catch_warnings():
        # the calendars use what pandas means to drop; only their dates and closes matter here
        warnings.simplefilter("ignore")
        return exchange_calendars.get_calendar(venue, start=str(FIRST), end=str(LAST))


def _venues() -> list[str]:
    return sorted(tomllib.loads((RULEBOOK / "venues.toml").read_text(encoding="utf-8")))


def lines() -> Iterator[str]:
    """Yield the table as CSV: venue, year, closed (month and day, blank between), sorted."""
    yield "venue,year,closed"
    for venue in _venues():
        for year, days in groupby(closed_weekdays(venue), key=lambda day: day.year):
            yield f"{venue},{year},{' '.join(f'{day:%m-%d}' for day in days)}"


def early_lines() -> Iterator[str]:
    """Yield the table of early closes as CSV: venue, year, closes (month and day, @, time)."""
    yield "venue,year,closes"
    for venue in _venues():
        for year, closes in groupby(early_closes(venue), key=lambda one: one[0].year):
            yield f"{venue},{year},{' '.join(f'{day:%m-%d}@{at}' for day, at in closes)}"


def table(rows: Iterator[str]) -> str:
    """Return a whole table."""
    return "".join(f"{line}\n" for line in rows)


if __name__ == "__main__":
    for place, rows in ((TABLE, lines()), (EARLY_TABLE, early_lines())):
        place.write_text(table(rows), encoding="ascii")
        sys.stdout.write(f"{place.name} written\n")
