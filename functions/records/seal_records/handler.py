"""Seal and sign the day's records; writing the sealed state closes the day."""

from typing import Any

from backoffice.records.seal_day import seal_day
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the closed books' key; return the chain's new end."""
    return seal_day(WIRING.records, event["closed"], WIRING.signer).model_dump(mode="json")
