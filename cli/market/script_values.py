"""The values of a market script: what a key takes, or why it does not."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from backoffice.kernel.errors import BackofficeError, BadFileError
from backoffice.kernel.scaled import E8, parse_scaled
from cli.market.mix import WHOLE_E8

_FIGURE_CHARACTERS: Final = 40
_DAYS_AT_MOST: Final = 366

Keys = Mapping[str, tuple[str, Callable[[object], Any]]]
"""The field a key stands for, and what reads its value."""


def read_table(named: str, table: object, keys: Keys) -> dict[str, Any]:
    """Read a table's keys.

    Raises
    ------
    BadFileError
        When it is no table, or a key or a value is none that it has.
    """
    if not isinstance(table, dict):
        raise BadFileError(f"{named} of the market script is no table.")
    values = {}
    for key, value in table.items():
        try:
            name, read = keys[key]
            values[name] = read(value)
        except (KeyError, ValueError, BackofficeError) as error:
            reason = "no such key" if isinstance(error, KeyError) else str(error)
            raise BadFileError(
                f"{named} of the market script: {key} = {value!r}: {reason}."
            ) from None
    return values


def one_of(choices: Iterable[str]) -> Callable[[object], str]:
    """Take one of these words."""
    known = tuple(choices)

    def read(value: object) -> str:
        if value not in known:
            raise ValueError(f"not one of {', '.join(known)}")
        return str(value)

    return read


def text(value: object) -> str:
    """Take text that says something."""
    if not isinstance(value, str) or not value:
        raise ValueError("no text")
    return value


def seed(value: object) -> str:
    """Take text or an integer; 7 and "7" are one seed."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("neither text nor an integer")  # noqa: TRY004
    return str(value)


def day(value: object) -> date:
    """Take a date."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("no date")  # noqa: TRY004
    return value


def days(value: object) -> frozenset[date]:
    """Take a date or a list of dates."""
    found = value if isinstance(value, list) else [value]
    if not found or any(not isinstance(d, date) or isinstance(d, datetime) for d in found):
        raise ValueError("no date, nor a list of dates")
    return frozenset(found)


def count(value: object) -> int:
    """Take a number of days, at least one."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _DAYS_AT_MOST:
        raise ValueError(f"no whole number of days from 1 to {_DAYS_AT_MOST}")
    return value


def figure(value: object) -> str:
    """Take a decimal, as text or as an integer."""
    # a binary float has no place near money or shares: 0.1 is written "0.1"
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("neither text nor an integer")  # noqa: TRY004
    written = str(value)
    if len(written) > _FIGURE_CHARACTERS:
        raise ValueError("too long")
    parse_scaled(written, E8)
    return written


def difference(value: object) -> str:
    """Take a decimal that is not zero."""
    written = figure(value)
    if not parse_scaled(written, E8):
        raise ValueError("no difference")
    return written


def part(value: object) -> int:
    """Take a quantity above zero, at 10^8."""
    quantity = parse_scaled(figure(value), E8)
    if quantity <= 0:
        raise ValueError("a part is more than nothing")
    return quantity


def share(value: object) -> int:
    """Take a share of a whole, above zero and at most 1, at 10^8."""
    found = parse_scaled(figure(value), E8)
    if not 0 < found <= WHOLE_E8:
        raise ValueError("not above 0 and at most 1")
    return found


def flag(value: object) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")  # noqa: TRY004
    return value
