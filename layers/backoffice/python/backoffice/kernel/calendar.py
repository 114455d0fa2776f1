"""Sessions and settlement days of the venues, 1985 to 2035.

The table of closed weekdays is generated from exchange_calendars (`rulebook/calendars`); no venue
here trades on weekends. Settlement days are sessions less the days a venue trades although its
banks are closed.
"""

from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Final, Self

from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook, default_rulebook

FIRST_DAY: Final = date(1985, 1, 1)
LAST_DAY: Final = date(2035, 12, 31)
_SATURDAY: Final = 5
_SUNDAY: Final = 6
_KING_DAY_CLOSES_EXCHANGES_FROM: Final = 1998
_ONE_DAY: Final = timedelta(days=1)


class SettlementCalendar:
    """When venues trade, and when what was traded there can settle."""

    def __init__(
        self, closed: dict[str, frozenset[date]], bank_closed: dict[str, frozenset[date]]
    ) -> None:
        self._closed = closed
        self._bank_closed = bank_closed

    @classmethod
    def load(cls, rulebook: Rulebook | None = None) -> Self:
        """Read the table that travels with the package."""
        rules = rulebook or default_rulebook()
        text = (files("backoffice") / "rulebook/calendars/closed_weekdays.csv").read_text()
        closed: dict[str, set[date]] = {venue: set() for venue in rules.venues()}
        for line in text.splitlines()[1:]:
            venue, _, day = line.partition(",")
            closed[venue].add(date.fromisoformat(day))
        american = us_bank_holidays()
        banks = {
            venue: american if rules.venue(venue).bank_holidays == "US" else frozenset[date]()
            for venue in closed
        }
        return cls({venue: frozenset(days) for venue, days in closed.items()}, banks)

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
        """Whether what was traded on the venue can settle on a day."""
        return self.is_session(venue, day) and day not in self._bank_closed[venue]

    def first_settlement_day_after(self, venue: str, day: date) -> date:
        """Return the first settlement day later than `day`."""
        day += _ONE_DAY
        while not self.is_settlement_day(venue, day):
            day += _ONE_DAY
        return day

    def add_settlement_days(self, venue: str, day: date, count: int) -> date:
        """Return the `count`-th settlement day after `day`."""
        for _ in range(count):
            day = self.first_settlement_day_after(venue, day)
        return day

    def settlement_date(self, venue: str, trade_date: date, rulebook: Rulebook) -> date:
        """Return the contract's settlement date.

        Raises
        ------
        NoRuleError
            When no cycle holds on the trade date, or the calendar ends before.
        """
        count = rulebook.settle_after_days(venue, trade_date)
        return self.add_settlement_days(venue, trade_date, count)


@lru_cache(maxsize=1)
def default_calendar() -> SettlementCalendar:
    """Return the calendar that travels with the package."""
    return SettlementCalendar.load()


def us_bank_holidays() -> frozenset[date]:
    """Return the days US banks are closed although the exchanges trade.

    Columbus Day, Veterans Day and, before 1998, Martin Luther King Day. A bank holiday on a Sunday
    is kept on Monday; one on a Saturday closes no bank.
    """
    days = set()
    for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
        days.add(_nth_monday(year, 10, 2))
        veterans = date(year, 11, 11)
        days.add(veterans + _ONE_DAY if veterans.weekday() == _SUNDAY else veterans)
        if year < _KING_DAY_CLOSES_EXCHANGES_FROM:
            days.add(_nth_monday(year, 1, 3))
    return frozenset(days)


def _nth_monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (nth - 1))
