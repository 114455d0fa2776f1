"""Screen the parties of a cut-off against the lists in force: what is new, and what changed."""

from typing import Any

from backoffice.clearance.screen_parties import screen_day
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.intake.day_documents import ResolvedDay
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the resolved day's key; return the screened day's key and its account buckets."""
    resolved = ResolvedDay.model_validate_json(WIRING.work.read_bytes(event["resolved"]))
    seals = SealedColumns(WIRING.client_keys)
    screened = screen_day(WIRING.records, WIRING.work, resolved, default_rulebook(), seals)
    return {"key": screened.key, "buckets": list(range(screened.books.buckets))}
