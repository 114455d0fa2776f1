"""Write the table of closed weekdays per venue from exchange_calendars.

Run `python rulebook/calendars/generate.py` when a calendar changes; a test regenerates the table
and compares. No venue of the rulebook trades on a weekend; the script refuses one that does.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import exchange_calendars

FIRST, LAST = date(1985, 1, 1), date(2035, 12, 31)
VENUES = (
    "XAMS", "XCSE", "XETR", "XHEL", "XICE", "XLON", "XNAS", "XNYS", "XPAR", "XSTO", "XSWX",
)  # fmt: skip
TABLE = Path(__file__).with_name("closed_weekdays.csv")
_SATURDAY = 5


def closed_weekdays(venue: str) -> list[date]:
    """List the weekdays on which a venue has no session, 1985 to 2035."""
    calendar = exchange_calendars.get_calendar(venue, start=str(FIRST), end=str(LAST))
    sessions = {session.date() for session in calendar.sessions}
    if weekend := [day for day in sessions if day.weekday() >= _SATURDAY]:
        raise ValueError(f"{venue} trades on weekends: {min(weekend)}")
    days = (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if day.weekday() < _SATURDAY and day not in sessions]


def table() -> str:
    """Return the whole table as CSV: venue, closed; sorted."""
    rows = [f"{venue},{day}" for venue in VENUES for day in closed_weekdays(venue)]
    return "\n".join(["venue,closed", *rows]) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table())
    sys.stdout.write(f"{TABLE.name} written\n")
