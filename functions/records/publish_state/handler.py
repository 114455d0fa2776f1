"""Serve the latest books: make every DynamoDB table hold what the records say."""

from typing import Any

from backoffice.kernel.books import latest
from backoffice.records.serving import served_items
from backoffice.stores.objects import to_parquet
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Restore the served tables; return how many items of each differed."""
    books = latest(WIRING.records)
    if books is None:
        return {"outcome": "NOTHING", "differed": {}}
    settings, differed = WIRING.settings, {}
    for name, items in served_items(WIRING.records, books, to_parquet).items():
        table = ServedTable(WIRING.dynamodb, getattr(settings, f"{name}_table"))
        differed[name] = len(table.replace_all(items))
    return {"outcome": "DONE", "day": str(books.day), "phase": books.phase, "differed": differed}
