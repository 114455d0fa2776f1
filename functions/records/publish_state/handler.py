"""Serve the latest books: make every DynamoDB table hold what the records say."""

from collections import Counter
from typing import Any

from backoffice.kernel.books import Books, latest
from backoffice.records.serving import served_items
from backoffice.stores.parquet import to_parquet
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Restore the served tables; return how many items of each differed.

    Two may publish at once, one of them an older state: whoever wrote looks once more.
    """
    books, served = latest(WIRING.records), None
    differed: Counter[str] = Counter()
    while books is not None and books != served:
        differed.update(_serve(books))
        served, books = books, latest(WIRING.records)
    if served is None:
        return {"outcome": "NOTHING", "differed": {}}
    return {
        "outcome": "DONE",
        "day": str(served.day),
        "phase": served.phase,
        "differed": dict(differed),
    }


def _serve(books: Books) -> dict[str, int]:
    """Make the tables hold a state; return how many items of each differed."""
    differed = {}
    for name, items in served_items(WIRING.records, books, to_parquet).items():
        table = ServedTable(WIRING.dynamodb, getattr(WIRING.settings, f"{name}_table"))
        differed[name] = len(table.replace_all(items))
    return differed
