"""Serve the latest books: what DynamoDB's tables hold, and where a query engine finds the rest."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from backoffice.kernel.books import Books, latest
from backoffice.records.query_catalogue import PLACE, lists_wanting
from backoffice.records.serving import SERVED, served_items
from backoffice.settlement.fail_books import fails_to_watch
from backoffice.stores.executions import start_once
from backoffice.stores.parquet import to_parquet
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

WIRING = Wiring()
MOST_NAMED = 500
STARTERS = 16


def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Restore the served tables; return how many items of each differed, and which.

    Two may publish at once, one of them an older state: whoever wrote looks once more.
    """
    books, served = latest(WIRING.records), None
    differed: list[tuple[str, str]] = []
    while books is not None and books != served:
        differed += _serve(books)
        served, books = books, latest(WIRING.records)
    if served is None:
        return {"outcome": "NOTHING", "differed": {}, "items": []}
    _pursue(served)
    _list_parts(served)
    counts = Counter(table for table, _ in differed)
    return {
        "outcome": "DONE",
        "day": str(served.day),
        "phase": served.phase,
        "differed": {name: counts[name] for name in SERVED},
        # a workflow carries no more than 256 KiB
        "items": [{"table": table, "key": key} for table, key in differed[:MOST_NAMED]],
    }


def _pursue(books: Books) -> None:
    """Start what watches each fail that opened at this close; one that was started is not again."""
    machine = os.environ.get("PURSUE_FAIL_MACHINE")
    if machine is None:
        return
    fails = fails_to_watch(WIRING.records, books)
    if not fails:
        return
    client = WIRING.stepfunctions
    with ThreadPoolExecutor(STARTERS) as pool:
        list(pool.map(lambda name: start_once(client, machine, name, {"fail_id": name}), fails))


def _list_parts(books: Books) -> None:
    """Write the query catalogue's lists of every closed day that has none."""
    if books.phase != "closed":
        return
    known = WIRING.outbox.keys(PLACE)
    for key, body in lists_wanting(WIRING.records, books, WIRING.records.name, known):
        WIRING.outbox.put(key, body)


def _serve(books: Books) -> Iterator[tuple[str, str]]:
    """Make the tables hold a state; tell every item that differed, by its table and key."""
    for name, items in served_items(WIRING.records, books, to_parquet).items():
        table = ServedTable(WIRING.dynamodb, getattr(WIRING.settings, f"{name}_table"))
        for key in table.replace_all(items):
            yield name, key
