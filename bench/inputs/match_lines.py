"""Our postings and a bank's entries for them, as a close has them before it matches any.

`python -m bench.inputs.match_lines OUT LINES` writes OUT/items.parquet. Of LINES postings seven in
ten come back with our reference, most others without, some a minor unit off, some ten in one sum,
and one in a hundred not at all. No amount without a reference is there twice.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from backoffice.accounting.reconciliation.frames import CASH_ENTRY, ITEM_SCHEMA, OURS, THEIRS
from backoffice.stores.parquet import to_parquet

DAY: Final = date(2026, 3, 2)
_NAMED, _ALIKE, _OFF, _SUMMED = 70, 95, 98, 99
_AT_ONCE: Final = 10
_APART: Final = 1_000
"""So far are amounts apart that none is taken for another."""


def main(out: Path, lines: int) -> None:
    """Write the items."""
    out.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame(list(_items(lines)), schema=dict(ITEM_SCHEMA), orient="row")
    (out / "items.parquet").write_bytes(to_parquet(frame.sort(pl.col("item").hash(7))))


def _items(lines: int) -> Iterator[dict[str, Any]]:
    for number in range(lines):
        share, amount = number // _AT_ONCE * 7 % 100, (number + 1) * _APART + 1
        batch = f"L{number // _AT_ONCE}"
        ours = _item(OURS, number, amount, f"OB{number}", batch)
        yield ours
        if share < _NAMED:
            yield _item(THEIRS, number, amount, f"OB{number}")
        elif share < _ALIKE:
            yield _item(THEIRS, number, amount)
        elif share < _OFF:
            yield _item(THEIRS, number, amount + 1)
        elif share < _SUMMED and number % _AT_ONCE == 0:
            first = number + 1
            whole = sum((first + step) * _APART + 1 for step in range(_AT_ONCE))
            yield _item(THEIRS, number, whole)


def _item(
    side: str, number: int, amount: int, reference: str | None = None, batch: str = ""
) -> dict[str, Any]:
    # a date for each ten, so that those of one sum are of one date
    dated = DAY + timedelta(days=number // _AT_ONCE % 20)
    row = dict.fromkeys(ITEM_SCHEMA) | {"kind": CASH_ENTRY, "side": side, "place": ""}
    row |= {"item": f"{side}-{number:08d}", "reference": reference, "subject": f"OB{number}"}
    return row | {"batch": batch, "unit": "USD", "amount": amount, "dated": dated}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
