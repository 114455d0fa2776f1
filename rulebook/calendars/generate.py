"""Write the kernel's table of closed weekdays per venue from exchange_calendars.

Run `python rulebook/calendars/generate.py` when a calendar changes; a test regenerates the table
and compares. No venue of the rulebook trades on a weekend; the script refuses one that does.
"""

import sys
import tomllib
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import exchange_calendars  # type: ignore[import-untyped]

FIRST, LAST = date(1985, 1, 1), date(2035, 12, 31)
RULEBOOK = Path(__file__).resolve().parents[1]
TABLE = RULEBOOK.parent / "layers/backoffice/python/backoffice/kernel/closed_weekdays.csv"
_SATURDAY = 5


def closed_weekdays(venue: str) -> list[date]:
    """List the weekdays on which a venue has no session, 1985 to 2035."""
    with warnings.catch_warnings():
        # the calendars use what pandas means to drop; only their dates matter here
        warnings.simplefilter("ignore")
        calendar = exchange_calendars.get_calendar(venue, start=str(FIRST), end=str(LAST))
        sessions = {session.date() for session in calendar.sessions}
    if weekend := [day for day in sessions if day.weekday() >= _SATURDAY]:
        raise ValueError(f"{venue} trades on weekends: {min(weekend)}")
    days = (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if day.weekday() < _SATURDAY and day not in sessions]


def lines() -> Iterator[str]:
    """Yield the table as CSV: venue, year, closed (month and day, blank between), sorted."""
    yield "venue,year,closed"
    for venue in sorted(tomllib.loads((RULEBOOK / "venues.toml").read_text(encoding="utf-8"))):
        for year, days in groupby(closed_weekdays(venue), key=lambda day: day.year):
            yield f"{venue},{year},{' '.join(f'{day:%m-%d}' for day in days)}"


def table() -> str:
    """Return the whole table."""
    return "".join(f"{line}\n" for line in lines())


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="ascii")
    sys.stdout.write(f"{TABLE.name} written\n")
