"""Screen the parties of a cut-off against the lists in force: what is new, and what changed."""

from typing import Any

from backoffice.clearance.screen_parties import screen_parties
from backoffice.intake.day_documents import ResolvedDay
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the resolved day's key; return the screened day's key and its account buckets."""
    resolved = ResolvedDay.model_validate_json(WIRING.work.read_bytes(event["resolved"]))
    books = screen_parties(WIRING.records, resolved.books, resolved.day, default_rulebook())
    # under a key of its own: whoever resolves the day once more does not take it back
    key = f"{resolved.stem}/screened.json"
    screened = resolved.model_copy(update={"key": key, "books": books})
    WIRING.work.stage_json(key, screened.model_dump_json().encode())
    return {"key": key, "buckets": list(range(books.buckets))}
