"""Restore every served table in memory, from the records alone, and report what differs."""

import time
from datetime import UTC, datetime
from typing import Any

from backoffice.kernel.books import Books, latest
from backoffice.records.drill import TableDrill, compare, report_drill
from backoffice.records.serving import served_items
from backoffice.stores.parquet import to_parquet
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

WIRING = Wiring()
TRIES = 3


def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the report's key, and of each table how many items there are and how many differ."""
    at, began = datetime.now(UTC), time.monotonic()
    books = latest(WIRING.records)
    if books is None:
        return {"outcome": "REFUSED", "reason": "there are no books to restore yet"}
    for _ in range(TRIES):
        tables, newest = _compared(books), latest(WIRING.records) or books
        # a state that came meanwhile is served while an older one was restored
        if newest == books or not any(one.differed for one in tables):
            break
        books = newest
    drill = report_drill(WIRING.records, books, tables, at, time.monotonic() - began)
    told = [
        {**one.model_dump(exclude={"differed"}), "differed": len(one.differed)} for one in tables
    ]
    return {"outcome": "DONE", "report": drill.report, "tables": told}


def _compared(books: Books) -> list[TableDrill]:
    return [
        compare(name, items, ServedTable(WIRING.dynamodb, _table(name)).scan())
        for name, items in served_items(WIRING.records, books, to_parquet).items()
    ]


def _table(name: str) -> str:
    return str(getattr(WIRING.settings, f"{name}_table"))
