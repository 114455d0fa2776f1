"""What surveillance goes by: whole numbers of the rulebook, by pattern, on a date."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.rulebook import Rulebook

_PREFIX: Final = "surveillance."
_CTR: Final = "ctr_threshold_usd"
_FIRMS_DAYS: Final = "firm_calendar"
_SATURDAY: Final = 5
_A_DAY: Final = timedelta(days=1)
_NAMED: Final = "structuring.threshold"


class UnknownThresholdError(BackofficeError):
    """No threshold has this name, or it is given something that is no whole number."""


class Thresholds(Mapping[str, int]):
    """The thresholds that hold on a date, by `pattern.name`; some of them tried otherwise.

    Attributes
    ----------
    currency
        The currency that amounts are compared in; thresholds that are money are whole units of it.
    closes
        The local time at which a venue closes on a full day, `HH:MM`, by MIC.
    """

    def __init__(
        self, values: Mapping[str, int], currency: str, closes: Mapping[str, str], calendar: str
    ) -> None:
        self._values = dict(values)
        self.currency = currency
        self.closes = closes
        self._calendar = calendar

    @classmethod
    def on(
        cls, rulebook: Rulebook, day: date, tried: Mapping[str, int] | None = None
    ) -> "Thresholds":
        """Return the thresholds of a date.

        Parameters
        ----------
        rulebook, day
            The rules, and the date.
        tried
            Values to go by in place of the rulebook's.

        Raises
        ------
        UnknownThresholdError
            Naming one of `tried` that the rulebook does not have.
        """
        held = {
            rule.name.removeprefix(_PREFIX): rule.value
            for rule in rulebook.rules()
            if rule.name.startswith(_PREFIX) and rule.holds(day)
        }
        values = {name: value for name, value in held.items() if isinstance(value, int)}
        values[_NAMED] = int(str(rulebook.value(_CTR, day)))
        for name in tried or {}:
            if name not in values:
                known = ", ".join(sorted(values))
                raise UnknownThresholdError(f"no threshold is called {name!r}: {known}")
        closes = {
            name.removeprefix("close_time."): str(value)
            for name, value in held.items()
            if name.startswith("close_time.")
        }
        calendar = str(rulebook.value(_FIRMS_DAYS, day))
        return cls({**values, **(tried or {})}, str(held["currency"]), closes, calendar)

    def __getitem__(self, name: str) -> int:
        """Return a whole number by its name."""
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names, sorted."""
        return iter(sorted(self._values))

    def __len__(self) -> int:
        """Count the thresholds."""
        return len(self._values)

    def before(self, name: str, day: date) -> date:
        """Return the day before a window of so many calendar days up to `day` begins.

        A weekday on which the firm is closed lengthens it by one: who waits for the end of a
        holiday is still within it.
        """
        left = self[name]
        while left > 0:
            if day.weekday() >= _SATURDAY or default_calendar().is_session(self._calendar, day):
                left -= 1
            day -= _A_DAY
        return day

    def minor(self, name: str) -> int:
        """Return an amount of money in minor units."""
        return int(self[name] * 10 ** MINOR_UNITS[self.currency])
