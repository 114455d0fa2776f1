"""The columns of files about the books themselves: entries by hand, locks of periods."""

from typing import Final

import polars as pl

from backoffice.intake.codes import CURRENCY, ISIN, Either, choice
from backoffice.intake.column import Check, Column, may, need
from backoffice.intake.forms import Number, Pattern, Text, typed
from backoffice.intake.times import Day
from backoffice.kernel.columns import int128, minor_units_expr, pow10_expr

_SCALE: Final = 8
_CURRENCY_LENGTH: Final = 3
_LONGEST_RECURRENCE: Final = "10y"
_ID: Final = Pattern("must be 1 to 35 of A-Z a-z 0-9 . _ -", "^[A-Za-z0-9._-]{1,35}$")


def unit_of(column: str = "unit") -> pl.Expr:
    """Return what one of a unit is at 10^8: a currency's minor unit; of an ISIN the smallest."""
    is_money = pl.col(column).str.len_bytes() == _CURRENCY_LENGTH
    finest = pow10_expr(int128(_SCALE) - minor_units_expr(column))
    return pl.when(is_money).then(finest).otherwise(int128(1))


def _finer_than_its_unit() -> pl.Expr:
    return typed("amount_e8") % unit_of() != 0


def _nothing() -> pl.Expr:
    return typed("amount_e8") == 0


def _reversed_too_early() -> pl.Expr:
    return typed("reverse_on") <= typed("effective_date")


def _repeated_too_long() -> pl.Expr:
    first, last = typed("effective_date"), typed("repeat_until")
    return (last < first) | (last > first.dt.offset_by(_LONGEST_RECURRENCE))


def _corrects_again() -> pl.Expr:
    return typed("repeat_until").is_not_null() & pl.col("corrects").is_not_null()


_ENTRIES: Final[tuple[Column, ...]] = (
    need("entry_id", _ID),
    need("effective_date", Day()),
    need("account", Text()),
    need("unit", Either("must be a currency's code or an ISIN", forms=(CURRENCY, ISIN))),
    need(
        "amount",
        Number(scale=_SCALE, above_zero=False, signed=True),
        Check("must be no finer than the minor unit of its currency", _finer_than_its_unit),
        Check("must not be 0", _nothing),
    ),
    may("corrects", Text()),
    may("reverse_on", Day(), Check("must be after effective_date", _reversed_too_early)),
    may(
        "repeat_until",
        Day(),
        Check("must be from effective_date on, within ten years", _repeated_too_long),
        Check("must not stand with corrects", _corrects_again),
    ),
    need("reason", Text()),
)

_PERIODS: Final[tuple[Column, ...]] = (
    need("request_id", _ID),
    need("period", Pattern("must be YYYY or YYYY-MM", "^[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?$")),
    need("action", choice("LOCK", "UNLOCK")),
    may("reason", Text()),
)

ACCOUNTING_SCHEMAS: Final = {"entries": _ENTRIES, "periods": _PERIODS}
