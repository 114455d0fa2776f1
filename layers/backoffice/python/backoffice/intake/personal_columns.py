"""What `accounts` files say of a natural person beside the name: for reports of transactions.

What tells who somebody is, of a client, is sealed as `name` is: all of it is text, so that a sealed
text can stand in its place.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.intake.codes import COUNTRY, choice
from backoffice.intake.column import Column, Personal, may
from backoffice.intake.forms import Pattern, Text

NATIONAL_ID_KINDS: Final = ("NIDN", "CCPT", "CONCAT")
"""A national identification number, a passport's, or what is put together of date and names."""


@dataclass(frozen=True, slots=True)
class _DayText(Text):
    """A date that stays text."""

    says: str = "must be a date, YYYY-MM-DD"

    def wrong(self, name: str) -> pl.Expr | None:
        """Tell where no calendar has the day."""
        shaped = pl.col(name).str.contains("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        no_day = pl.col(name).str.to_date("%Y-%m-%d", strict=False).is_null()
        return pl.col(name).is_not_null() & (~shaped | no_day)


_NUMBER: Final = Pattern(
    says="must be at most 33 letters and digits, with blanks, dots, dashes or strokes",
    regex="^[ ./-]*([A-Za-z0-9][ ./-]*){1,33}$",
)
"""A report has 35 letters for a number and the country before it."""

_OF_CLIENTS: Final = Personal("account_id", when=("kind", "CLIENT"))

PERSONAL: Final[tuple[Column, ...]] = (
    may("given_names", Text(), personal=_OF_CLIENTS),
    may("surname", Text(), personal=_OF_CLIENTS),
    may("birth_date", _DayText(), personal=_OF_CLIENTS),
    may("national_id", _NUMBER, personal=_OF_CLIENTS),
    may("national_id_kind", choice(*NATIONAL_ID_KINDS)),
    may("nationality", COUNTRY),
)
"""`national_id` is without a country before it: that is `nationality`, else the account's."""
