"""Record the configuration when it is not the one that was recorded last."""

import json
import os
from datetime import UTC, datetime
from typing import Any

from backoffice.kernel.rulebook import default_rulebook
from backoffice.service_desk.configuration_records import configuration_now, record_configuration
from backoffice.service_desk.registers import Registers
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return whether anything changed, how much, and whether two people had approved it."""
    told = os.environ
    found = configuration_now(
        default_rulebook(),
        told["APP_VERSION"],
        json.loads(told["STAGE_SETTINGS"]),
        json.loads(told["SCHEDULES"]),
    )
    registers = Registers(WIRING.records)
    by, request = told["CHANGED_BY"], told["CHANGE_REQUEST"]
    made = record_configuration(registers, found, datetime.now(UTC), by, request)
    return {
        "recorded": made.record_id if made else None,
        "changes": len(made.changes) if made else 0,
        "approved": made.approved if made else None,
    }
