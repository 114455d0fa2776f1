"""The codes of the trade as forms: enumerations, and identifiers with their reject codes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import polars as pl

from backoffice.intake.countries import COUNTRIES
from backoffice.intake.forms import Choice, Pattern
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.identifiers import (
    BIC_SHAPE,
    ISIN_SHAPE,
    LEI_SHAPE,
    isin_is_valid,
    lei_is_valid,
)

Zones: TypeAlias = Mapping[str, str]
"""The venues there are, by MIC, with the IANA zone whose date is their trade date."""


@dataclass(frozen=True, slots=True)
class Coded(Pattern):
    """An identifier: a shape, and a reject code for what has the shape but names nothing."""

    code: str = ""
    unknown: str = ""
    names_something: Callable[[str, Zones], bool] = lambda _text, _zones: True

    def judged(self, texts: pl.Series, zones: Zones) -> "Judged":
        """Ask each distinct text once: a million trades name a few thousand instruments."""
        distinct = texts.unique().drop_nulls()
        is_shaped = distinct.str.contains(self.regex)
        shaped = distinct.filter(is_shaped)
        names = [self.names_something(text, zones) for text in shaped]
        nameless = shaped.filter(~pl.Series(names, dtype=pl.Boolean))
        return Judged(distinct.filter(~is_shaped), ((self, nameless),))


@dataclass(frozen=True, slots=True)
class Either(Coded):
    """One of several identifiers, which their shapes tell apart."""

    forms: tuple[Coded, ...] = ()

    def judged(self, texts: pl.Series, zones: Zones) -> "Judged":
        """Ask each form; a text of no form's shape is misshapen."""
        found = [form.judged(texts, zones) for form in self.forms]
        misshapen = found[0].misshapen
        for other in found[1:]:
            misshapen = misshapen.filter(misshapen.is_in(other.misshapen.implode()))
        return Judged(misshapen, tuple(pair for one in found for pair in one.nameless))


@dataclass(frozen=True, slots=True)
class Judged:
    """The distinct texts of a column that are wrong: of another shape, or naming nothing.

    The latter stand by the form whose shape they have.
    """

    misshapen: pl.Series
    nameless: tuple[tuple[Coded, pl.Series], ...]


def choice(*codes: str) -> Choice:
    """Return the form of an enumeration."""
    return Choice(f"must be one of {', '.join(codes)}", codes)


ISIN: Final = Coded(
    "must be an ISIN: a country, nine letters or digits and a check digit",
    ISIN_SHAPE,
    "BAD_ISIN",
    "has a wrong check digit",
    lambda text, _zones: isin_is_valid(text),
)
LEI: Final = Coded(
    "must be an LEI: eighteen letters or digits and two check digits",
    LEI_SHAPE,
    "BAD_LEI",
    "has wrong check digits",
    lambda text, _zones: lei_is_valid(text),
)
ISSUE_OR_ISSUER: Final = Either("must be an ISIN, or an issuer's LEI", forms=(ISIN, LEI))
CURRENCY: Final = Coded(
    "must be a currency code of three capital letters",
    "^[A-Z]{3}$",
    "BAD_CURRENCY",
    "is no currency of ISO 4217",
    lambda text, _zones: text in MINOR_UNITS,
)
VENUE: Final = Coded(
    "must be a MIC of four capital letters or digits",
    "^[A-Z0-9]{4}$",
    "BAD_VENUE",
    "is no venue of the rulebook",
    lambda text, zones: text in zones,
)
ANY_VENUE: Final = Coded(
    "must be * or a MIC of four capital letters or digits",
    r"^([A-Z0-9]{4}|\*)$",
    "BAD_VENUE",
    "is no venue of the rulebook",
    lambda text, zones: text == "*" or text in zones,
)
ANY_CURRENCY: Final = Coded(
    "must be * or a currency code of three capital letters",
    r"^([A-Z]{3}|\*)$",
    "BAD_CURRENCY",
    "is no currency of ISO 4217",
    lambda text, _zones: text == "*" or text in MINOR_UNITS,
)
PARTY: Final = Either(
    "must be OWN or a counterparty's LEI", forms=(LEI, Coded("must be OWN", "^OWN$"))
)
BIC: Final = Pattern("must be a BIC of 8 or 11 capital letters or digits", BIC_SHAPE)
COUNTRY: Final = Choice("must be a country code of ISO 3166-1", tuple(sorted(COUNTRIES)))
ACCOUNT_ID: Final = Pattern("must be 1 to 40 of A-Z a-z 0-9 . _ -", "^[A-Za-z0-9._-]{1,40}$")
PARTY_ID: Final = Pattern(
    "must be 1 to 40 of A-Z a-z 0-9 . _ -: an account_id, an LEI or the partner's own",
    "^[A-Za-z0-9._-]{1,40}$",
)
TRADE_ID: Final = Pattern("must be 1 to 52 of A-Z a-z 0-9 . _ -", "^[A-Za-z0-9._-]{1,52}$")
