"""Take what the exceptions desk decided since the cut-off, at the close."""

from typing import Any

from backoffice.clearance.decided_day import decide_at_close
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the frozen inputs' key; return the decided day's key and the buckets it touches."""
    resolved, buckets = decide_at_close(WIRING.records, WIRING.work, event["inputs"])
    return {"key": resolved.key, "buckets": buckets}
