"""What surveillance goes by: whole numbers of the rulebook, by pattern, on a date."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.rulebook import Rulebook

_PREFIX: Final = "surveillance."
_CTR: Final = "ctr_threshold_usd"
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
        The local time at which a venue closes, `HH:MM`, by MIC.
    """

    def __init__(self, values: Mapping[str, int], currency: str, closes: Mapping[str, str]) -> None:
        self._values = dict(values)
        self.currency = currency
        self.closes = closes

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
        return cls({**values, **(tried or {})}, str(held["currency"]), closes)

    def __getitem__(self, name: str) -> int:
        """Return a whole number by its name."""
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names, sorted."""
        return iter(sorted(self._values))

    def __len__(self) -> int:
        """Count the thresholds."""
        return len(self._values)

    def minor(self, name: str) -> int:
        """Return an amount of money in minor units."""
        return int(self[name] * 10 ** MINOR_UNITS[self.currency])
