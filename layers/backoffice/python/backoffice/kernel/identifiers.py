"""Check digits of the identifiers of the trade."""

from functools import lru_cache
from typing import Final

ISIN_SHAPE: Final = r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$"
LEI_SHAPE: Final = r"^[A-Z0-9]{18}[0-9]{2}$"
BIC_SHAPE: Final = r"^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$"
_LEI_MODULUS: Final = 97
_remembered = lru_cache(maxsize=2**16)
"""A day names the same few thousand identifiers in every part of every file."""


@_remembered
def isin_is_valid(text: str) -> bool:
    """Whether the ISIN's check digit is right (ISO 6166: Luhn over letters as two digits)."""
    digits = "".join(str(int(character, 36)) for character in text)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += sum(divmod(int(digit) * (1 + place % 2), 10))
    return total % 10 == 0


@_remembered
def lei_is_valid(text: str) -> bool:
    """Whether the LEI's check digits are right (ISO 17442: modulus 97-10)."""
    return int("".join(str(int(character, 36)) for character in text)) % _LEI_MODULUS == 1
