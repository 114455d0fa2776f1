"""The custodian's and the bank's statements against the books: a difference is a break."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.postings import DEPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.reference.drop import DropFile

_CASH = "Assets:Cash"
_SHAPES = {
    "holdings": ("isin", "location", "quantity", DEPOSITORY, "HOLDINGS_BREAK"),
    "cash": ("currency", "nostro", "closing_balance", _CASH, "CASH_BREAK"),
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


def find_breaks(
    files: list[DropFile], book: Mapping[tuple[str, str], Decimal]
) -> set[tuple[str, str]]:
    """Compare the day's statements with the balances; no statement, no comparison."""
    breaks: set[tuple[str, str]] = set()
    for kind, (*_, account, code) in _SHAPES.items():
        stated = _stated(files, kind)
        if stated is None:
            continue
        own: dict[str, Decimal] = defaultdict(Decimal)
        for (name, unit), value in book.items():
            if name == account or name.startswith(f"{account}:"):
                own[unit] += value
        units = set(stated) | set(own)
        breaks |= {
            (code, unit)
            for unit in units
            if stated.get(unit, Decimal()) != own.get(unit, Decimal())
        }
    return breaks
