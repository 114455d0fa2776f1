"""Commit a captured file with one write."""

from typing import Any

from backoffice.formats.sealed_originals import SealedOriginals
from backoffice.intake.commit_file import commit_file
from backoffice.intake.documents import CapturedRange
from backoffice.stores.hand_over import take_over
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the plan's key and what its ranges became; return the entry's key and its counts."""
    captured = take_over(WIRING.work, event["captured"], CapturedRange)
    seals = SealedOriginals(WIRING.client_keys)
    entry = commit_file(WIRING.records, WIRING.drops, WIRING.work, event["plan"], captured, seals)
    return {"entry": entry.key, "captured": entry.captured, "rejected": entry.rejected}
