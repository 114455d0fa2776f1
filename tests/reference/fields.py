"""One field at a time: text to value, or the reject code that says why not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

from tests.reference.amounts import LIMIT, places, read_plain
from tests.reference.codes import (
    COUNTRIES,
    MINOR_UNITS,
    VENUE_ZONES,
    isin_is_valid,
    lei_is_valid,
)

Value = str | int | Decimal | dt.date | dt.datetime
Reader = Callable[[str], Value]
_MOST_PLACES = 8
_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class BadFieldError(ValueError):
    """A field's reject code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(value: str) -> str:
    """Take any text."""
    return value


def shaped(pattern: str) -> Reader:
    """Make a reader of text that matches the whole pattern."""
    compiled = re.compile(pattern, re.ASCII)

    def read(value: str) -> str:
        if not compiled.fullmatch(value):
            raise BadFieldError("BAD_FORMAT")
        return value

    return read


def one_of(*choices: str) -> Reader:
    """Make a reader of an enumeration."""

    def read(value: str) -> str:
        if value not in choices:
            raise BadFieldError("BAD_FORMAT")
        return value

    return read


def known(pattern: str, good: Callable[[str], bool], code: str) -> Reader:
    """Make a reader of a code with a shape and, when the shape is right, a further test."""
    shape = shaped(pattern)

    def read(value: str) -> Value:
        shape(value)
        if not good(value):
            raise BadFieldError(code)
        return value

    return read


def number(*, above_zero: bool = False, fine: bool = True, signed: bool = False) -> Reader:
    """Make a reader of plain decimals; not `fine` allows eight decimals at most."""

    def read(value: str) -> Decimal:
        found = read_plain(value, signed=signed)
        if found is None or abs(found) >= LIMIT or (above_zero and found <= 0):
            raise BadFieldError("BAD_FORMAT")
        if not fine and places(found) > _MOST_PLACES:
            raise BadFieldError("BAD_FORMAT")
        return found

    return read


def integer(value: str) -> int:
    """Read a whole number without a sign."""
    if not re.fullmatch(r"[0-9]+", value) or int(value) >= LIMIT:
        raise BadFieldError("BAD_FORMAT")
    return int(value)


def date(value: str) -> dt.date:
    """Read an ISO 8601 calendar date."""
    try:
        if _DATE.fullmatch(value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise BadFieldError("BAD_FORMAT")


def time(value: str) -> dt.datetime:
    """Read an RFC 3339 time; its offset is part of it."""
    match = _TIME.fullmatch(value)
    if match:
        day, clock, fraction, offset = match.groups()
        offset = "+00:00" if offset in "Zz" else offset
        micros = ((fraction or ".")[1:] + "000000")[:6]
        try:
            return dt.datetime.fromisoformat(f"{day}T{clock}.{micros}{offset}")
        except ValueError:
            pass
    raise BadFieldError("BAD_FORMAT")


_ISIN_LENGTH = 12
isin = known(r"[A-Z]{2}[A-Z0-9]{9}[0-9]", isin_is_valid, "BAD_ISIN")
lei = known(r"[A-Z0-9]{18}[0-9]{2}", lei_is_valid, "BAD_LEI")
currency = known(r"[A-Z]{3}", MINOR_UNITS.__contains__, "BAD_CURRENCY")
venue = known(r"[A-Z0-9]{4}", VENUE_ZONES.__contains__, "BAD_VENUE")
country = known(r"[A-Z]{2}", COUNTRIES.__contains__, "BAD_FORMAT")
bic = shaped(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
account_id = shaped(r"[A-Za-z0-9._-]{1,40}")
trade_id = shaped(r"[A-Za-z0-9._-]{1,52}")


def venue_or_any(value: str) -> Value:
    """Read a MIC, or ``*`` for every venue."""
    return value if value == "*" else venue(value)


def isin_or_lei(value: str) -> Value:
    """Read an ISIN or an LEI; their lengths tell which is meant."""
    return isin(value) if len(value) == _ISIN_LENGTH else lei(value)
