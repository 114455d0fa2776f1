"""Sessions and settlement days of the venues, 1985 to 2035.

The table of closed weekdays is generated from exchange_calendars by
`rulebook/calendars/generate.py`; no venue here trades on weekends. Settlement days are sessions
less the days a venue trades although its banks are closed.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Final, Self

import polars as pl

from backoffice.kernel.bank_holidays import bank_holidays
from backoffice.kernel.errors import NoRuleError, OutOfRangeError
from backoffice.kernel.rulebook import Rulebook, default_rulebook

FIRST_DAY: Final = date(1985, 1, 1)
LAST_DAY: Final = date(2035, 12, 31)
_TABLE: Final = "closed_weekdays.csv"
_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)
_SCHEMA: Final = {
    "venue": pl.String,
    "trade_date": pl.Date,
    "is_session": pl.Boolean,
    "settlement_date": pl.Date,
    "has_rule": pl.Boolean,
}


class SettlementCalendar:
    """When venues trade, and when what was traded there can settle.

    Attributes
    ----------
    version : str
        SHA-256 of the table it was read from.
    """

    def __init__(
        self,
        closed: Mapping[str, frozenset[date]],
        banks_closed: Mapping[str, frozenset[date]],
        version: str = "",
    ) -> None:
        self._closed = closed
        self._banks_closed = banks_closed
        self.version = version

    @classmethod
    def load(cls, rulebook: Rulebook | None = None) -> Self:
        """Read the table that travels with the package, for the venues of a rulebook."""
        rules = rulebook or default_rulebook()
        text = (files("backoffice.kernel") / _TABLE).read_text(encoding="ascii")
        closed: dict[str, set[date]] = {venue: set() for venue in rules.venues()}
        for line in text.splitlines()[1:]:
            venue, year, days = line.split(",")
            if venue in closed:
                closed[venue].update(date.fromisoformat(f"{year}-{day}") for day in days.split())
        banks = {mic: bank_holidays(rules.venue(mic).bank_holidays) for mic in closed}
        frozen = {venue: frozenset(days) for venue, days in closed.items()}
        return cls(frozen, banks, hashlib.sha256(text.encode()).hexdigest())

    def is_session(self, venue: str, day: date) -> bool:
        """Whether the venue trades on a day.

        Raises
        ------
        NoRuleError
            When the venue is unknown or the day outside 1985 to 2035.
        """
        if venue not in self._closed or not FIRST_DAY <= day <= LAST_DAY:
            raise NoRuleError(f"no calendar of {venue} for {day}")
        return day.weekday() < _SATURDAY and day not in self._closed[venue]

    def is_settlement_day(self, venue: str, day: date) -> bool:
        """Whether what was traded on the venue can settle on a day.

        Raises
        ------
        NoRuleError
            When the venue is unknown or the day outside 1985 to 2035.
        """
        return self.is_session(venue, day) and day not in self._banks_closed[venue]

    def first_settlement_day_after(self, venue: str, day: date) -> date:
        """Return the first settlement day later than `day`.

        Raises
        ------
        NoRuleError
            When the venue is unknown or the calendar does not reach so far.
        """
        while True:
            day = self.first_session_after(venue, day)
            if self.is_settlement_day(venue, day):
                return day

    def first_session_after(self, venue: str, day: date) -> date:
        """Return the first day later than `day` on which the venue trades.

        Raises
        ------
        NoRuleError
            When the venue is unknown or the calendar does not reach so far.
        """
        while True:
            if day >= LAST_DAY:
                raise NoRuleError(f"no calendar of {venue} after {LAST_DAY}")
            day += _ONE_DAY
            if self.is_session(venue, day):
                return day

    def add_settlement_days(self, venue: str, day: date, count: int) -> date:
        """Return the `count`-th settlement day after `day`; `day` itself for 0.

        Raises
        ------
        NoRuleError
            When the venue is unknown or the calendar does not reach so far.
        OutOfRangeError
            When `count` is negative.
        """
        if count < 0:
            raise OutOfRangeError(f"{count} settlement days after {day}")
        for _ in range(count):
            day = self.first_settlement_day_after(venue, day)
        return day

    def settlement_days_between(self, venue: str, after: date, until: date) -> tuple[date, ...]:
        """Return the settlement days later than `after`, up to `until` itself.

        Raises
        ------
        NoRuleError
            When the venue is unknown or a day outside 1985 to 2035.
        """
        days = (after + _ONE_DAY * n for n in range(1, (until - after).days + 1))
        return tuple(day for day in days if self.is_settlement_day(venue, day))

    def settlement_date(self, venue: str, trade_date: date, rulebook: Rulebook) -> date:
        """Return the contract's settlement date.

        Raises
        ------
        NoRuleError
            When no cycle holds on the trade date, or the calendar does not reach so far.
        """
        count = rulebook.settle_after_days(venue, trade_date)
        return self.add_settlement_days(venue, trade_date, count)

    def settlement_dates(self, trades: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
        """Answer once for every distinct venue and trade date there is, to be joined on them.

        Parameters
        ----------
        trades : pl.DataFrame
            venue (String), trade_date (Date), without nulls, among any other columns.
        rulebook : Rulebook
            The settlement cycles.

        Returns
        -------
        pl.DataFrame
            venue, trade_date, is_session (null outside the calendar), settlement_date (null
            without a rule), has_rule; sorted.
        """
        asked = trades.select("venue", "trade_date").unique().sort("venue", "trade_date")
        rows = [
            (venue, day, *self._dates(venue, day, rulebook)) for venue, day in asked.iter_rows()
        ]
        return pl.DataFrame(rows, schema=_SCHEMA, orient="row")

    def _dates(
        self, venue: str, day: date, rulebook: Rulebook
    ) -> tuple[bool | None, date | None, bool]:
        try:
            is_session = self.is_session(venue, day)
        except NoRuleError:
            return None, None, False
        try:
            return is_session, self.settlement_date(venue, day, rulebook), True
        except NoRuleError:
            return is_session, None, False


@lru_cache(maxsize=1)
def default_calendar() -> SettlementCalendar:
    """Return the calendar that travels with the package."""
    return SettlementCalendar.load()
