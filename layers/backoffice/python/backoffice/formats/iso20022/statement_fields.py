"""Fields of statements as text that columns read: figures, dates, references, places."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from backoffice.formats.iso20022.fields import Fields, quantity_paths
from backoffice.formats.iso20022.layouts import Layout

LONGEST_FIGURE: Final = 80
FALSE: Final = frozenset({"false", "0"})
NOBODY: Final = frozenset({"NONREF", "NOTPROVIDED"})
"""What stands for a reference that is not known."""

_DECIMAL: Final = re.compile(r"\+?([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2}|T.{1,40})?")
_PAGE: Final = re.compile("[0-9]{1,5}")
_SIGNS: Final = {"CRDT": "", "DBIT": "-"}
_PLACES: Final = ("SfkpgPlcFrmt/TpAndId/Id", "SfkpgPlcFrmt/Id/Id", "SfkpgPlcFrmt/Prtry/Id",
                  "SfkpgPlcFrmt/Ctry", "LEI")  # fmt: skip
_LONGEST_PLACE: Final = 140


def plain_decimal(text: str | None, sign: str = "") -> str | None:
    """Write an xs:decimal as the columns read it, which know no `+5`, `.5` or `5.`.

    A figure that has a sign of its own is none: what says its direction stands beside it.
    """
    if text is None or text[0].isdigit():
        return text if text is None else f"{sign}{text.removesuffix('.')}"
    match = _DECIMAL.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return f"+{text}"  # no column takes it
    return f"{sign}{match[1] or '0'}" + (f".{match[2]}" if match[2] else "")


def quantity(fields: Fields, base: str, sign: str = "") -> str | None:
    """Return the quantity that stands below an element."""
    return plain_decimal(fields.text(*quantity_paths(base), longest=LONGEST_FIGURE), sign)


def amount(fields: Fields, base: str, indicators: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Return an amount, + we receive, and its currency; what has no direction is told as absent.

    `indicators` are where the direction stands, the first that is there counts.
    """
    figure = fields.text(f"{base}Amt", longest=LONGEST_FIGURE)
    currency = fields.text(f"{base}Amt@Ccy")
    if figure is None:
        return None, currency
    there = fields.there(indicators) or indicators
    return plain_decimal(figure, _SIGNS.get(fields.choice(there[0], _SIGNS) or "", "")), currency


def day(fields: Fields, *bases: str) -> str | None:
    """Return a date as the columns read it, from a date or a time as it is written."""
    text = fields.text(*_day_paths(bases), longest=LONGEST_FIGURE)
    return _day_of(text) if text else None


def stated_on(text: str | None) -> date | None:
    """Return the day a statement is of, if it can be read."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def reference(fields: Fields, paths: tuple[str, ...]) -> str | None:
    """Return the first reference that says something."""
    for path in fields.there(paths):
        text = fields.text(path)
        if text not in NOBODY:
            return text
    return None


def repeated(layout: Layout, name: str) -> tuple[str, ...]:
    """Name an element that may repeat as often as it is there, from the second on by number."""
    found: list[str] = []
    while layout.decided(((named := name if not found else f"{name}[{len(found) + 1}]", ""),)):
        found.append(named)
    return tuple(found)


def place(fields: Fields, base: str) -> str | None:
    """Return where securities are kept."""
    return fields.text(*_place_paths(base), longest=_LONGEST_PLACE)


def page_number(text: str | None) -> int:
    """Return a page's number; the first where it says none."""
    return int(text) if text and _PAGE.fullmatch(text) else 1


@lru_cache(maxsize=64)
def _place_paths(base: str) -> tuple[str, ...]:
    return tuple(f"{base}/{path}" for path in _PLACES)


@lru_cache(maxsize=64)
def _day_paths(bases: tuple[str, ...]) -> tuple[str, ...]:
    ends = ("/Dt", "/DtTm", "/Dt/Dt", "/Dt/DtTm", "")
    return tuple(f"{base}{end}" for base in bases for end in ends)


@lru_cache(maxsize=1024)
def _day_of(text: str) -> str:
    match = _DATE.fullmatch(text)
    return match[1] if match else text
