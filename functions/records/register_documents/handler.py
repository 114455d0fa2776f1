"""Register the documents that were printed; the record of an edition commits it."""

from typing import Any

from backoffice.records.client_documents.editions import Edition
from backoffice.records.client_documents.register import PrintedSlice, register_editions
from backoffice.stores.hand_over import take_over
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the editions and what was printed of them; return how many documents each has."""
    editions = [Edition.model_validate(one) for one in event["editions"]]
    slices = take_over(WIRING.work, event["printed"], PrintedSlice)
    made = register_editions(WIRING.records, editions, slices)
    return {
        "outcome": "DONE",
        "made": [
            {
                "kind": one.edition.kind,
                "period": one.edition.period,
                "as_of": str(one.edition.as_of),
                "documents": one.documents.rows,
                "failed": len(one.failed),
            }
            for one in made
        ],
    }
