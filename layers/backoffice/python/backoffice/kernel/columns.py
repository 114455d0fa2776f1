"""Scaled integers as polars columns: the same arithmetic as `scaled`, for a row or a million.

Amounts are Int128. polars wraps Int128 silently, floors in `//` and has no unary minus for it:
callers bound their operands first, and every division here takes the sign off.
"""

import zlib
from functools import cache
from typing import Final

import polars as pl

from backoffice.kernel.canonical import canonical_hash
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.errors import OutOfRangeError
from backoffice.kernel.scaled import E8, LIMIT

__all__ = [
    "bucket_of",
    "canonical_hash",
    "format_e8",
    "format_money",
    "format_scaled_expr",
    "half_up",
    "int128",
    "minor_units_expr",
    "one_line",
    "pow10_expr",
    "round_up_expr",
    "scaled_expr",
    "sum_i128",
    "whole_numbers",
]

# what Int64 holds: replace_strict goes through the type of its literals
_POWERS: Final = {exponent: 10**exponent for exponent in range(19)}


@cache
def int128(value: int) -> pl.Expr:
    """Return a literal of type Int128."""
    return pl.lit(value, dtype=pl.Int128)


def scaled_expr(column: str, scale: int) -> pl.Expr:
    """Read plain decimals as Int128 at 10^scale, as `parse_scaled` does.

    Null where that refuses: no plain decimal, finer than the scale, or not below 10^18. Zeros
    after the last digit make no number too fine.
    """
    decimals = rf"\.[0-9]{{1,{scale}}}0*" if scale else r"\.0+"
    # the cast to Decimal reads `1e3`, `+5` and `.5`, and rounds what is too fine: the shape first
    exact = pl.col(column).str.contains(rf"^-?[0-9]+({decimals})?$")
    amount = pl.col(column).cast(pl.Decimal(38, scale), strict=False).to_physical()
    return pl.when(exact & (amount.abs() < int128(LIMIT * 10**scale))).then(amount)


def half_up(amount: pl.Expr, divisor: pl.Expr | int) -> pl.Expr:
    """Divide Int128 by a positive number, a half going away from zero.

    |amount| + divisor / 2 must fit Int128.
    """
    by = int128(divisor) if isinstance(divisor, int) else divisor
    return amount.sign() * ((amount.abs() + by // 2) // by)


def round_up_expr(amount: pl.Expr, divisor: pl.Expr | int) -> pl.Expr:
    """Divide Int128 by a positive number, any remainder going away from zero.

    |amount| + divisor must fit Int128.
    """
    by = int128(divisor) if isinstance(divisor, int) else divisor
    return amount.sign() * ((amount.abs() + by - 1) // by)


@cache
def minor_units_expr(column: str = "currency") -> pl.Expr:
    """Return the number of decimals of the currency as Int128; null for no ISO 4217 currency."""
    return (
        pl.col(column)
        .replace_strict(dict(MINOR_UNITS), default=None, return_dtype=pl.Int64)
        .cast(pl.Int128)
    )


def pow10_expr(exponent: pl.Expr) -> pl.Expr:
    """Return 10^exponent as Int128 for exponents 0 to 18; null outside."""
    return (
        exponent.cast(pl.Int64)
        .replace_strict(_POWERS, default=None, return_dtype=pl.Int64)
        .cast(pl.Int128)
    )


@cache
def format_money(amount: str, currency: str = "currency") -> pl.Expr:
    """Write minor units as text with exactly the currency's decimals.

    Null where the amount is null or the currency is none of ISO 4217.
    """
    whole, fraction = _whole_and_fraction(pl.col(amount), pow10_expr(minor_units_expr(currency)))
    return pl.concat_str(whole, fraction)


def format_e8(column: str) -> pl.Expr:
    """Write integers at 10^8 as text without trailing zeros."""
    return format_scaled_expr(pl.col(column), E8)


def format_scaled_expr(amount: pl.Expr, scale: int) -> pl.Expr:
    """Write integers at 10^scale as text without trailing zeros."""
    whole, fraction = _whole_and_fraction(amount, int128(10**scale))
    return pl.concat_str(whole, fraction.str.strip_chars_end("0").str.strip_chars_end("."))


def _whole_and_fraction(amount: pl.Expr, unit: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Write integers at `unit`, a power of ten: "-12" and ".05", or "" where the unit is 1."""
    size = amount.abs()
    sign = pl.when(amount < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    # the unit on top keeps the zeros after the point; its own leading 1 then becomes the point
    padded = (size % unit + unit).cast(pl.String).str.replace("1", ".", literal=True)
    fraction = pl.when(unit == 1).then(pl.lit("")).otherwise(padded)
    return pl.concat_str(sign, (size // unit).cast(pl.String)), fraction


def sum_i128(column: str) -> pl.Expr:
    """Sum in Int128; the caller has bounded the operands."""
    return pl.col(column).cast(pl.Int128).sum()


def bucket_of(accounts: pl.Series, buckets: int) -> pl.Series:
    """Return each account's bucket, 0 to buckets - 1, as UInt32.

    The CRC-32 of the id in UTF-8 decides: it is the same everywhere and for good, which polars'
    own hash is not.

    Parameters
    ----------
    accounts : pl.Series
        Account ids, String without nulls.
    buckets : int
        A power of two, so that a bucket of a coarser cut holds whole buckets of a finer one.

    Raises
    ------
    OutOfRangeError
        When `buckets` is no power of two.
    """
    if buckets < 1 or buckets & (buckets - 1):
        raise OutOfRangeError(f"{buckets} buckets: not a power of two")
    if buckets == 1:
        return pl.Series(accounts.name, [0], dtype=pl.UInt32).new_from_index(0, accounts.len())
    mask = buckets - 1
    known = {name: zlib.crc32(name.encode()) & mask for name in accounts.unique().to_list()}
    return accounts.replace_strict(known, return_dtype=pl.UInt32)


def one_line(text: pl.Expr) -> pl.Expr:
    """Put a text on one line: a break, and the blanks around it, is a blank."""
    return text.str.replace_all(r"\s*[\r\n\v\f\x{85}\x{2028}\x{2029}]\s*", " ")


def whole_numbers(amounts: pl.Series) -> list[int]:
    """Return Int128 as a list; by way of Int64 where all of it fits, which is faster by four."""
    narrow = amounts.cast(pl.Int64, strict=False)
    return (narrow if narrow.null_count() == amounts.null_count() else amounts).to_list()
