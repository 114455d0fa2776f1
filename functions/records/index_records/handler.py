"""Add the closed days that are not in it to the index of the records."""

from typing import Any

from backoffice.records.search.runs import index_records
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take whether to make it `anew`; return how many rows of how many days there are."""
    index = index_records(WIRING.records, WIRING.work, anew=bool(event.get("anew")))
    return {
        "outcome": "DONE",
        "days": sum(run.days for run in index.runs),
        "rows": sum(run.rows for run in index.runs),
        "runs": len(index.runs),
    }
