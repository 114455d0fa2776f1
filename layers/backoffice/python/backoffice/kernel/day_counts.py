"""Day counts: what part of a year lies between two dates, as an exact fraction.

The first day counts and the last does not. Source: 2006 ISDA Definitions, section 4.16; of
ACT/ACT ICMA the ICMA's Rule 251.
"""

from calendar import isleap
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from backoffice.kernel.errors import RulebookError

ACT_360: Final = "ACT/360"
ACT_365F: Final = "ACT/365F"
THIRTY_360: Final = "30/360"
THIRTY_E_360: Final = "30E/360"
ACT_ACT_ICMA: Final = "ACT/ACT-ICMA"

_THIRTY: Final = 30
_THIRTY_FIRST: Final = 31
_YEAR_OF_THIRTIES: Final = 360


def days_30_360(start: date, end: date) -> int:
    """Count days of months of thirty: 30/360, bond basis (4.16(f); MSRB Rule G-33)."""
    first = min(start.day, _THIRTY)
    is_cut = first == _THIRTY and end.day == _THIRTY_FIRST
    return _thirties(start, end) + (_THIRTY if is_cut else end.day) - first


def days_30e_360(start: date, end: date) -> int:
    """Count days of months of thirty: 30E/360, Eurobond basis (4.16(g))."""
    return _thirties(start, end) + min(end.day, _THIRTY) - min(start.day, _THIRTY)


def _thirties(start: date, end: date) -> int:
    return _YEAR_OF_THIRTIES * (end.year - start.year) + _THIRTY * (end.month - start.month)


def _actual_actual(start: date, end: date) -> Fraction:
    """Count each day in its own year: ACT/ACT (4.16(b))."""
    if start.year == end.year:
        return Fraction((end - start).days, 365 + isleap(start.year))
    first, last = date(start.year + 1, 1, 1), date(end.year, 1, 1)
    whole = end.year - start.year - 1
    return (
        Fraction((first - start).days, 365 + isleap(start.year))
        + whole
        + Fraction((end - last).days, 365 + isleap(end.year))
    )


_COUNTS: Final[Mapping[str, Callable[[date, date], Fraction]]] = MappingProxyType(
    {
        ACT_360: lambda start, end: Fraction((end - start).days, 360),
        ACT_365F: lambda start, end: Fraction((end - start).days, 365),
        THIRTY_360: lambda start, end: Fraction(days_30_360(start, end), 360),
        THIRTY_E_360: lambda start, end: Fraction(days_30e_360(start, end), 360),
        "ACT/ACT": _actual_actual,
    }
)

YEARS: Final = 360 * 73 * 61
"""A multiple of 360, 365 and 366: a day of any of these conventions is a whole number of parts."""


def year_fraction(convention: str, start: date, end: date) -> Fraction:
    """Return the part of a year from `start` up to `end`.

    Raises
    ------
    RulebookError
        When the convention is none of ACT/360, ACT/365F, 30/360, 30E/360, ACT/ACT.
    """
    count = _COUNTS.get(convention)
    if count is None:
        raise RulebookError(f"{convention!r} is no day count: {', '.join(_COUNTS)}")
    return count(start, end)


def icma_fraction(start: date, end: date, period: tuple[date, date], frequency: int) -> Fraction:
    """Return the part of a year from `start` up to `end` within one regular coupon period.

    Parameters
    ----------
    period
        Its first day, and the day its coupon is paid; both dates lie within.
    frequency
        Coupons a year.
    """
    first, last = period
    return Fraction((end - start).days, (last - first).days * frequency)
