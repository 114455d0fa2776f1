"""Decimals as scaled integers: exact or refused, never a binary float."""

import re
from typing import Final

from backoffice.kernel.errors import NotExactError, OutOfRangeError

E8: Final = 8
E12: Final = 12
_WHOLE_DIGITS: Final = 18
LIMIT: Final = 10**_WHOLE_DIGITS
"""Every value is smaller than this in its own unit, either side of zero."""

PLAIN_DECIMAL: Final = r"^-?[0-9]+(\.[0-9]+)?$"
_PLAIN_DECIMAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def parse_scaled(text: str, scale: int) -> int:
    """Read a plain decimal as an integer at 10^scale.

    Zeros before the first digit and after the last make no number too big or too fine.

    Raises
    ------
    NotExactError
        When the text is no plain decimal (`1e5`, `+5`, `.5`, `1,000`), or finer than the scale.
    OutOfRangeError
        When the value is 10^18 or more, either side of zero.

    Examples
    --------
    >>> parse_scaled("-12.50", 8)
    -1250000000
    """
    if not _PLAIN_DECIMAL.fullmatch(text):
        raise NotExactError(f"{text!r} is no plain decimal")
    whole, _, fraction = text.removeprefix("-").partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    # lengths are looked at before int(), which refuses very long text with an error of its own
    if len(fraction) > scale:
        raise NotExactError(f"{text!r} has more than {scale} decimals")
    if len(whole) > _WHOLE_DIGITS:
        raise OutOfRangeError(f"{text!r} is not below 10^18")
    value = int(whole + fraction.ljust(scale, "0") or "0")
    return -value if text.startswith("-") else value


def format_scaled(value: int, scale: int) -> str:
    """Write an integer at 10^scale as a plain decimal without trailing zeros.

    Examples
    --------
    >>> format_scaled(-1250000000, 8)
    '-12.5'
    """
    whole, point, fraction = format_exact(value, scale).partition(".")
    fraction = fraction.rstrip("0")
    return whole + point + fraction if fraction else whole


def format_exact(value: int, decimals: int) -> str:
    """Write an integer at 10^decimals with exactly that many decimals.

    Examples
    --------
    >>> format_exact(-5, 2)
    '-0.05'
    """
    sign, digits = ("-" if value < 0 else ""), str(abs(value)).rjust(decimals + 1, "0")
    if decimals == 0:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def round_half_up(numerator: int, denominator: int) -> int:
    """Divide, a half going away from zero; the denominator is positive."""
    # an odd denominator has no half: its floored half decides every remainder rightly, too
    quotient = (abs(numerator) + denominator // 2) // denominator
    return -quotient if numerator < 0 else quotient


def round_up(numerator: int, denominator: int) -> int:
    """Divide, any remainder going away from zero; the denominator is positive."""
    quotient = -(-abs(numerator) // denominator)
    return -quotient if numerator < 0 else quotient
