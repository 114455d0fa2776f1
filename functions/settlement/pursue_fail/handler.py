"""Look at one fail: whether it is over, and what its clocks ask of the desk."""

from datetime import UTC, datetime
from typing import Any

from backoffice.settlement.fail_watch import look_at_fail
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a fail_id; return OVER, or WAIT and until when."""
    look = look_at_fail(WIRING.records, event["fail_id"], datetime.now(UTC))
    return look.model_dump(mode="json")
