r"""What a field may look like: each form checks a text's shape before it reads a value from it.

polars would read `1e3`, `+5` and `.5` as numbers, round a ninth decimal, take other scripts'
digits for `\d` and 23:59:60 for the next day: no cast is reached but by text of the right shape.
A form's `value` is null where the text is wrong; `says` ends the sentence "The field … ".
"""

from dataclasses import dataclass
from typing import Final, Protocol

import polars as pl

from backoffice.intake.exact_numbers import WHOLE_DIGITS, exact, number
from backoffice.kernel.currencies import MINOR_UNITS

_TYPED: Final = "="
DIGITS: Final = f"^0*[0-9]{{1,{WHOLE_DIGITS}}}$"
_MOST_DECIMALS: Final = max(MINOR_UNITS.values())


def typed(output: str) -> pl.Expr:
    """Return the column that holds a field's value beside its text."""
    return pl.col(f"{_TYPED}{output}")


class Form(Protocol):
    """One kind of field."""

    @property
    def says(self) -> str:
        """What the field must be, as the end of a sentence."""

    def output(self, name: str) -> str:
        """Name the captured column."""

    def value(self, name: str) -> pl.Expr:
        """Read the value; null where the text is absent or wrong."""

    def wrong(self, name: str) -> pl.Expr | None:
        """Tell where the text is wrong; null where it is absent; None when it never is."""


@dataclass(frozen=True, slots=True)
class Text:
    """Any text that is not blank."""

    says: str = "must be text"

    def output(self, name: str) -> str:
        """Name the captured column: as the field."""
        return name

    def value(self, name: str) -> pl.Expr:
        """Return the text itself."""
        return pl.col(name)

    def wrong(self, name: str) -> pl.Expr | None:  # noqa: ARG002 - a text is never wrong
        """Return None: any text will do."""
        return None


@dataclass(frozen=True, slots=True)
class Pattern(Text):
    """Text of a shape."""

    regex: str = ""

    def wrong(self, name: str) -> pl.Expr | None:
        """Tell where the text has another shape."""
        return ~pl.col(name).str.contains(self.regex)


@dataclass(frozen=True, slots=True)
class Choice(Text):
    """One of a few codes."""

    codes: tuple[str, ...] = ()

    def wrong(self, name: str) -> pl.Expr | None:
        """Tell where the text is none of the codes."""
        return ~pl.col(name).is_in(list(self.codes))


@dataclass(frozen=True, slots=True)
class Number:
    """A plain decimal as an integer at 10^scale; below 10^whole_digits, with a sign if `signed`."""

    scale: int
    above_zero: bool
    whole_digits: int = WHOLE_DIGITS
    signed: bool = False

    @property
    def says(self) -> str:
        """What the field must be, as the end of a sentence."""
        above = " above 0" if self.above_zero else ""
        return (
            f"must be a plain number{above} and below 10^{self.whole_digits}, "
            f"with at most {self.scale} decimals"
        )

    def output(self, name: str) -> str:
        """Name the captured column by its scale."""
        return f"{name}_e{self.scale}"

    def value(self, name: str) -> pl.Expr:
        """Read the number as Int128."""
        read = exact(name, scale=self.scale, whole_digits=self.whole_digits, signed=self.signed)
        return pl.when(read > 0).then(read) if self.above_zero else read

    def wrong(self, name: str) -> pl.Expr | None:
        """Tell where nothing could be read."""
        return pl.col(name).is_not_null() & typed(self.output(name)).is_null()


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from 0, as Int64."""

    says: str = "must be a whole number from 0 and below 10^18"

    def output(self, name: str) -> str:
        """Name the captured column: as the field."""
        return name

    def value(self, name: str) -> pl.Expr:
        """Read the number as Int64."""
        digits = pl.when(pl.col(name).str.contains(DIGITS)).then(pl.col(name))
        return digits.cast(pl.Int64, strict=False)

    def wrong(self, name: str) -> pl.Expr | None:
        """Tell where nothing could be read."""
        return pl.col(name).is_not_null() & typed(name).is_null()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the minor units of the currency that another field names."""

    currency: str = "currency"
    signed: bool = False
    above_zero: bool = False

    @property
    def says(self) -> str:
        """What the field must be, as the end of a sentence."""
        above = " above 0 and" if self.above_zero else ""
        return f"must be a plain amount{above} below 10^18, no finer than the currency's minor unit"

    def output(self, name: str) -> str:
        """Name the captured column by its unit."""
        return f"{name}_minor"

    def value(self, name: str) -> pl.Expr:
        """Read the amount as Int128; null also where the currency is unknown."""
        amount = exact(name, scale=_MOST_DECIMALS, signed=self.signed)
        unit = self._unit()
        whole = pl.when(amount % unit == 0).then(amount // unit)
        return pl.when(whole > 0).then(whole) if self.above_zero else whole

    def wrong(self, name: str) -> pl.Expr | None:
        """Tell where the amount is no number, or one that the known currency does not allow."""
        # what could be read is right: few texts are looked at once more
        unread = pl.when(typed(self.output(name)).is_null()).then(pl.col(name))
        no_number = ~unread.str.contains(number(None, signed=self.signed))
        known = pl.col(self.currency).is_in(list(MINOR_UNITS))
        return unread.is_not_null() & (known | no_number)

    def _unit(self) -> pl.Expr:
        """Return the minor unit at the finest currency's scale."""
        units = {code: 10 ** (_MOST_DECIMALS - places) for code, places in MINOR_UNITS.items()}
        known = pl.col(self.currency).replace_strict(units, default=None, return_dtype=pl.Int64)
        return known.cast(pl.Int128)
