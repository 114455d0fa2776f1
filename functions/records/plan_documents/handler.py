"""Plan which clients' documents are to be made."""

from typing import Any

from backoffice.records.client_documents.editions import AskedDocuments, NotClosedError
from backoffice.records.client_documents.gather import plan_documents
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a date, a month, a year, or a schedule's day; return the slices there are to make."""
    try:
        planned = plan_documents(WIRING.records, WIRING.work, AskedDocuments.model_validate(event))
    except NotClosedError as error:
        return {"outcome": "REFUSED", "reason": str(error)}
    return {"outcome": "PLANNED", **planned.model_dump(mode="json")}
