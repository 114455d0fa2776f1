"""Sessions that end before their time: half days, 1985 to 2035.

The table is generated from exchange_calendars by `rulebook/calendars/generate.py`.
"""

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Final

_TABLE: Final = "early_closes.csv"


def early_close(venue: str, day: date) -> time | None:
    """Return the venue's local time at which a session ends early, or None when it does not."""
    return _early_closes().get((venue, day))


@cache
def _early_closes() -> Mapping[tuple[str, date], time]:
    text = (files("backoffice.kernel") / _TABLE).read_text(encoding="ascii")
    found: dict[tuple[str, date], time] = {}
    for line in text.splitlines()[1:]:
        venue, year, closes = line.split(",")
        for one in closes.split():
            day, at = one.split("@")
            found[venue, date.fromisoformat(f"{year}-{day}")] = time.fromisoformat(at)
    return found
