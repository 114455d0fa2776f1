"""Capture one byte range of a planned file."""

from typing import Any

from backoffice.formats.iso20022.status_reader import read_status
from backoffice.formats.row_readers import READERS
from backoffice.intake.capture import venue_zones
from backoffice.intake.capture_file import capture_range
from backoffice.intake.documents import ByteRange
from backoffice.intake.status_frames import StatusRows
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.hand_over import hand_over
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the plan's key and a range; hand over what it became."""
    found = ByteRange.model_validate(event["range"])
    captured = capture_range(
        WIRING.drops,
        WIRING.work,
        event["plan"],
        found,
        zones=venue_zones(default_rulebook()),
        readers=READERS,
        read_status=_statuses,
    )
    stem = event["plan"].removesuffix("plan.json")
    return hand_over(WIRING.work, f"{stem}{found.index:04d}.range.json", captured)


def _statuses(data: bytes) -> StatusRows:
    read = read_status(data)
    return StatusRows(read.statuses, read.rejects)
