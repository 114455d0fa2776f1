"""What the repeating groups of a report say: the street side, the exchange, another identifier."""

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from backoffice.formats.fix.structures import MAX_ENTRIES
from backoffice.formats.fix.tags import GROUPS

_LEI: Final = "N"
_ISIN: Final = "4"
_STREET: Final = ("17", "18", "21")
"""PartyRole: the contra firm; else the contra clearing firm, else the clearing organisation."""
_EXCHANGE: Final = "22"


def street(fields: pl.DataFrame) -> pl.Expr:
    """Return the counterparty: the first role of `_STREET` with an LEI, else without."""
    named = [
        pl.when(_is_role(entry, role) & (pl.col(f"447.{entry}") == _LEI)).then(f"448.{entry}")
        for role in _STREET
        for entry in _entries(fields, "447")
    ]
    return _first([*named, *(_party(fields, role) for role in _STREET)])


def exchange(fields: pl.DataFrame) -> pl.Expr:
    """Return the PartyID of the exchange."""
    return _party(fields, _EXCHANGE)


def alternative_isin(fields: pl.DataFrame) -> pl.Expr:
    """Return the SecurityAltID that is an ISIN."""
    return _first(
        [
            pl.when(pl.col(f"456.{entry}") == _ISIN).then(f"455.{entry}")
            for entry in _entries(fields, "456")
        ]
    )


def _party(fields: pl.DataFrame, role: str) -> pl.Expr:
    return _first(
        [pl.when(_is_role(entry, role)).then(f"448.{entry}") for entry in _entries(fields, "452")]
    )


def _is_role(entry: int, role: str) -> pl.Expr:
    return pl.col(f"452.{entry}") == role


def _first(texts: list[pl.Expr]) -> pl.Expr:
    return pl.coalesce(texts) if texts else pl.lit(None, dtype=pl.String)


def _entries(fields: pl.DataFrame, tag: str) -> list[int]:
    return [entry for entry in range(MAX_ENTRIES) if f"{tag}.{entry}" in fields.columns]


def entries_of(columns: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield every tag that an entry of a group has, for each entry that some message has."""
    there = set(columns)
    for group in GROUPS.values():
        for entry in range(MAX_ENTRIES):
            if group.kept and f"{group.first}.{entry}" in there:
                yield from ((tag, entry) for tag in sorted(group.kept))
