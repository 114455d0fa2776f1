"""By when the trades of a date are to be affirmed, where there is a benchmark for it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

import polars as pl

from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook

TIMES: Final = "affirmation_times"
"""Their table."""

TIME_SCHEMA: Final[Mapping[str, Any]] = {
    "trade_date": pl.Date,
    "venue": pl.String,
    "affirm_by": pl.Datetime("ns", "UTC"),
}


def benchmark(rulebook: Rulebook, venue: str, on: date) -> datetime | None:
    """Return the moment by which a venue's trades of a date are to be affirmed, if by any.

    The rule is a time of the venue's own clock: in winter it is another moment than in summer.
    """
    try:
        clock = time.fromisoformat(str(rulebook.value(f"affirm_by.{venue}", on)))
    except NoRuleError:
        return None
    return datetime.combine(on, clock, rulebook.venue_time_zone(venue)).astimezone(UTC)


def benchmarks(rulebook: Rulebook, days: Iterable[date]) -> pl.DataFrame:
    """Return `TIME_SCHEMA`: every benchmark of some trade dates."""
    found = [
        (day, venue, moment)
        for day in sorted(days)
        for venue in rulebook.venues()
        if (moment := benchmark(rulebook, venue, day)) is not None
    ]
    return pl.DataFrame(found, schema=dict(TIME_SCHEMA), orient="row")
