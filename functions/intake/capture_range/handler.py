"""Capture one byte range of a planned file."""

from typing import Any

from backoffice.formats.delimited_rows import read_range
from backoffice.formats.iso20022.status_reader import read_status
from backoffice.intake.capture import venue_zones
from backoffice.intake.capture_file import capture_range
from backoffice.intake.documents import ByteRange
from backoffice.intake.status_frames import StatusRows
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the plan's key and a range; return what it became."""
    captured = capture_range(
        WIRING.drops,
        WIRING.work,
        event["plan"],
        ByteRange.model_validate(event["range"]),
        zones=venue_zones(default_rulebook()),
        read_rows=read_range,
        read_status=_statuses,
    )
    return captured.model_dump(mode="json")


def _statuses(data: bytes) -> StatusRows:
    read = read_status(data)
    return StatusRows(read.statuses, read.rejects)
