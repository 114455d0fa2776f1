"""One data row: checked into values, or rejected with its first code and field."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from tests.reference.amounts import fits_currency
from tests.reference.codes import MINOR_UNITS
from tests.reference.columns import KINDS, NEEDS, Column
from tests.reference.fields import BadFieldError, Value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

PRECEDENCE = ("MISSING_FIELD", "BAD_FORMAT", "BAD_ISIN", "BAD_LEI", "BAD_CURRENCY", "BAD_VENUE")


@dataclass(frozen=True)
class Values:
    """The contract columns of a good row, by value; an empty field is None."""

    by_name: Mapping[str, Value | None]

    def has(self, name: str) -> bool:
        """Say whether the field was given."""
        return self.by_name.get(name) is not None

    def text(self, name: str) -> str:
        """Give a text; empty when absent."""
        return cast("str", self.by_name.get(name) or "")

    def amount(self, name: str) -> Decimal:
        """Give a number that must be there."""
        return cast("Decimal", self.by_name[name])

    def amount_or(self, name: str, default: Decimal) -> Decimal:
        """Give a number, or the default when it is absent."""
        return self.amount(name) if self.has(name) else default

    def date(self, name: str) -> dt.date:
        """Give a date that must be there."""
        return cast("dt.date", self.by_name[name])

    def time(self, name: str) -> dt.datetime:
        """Give a time that must be there."""
        return cast("dt.datetime", self.by_name[name])


@dataclass
class Row:
    """A data row of a file and what became of it."""

    file: str
    number: int
    raw: Mapping[str, str]
    values: Values | None = None
    outcome: str = "CAPTURED"
    code: str = ""
    field: str = field(default="")

    @property
    def order(self) -> tuple[str, int]:
        """Give the place of the row in its day: file name, then row."""
        return (self.file, self.number)

    @property
    def good(self) -> Values:
        """Give the values of a row that has been found good."""
        if self.values is None:
            raise ValueError(f"row {self.number} of {self.file} was rejected: {self.code}")
        return self.values

    def reject(self, code: str, name: str) -> None:
        """Reject the row: nothing is captured from it."""
        self.outcome, self.code, self.field = "REJECTED", code, name


def _read(column: Column, text: str) -> Value | None:
    if not text:
        if column.default:
            return column.read(column.default)
        if not column.optional:
            raise BadFieldError("MISSING_FIELD")
        return None
    return column.read(text)


def _too_fine(column: Column, values: Mapping[str, Value | None]) -> bool:
    amount, currency = values.get(column.name), values.get(column.money_in)
    if not isinstance(amount, Decimal) or currency not in MINOR_UNITS:
        return False
    return not fits_currency(amount, cast("str", currency))


def _faults(kind: str, raw: Mapping[str, str]) -> tuple[dict[str, Value | None], dict[str, str]]:
    values: dict[str, Value | None] = {}
    faults: dict[str, str] = {}
    for column in KINDS[kind]:
        try:
            values[column.name] = _read(column, raw.get(column.name, ""))
        except BadFieldError as error:
            faults[column.name] = error.code
    for column in KINDS[kind]:
        if column.money_in and _too_fine(column, values):
            faults[column.name] = "BAD_FORMAT"
    for owner, money in (("allocations", "commission"), ("borrows", "collateral")):
        if kind == owner and raw.get(money) and not raw.get("currency"):
            faults[money] = "BAD_FORMAT"
    for name in NEEDS.get(kind, {}).get(str(values.get("kind")), ()):
        if not raw.get(name):
            faults[name] = "MISSING_FIELD"
    return values, faults


def check_row(kind: str, row: Row) -> None:
    """Fill the row's values, or reject it with the first code and, of one code, first column."""
    values, faults = _faults(kind, row.raw)
    if not faults:
        row.values = Values(values)
        return
    code = min(faults.values(), key=PRECEDENCE.index)
    name = next(column.name for column in KINDS[kind] if faults.get(column.name) == code)
    row.reject(code, name)
