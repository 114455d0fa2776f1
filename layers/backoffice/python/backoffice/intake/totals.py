"""Control totals: what a partner can count on its side and we on ours."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Final, Self

import polars as pl

from backoffice.intake.exact_numbers import exact

_SCALE: Final = 8
_ANY_SIZE: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Additions under it are exact: a file may hold figures no row is captured with."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows, and the sum of every readable quantity as an exact plain decimal; they add up.

    A quantity is readable when it is a plain decimal without a sign, be it 0, too fine, too big, or
    in a row that is rejected.
    """

    rows: int = 0
    captured: int = 0
    rejected: int = 0
    quantity: str = "0"

    def __add__(self, other: Self) -> "Totals":
        """Add the totals of another part of the file."""
        quantity = _ANY_SIZE.add(Decimal(self.quantity), Decimal(other.quantity))
        return Totals(
            self.rows + other.rows,
            self.captured + other.captured,
            self.rejected + other.rejected,
            plain(quantity),
        )


def total(parts: Iterable[Totals]) -> Totals:
    """Add the totals of all parts of a file, in any order and grouping."""
    return sum(parts, start=Totals())


def quantity_sum(texts: pl.DataFrame) -> str:
    """Add the readable quantities of tidied rows; "0" for a kind without quantities."""
    if "quantity" not in texts.columns:
        return "0"
    frame = texts.select("quantity", value=exact("quantity", scale=_SCALE))
    # a frame's rows times 10^26 stays far below 2^127
    regular = frame.select(pl.col("value").sum()).item() or 0
    shaped = pl.col("quantity").str.contains(r"^[0-9]+(\.[0-9]+)?$")
    odd = frame.filter(pl.col("value").is_null() & shaped).to_series()
    amount = Decimal(regular).scaleb(-_SCALE, _ANY_SIZE)
    for text in sorted(odd, key=len):  # short ones first: long figures make every addition long
        amount = _ANY_SIZE.add(amount, Decimal(text))
    return plain(amount)


def plain(amount: Decimal) -> str:
    """Write a decimal plainly, without trailing zeros or a negative zero."""
    text = format(amount, "f")
    if "." in text:
        text = text.rstrip("0").removesuffix(".")
    return "0" if text == "-0" else text
