"""The custodian's and the bank's statements against the books: a difference is a break."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.postings import DEPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.reference.drop import DropFile

_CASH = "Assets:Cash"
_SHAPES = {
    "holdings": ("isin", "location", "quantity", DEPOSITORY),
    "cash": ("currency", "nostro", "closing_balance", _CASH),
}


def _stated(files: Iterable[DropFile], kind: str) -> dict[str, Decimal] | None:
    """Sum the statement by unit over its places, a later row of one place standing."""
    unit, place, amount = _SHAPES[kind][:3]
    rows: dict[tuple[str, str], Decimal] = {}
    seen = False
    for file in files:
        if file.kind != kind or file.status != "COMMITTED":
            continue
        seen = True
        for row in file.rows:
            if row.values is not None:
                key = (row.values.text(unit), row.values.text(place))
                rows[key] = row.values.amount(amount)
    if not seen:
        return None
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (name, _), value in rows.items():
        sums[name] += value
    return sums


@dataclass(frozen=True)
class Comparison:
    """Of a kind's statement: ours and theirs of every unit that it speaks of."""

    kind: str
    figures: Mapping[str, tuple[Decimal, Decimal]]

    @property
    def breaks(self) -> set[str]:
        """The units that differ."""
        return {unit for unit, (ours, theirs) in self.figures.items() if ours != theirs}


def compare_statements(
    files: list[DropFile], book: Mapping[tuple[str, str], Decimal]
) -> list[Comparison]:
    """Compare the day's statements with the balances; no statement, no comparison.

    Holdings tell of everything there is, cash of the currencies it names.
    """
    found = []
    for kind, (*_, account) in _SHAPES.items():
        stated = _stated(files, kind)
        if stated is None:
            continue
        own: dict[str, Decimal] = defaultdict(Decimal)
        for (name, unit), value in book.items():
            if name == account or name.startswith(f"{account}:"):
                own[unit] += value
        units = set(stated) | (set(own) if kind == "holdings" else set())
        figures = {unit: (own.get(unit, Decimal()), stated.get(unit, Decimal())) for unit in units}
        found.append(Comparison(kind.upper(), figures))
    return found


def codes_of(comparisons: Iterable[Comparison]) -> set[tuple[str, str]]:
    """Give code and subject of the cases that the breaks are."""
    return {(f"{one.kind}_BREAK", unit) for one in comparisons for unit in one.breaks}
