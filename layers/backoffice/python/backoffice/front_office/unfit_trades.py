"""What of an app's trades the table could not hold, or only at a price."""

from collections.abc import Mapping
from typing import Final

from backoffice.front_office.models import Refusal

LONGEST_TRADE: Final = 2_000
"""Bytes of names and texts: with its keys such an item stays within three write units."""
MOST_FIELDS: Final = 64

_TOO_LONG: Final = f"The trade is longer than {LONGEST_TRADE} bytes."
NAMELESS: Final = "A field has no name."
_TOO_MANY: Final = f"The trade has more than {MOST_FIELDS} fields."


def unfit(texts: Mapping[str, str]) -> Refusal | None:
    """Refuse what the table could not hold, or only at a price."""
    size = sum(len(name.encode()) + len(text.encode()) + 2 for name, text in texts.items())
    faults = {NAMELESS: "" in texts, _TOO_LONG: size > LONGEST_TRADE}
    faults[_TOO_MANY] = len(texts) > MOST_FIELDS
    says = next((reason for reason, holds in faults.items() if holds), None)
    return Refusal(field="row", code="BAD_FORMAT", message=says) if says else None
