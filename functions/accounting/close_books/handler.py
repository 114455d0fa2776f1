"""Close the books: add up, prove, reconcile, report."""

from typing import Any

from backoffice.accounting.close_books import close_books
from backoffice.accounting.day_documents import BookedBucket, SettledDay
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.hand_over import take_over
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the settled day's key and the booked buckets; return where the closed books stand."""
    settled = SettledDay.model_validate_json(WIRING.work.read_bytes(event["settled"]))
    booked = take_over(WIRING.work, event["booked"], BookedBucket)
    closed = close_books(WIRING.records, WIRING.work, settled, booked, default_rulebook())
    return closed.model_dump(mode="json")
