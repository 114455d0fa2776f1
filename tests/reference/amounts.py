"""Plain decimals: read, round, write. No binary float comes near."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, ROUND_UP, Context, Decimal, DivisionByZero, InvalidOperation

from tests.reference.codes import MINOR_UNITS

EXACT = Context(prec=160, rounding=ROUND_HALF_UP, traps=[DivisionByZero, InvalidOperation])
"""Wide enough that no product of two contract numbers is ever cut."""

ZERO = Decimal(0)
LIMIT = Decimal(10) ** 18
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_SIGNED = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def read_plain(text: str, *, signed: bool = False) -> Decimal | None:
    """Read a plain decimal; None when it is none (exponent, sign, separator, NaN)."""
    pattern = _SIGNED if signed else _PLAIN
    return Decimal(text) if pattern.fullmatch(text) else None


def places(value: Decimal) -> int:
    """Count decimals, trailing zeros left out."""
    exponent = value.normalize(EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def fits_currency(value: Decimal, currency: str) -> bool:
    """Say whether the money is no finer than the currency's minor unit."""
    return places(value) <= MINOR_UNITS[currency]


def round_money(value: Decimal, currency: str, rounding: str = "HALF_UP") -> Decimal:
    """Round to the currency's minor unit; UP is away from zero."""
    unit = Decimal(1).scaleb(-MINOR_UNITS[currency])
    mode = ROUND_UP if rounding == "UP" else ROUND_HALF_UP
    return value.quantize(unit, rounding=mode, context=EXACT)


def write_plain(value: Decimal) -> str:
    """Write a number without exponent and without trailing zeros."""
    if value == 0:
        return "0"
    return f"{value.normalize(EXACT):f}"


def write_money(value: Decimal, currency: str) -> str:
    """Write money with exactly its minor units."""
    rounded = round_money(value, currency)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def write_unit(value: Decimal, unit: str) -> str:
    """Write an amount of a journal unit: money for a currency, a plain number for an ISIN."""
    return write_money(value, unit) if unit in MINOR_UNITS else write_plain(value)
