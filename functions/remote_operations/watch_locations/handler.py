"""Look what is overdue of home locations, and make the list of the quarter that is over."""

from datetime import UTC, datetime
from typing import Any

from backoffice.kernel.rulebook import default_rulebook
from backoffice.remote_operations.watch import watch_locations
from backoffice.service_desk.registers import Registers
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return how much is overdue, and how much is no more."""
    notice = watch_locations(Registers(WIRING.records), default_rulebook(), datetime.now(UTC))
    return {
        "overdue": len(notice.causes) if notice else 0,
        "cured": len(notice.cured) if notice else 0,
    }
