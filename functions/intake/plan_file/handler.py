"""Plan a dropped file: version, hash, byte ranges, or why it is refused."""

from typing import Any

from backoffice.formats.row_planners import PLANS
from backoffice.intake.plan_file import plan_file
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the bucket's event of a created object; return the plan's key and the ranges."""
    dropped = event["detail"]["object"]
    version = dropped.get("version-id") or None
    planned = plan_file(WIRING.drops, WIRING.work, dropped["key"], version, PLANS)
    return planned.model_dump(mode="json")
