"""Plain decimals in columns: a shape checked first, then one exact cast."""

from typing import Final

import polars as pl

WHOLE_DIGITS: Final = 18
"""Every value is below 10^18 in its own unit."""


def exact(
    name: str, *, scale: int, whole_digits: int = WHOLE_DIGITS, signed: bool = False
) -> pl.Expr:
    """Read plain decimals as Int128 at 10^scale; null where they are none, too big or too fine.

    Zeros before and after make no number too big or too fine. The cast to Decimal is exact here:
    the shape leaves at most 38 digits and none to round.
    """
    shaped = pl.col(name).str.contains(number(scale, whole_digits=whole_digits, signed=signed))
    text = pl.when(shaped).then(pl.col(name))
    return text.cast(pl.Decimal(38, scale), strict=False).to_physical()


def number(scale: int | None, *, whole_digits: int = WHOLE_DIGITS, signed: bool = False) -> str:
    """Spell the shape of a plain decimal; a scale of None allows any number of decimals."""
    point = r"(\.[0-9]+)?" if scale is None else rf"(\.[0-9]{{1,{scale}}}0*)?"
    return f"^{'-?' if signed else ''}0*[0-9]{{1,{whole_digits}}}{point}$"
