"""Days banks are closed although the exchanges trade."""

from datetime import date, timedelta
from functools import cache
from typing import Final

from backoffice.kernel.errors import NoRuleError

_YEARS: Final = range(1985, 2036)
_SUNDAY: Final = 6
_KING_DAY_YEARS: Final = range(1986, 1998)
"""A federal holiday since 1986; from 1998 on the exchanges keep it, too."""


@cache
def bank_holidays(country: str | None) -> frozenset[date]:
    """Return the days a country's banks are closed although its exchanges trade, 1985 to 2035.

    Raises
    ------
    NoRuleError
        When the country's holidays are not known; None is a country without such days.
    """
    if country is None:
        return frozenset()
    if country != "US":
        raise NoRuleError(f"no bank holidays of {country!r} are known")
    return us_bank_holidays()


def us_bank_holidays() -> frozenset[date]:
    """Return Columbus Day, Veterans Day and, before 1998, Martin Luther King Day.

    A bank holiday on a Sunday is kept on Monday; one on a Saturday closes no bank on another day.
    """
    days = set()
    for year in _YEARS:
        days.add(_nth_monday(year, 10, 2))
        veterans = date(year, 11, 11)
        sunday = veterans.weekday() == _SUNDAY
        days.add(veterans + timedelta(days=1) if sunday else veterans)
        if year in _KING_DAY_YEARS:
            days.add(_nth_monday(year, 1, 3))
    return frozenset(days)


def _nth_monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (nth - 1))
