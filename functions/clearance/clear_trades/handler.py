"""Clear one bucket of accounts: price, hold or clear, book, and net what cleared."""

from typing import Any

from backoffice.accounting.clear_share import clear_share
from backoffice.intake.day_documents import ResolvedDay
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.hand_over import hand_over
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the resolved day's key and a bucket; hand over what clearing it wrote."""
    resolved = ResolvedDay.model_validate_json(WIRING.work.read_bytes(event["resolved"]))
    share = clear_share(
        WIRING.records,
        WIRING.work,
        resolved,
        event["bucket"],
        default_calendar(),
        default_rulebook(),
    )
    key = f"{resolved.stem}/share.{event['bucket']}.json"
    return hand_over(WIRING.work, key, share)
