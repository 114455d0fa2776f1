"""Capture one byte range of a planned file."""

from typing import Any

from backoffice.formats.readers import READERS
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.intake.capture import venue_zones
from backoffice.intake.capture_file import capture_range
from backoffice.intake.documents import ByteRange
from backoffice.intake.drops import GoneDropError
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.hand_over import hand_over, handed_over
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the plan's key and a range; hand over what it became."""
    found = ByteRange.model_validate(event["range"])
    stem = event["plan"].removesuffix("plan.json")
    place = f"{stem}{found.index:04d}.range.json"
    try:
        captured = capture_range(
            WIRING.drops,
            WIRING.work,
            event["plan"],
            found,
            zones=venue_zones(default_rulebook()),
            readers=READERS,
            seals=SealedColumns(WIRING.client_keys),
        )
    except GoneDropError:
        # told of twice, and committed by the other: what it captured stands there
        return handed_over(place)
    return hand_over(WIRING.work, place, captured)
