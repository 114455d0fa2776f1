"""Quantities, money and directions as ISO 20022 writes them: exact, unsigned, with a direction."""

from typing import Final

from backoffice.kernel.currencies import minor_units
from backoffice.kernel.errors import OutOfRangeError
from backoffice.kernel.scaled import E8, format_exact, format_scaled

MAX_DIGITS: Final = 18
"""The significant digits the schemas give a quantity or an amount."""


def movement_code(quantity_e8: int, money_minor: int) -> str:
    """Return RECE or DELI; cash alone moves as the money of that movement usually does."""
    if quantity_e8:
        return "RECE" if quantity_e8 > 0 else "DELI"
    return "RECE" if money_minor < 0 else "DELI"


def quantity_text(quantity_e8: int) -> str:
    """Write a signed quantity without its sign.

    Raises
    ------
    OutOfRangeError
        When it has more than 18 significant digits.
    """
    return _fitting(format_scaled(abs(quantity_e8), E8))


def amount_text(money_minor: int, currency: str, movement: str) -> str:
    """Write money in minor units as `<Amt>` and `<CdtDbtInd>`: CRDT when we receive, DBIT to pay.

    Nothing at all takes the direction money takes in this movement.

    Raises
    ------
    OutOfRangeError
        When it has more than 18 significant digits, or the currency is not in ISO 4217.
    """
    amount = _fitting(format_exact(abs(money_minor), minor_units(currency)))
    receives = money_minor > 0 if money_minor else movement == "DELI"
    indicator = "CRDT" if receives else "DBIT"
    return f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{indicator}</CdtDbtInd>'


def _fitting(text: str) -> str:
    if len(text) > MAX_DIGITS and len(text.replace(".", "").lstrip("0")) > MAX_DIGITS:
        raise OutOfRangeError(f"{text} has more than {MAX_DIGITS} digits")
    return text
