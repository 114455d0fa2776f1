"""Quarters of the calendar."""

from datetime import date
from typing import Final

_MONTHS: Final = 3


def first_of_quarter(day: date) -> date:
    """Return the first day of a day's quarter."""
    return date(day.year, (day.month - 1) // _MONTHS * _MONTHS + 1, 1)


def quarter_of(day: date) -> str:
    """Name a day's quarter: 2026-Q4."""
    return f"{day.year}-Q{(day.month - 1) // _MONTHS + 1}"
