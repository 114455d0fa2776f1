"""Gather what the documents of one slice of accounts hold."""

from typing import Any

from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.client_documents.gather import Slice, gather_slice
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take where a slice is staged; return where its documents' contents are."""
    one = Slice.model_validate_json(WIRING.work.read_bytes(event["slice"]))
    contents = gather_slice(WIRING.records, WIRING.work, one, default_rulebook())
    return {"contents": contents, "edition": one.edition.model_dump(mode="json")}
