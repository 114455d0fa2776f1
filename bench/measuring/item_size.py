"""DynamoDB's own rule for an item's size, and the units writing it takes.

Source: the Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats" and "Capacity unit
consumption for write operations".
"""

from collections.abc import Mapping
from typing import Any

_UNIT_BYTES = 1024
_COLLECTION_BYTES = 3


def write_units(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Return the units a put of an item takes: one for each KiB begun.

    Parameters
    ----------
    item
        Attributes by name, each as DynamoDB's own protocol spells it (`{"S": "text"}`).
    """
    return -(-item_bytes(item) // _UNIT_BYTES)


def item_bytes(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Return an item's size: its names and its values."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Mapping[str, Any]) -> int:
    """Return a value's bytes."""
    ((kind, held),) = value.items()
    if kind == "M":
        pairs = held.items()
        return _COLLECTION_BYTES + sum(len(k.encode()) + _size(v) + 1 for k, v in pairs)
    if kind == "L":
        return _COLLECTION_BYTES + sum(_size(each) + 1 for each in held)
    if kind in ("SS", "NS", "BS"):
        return sum(_size({kind[0]: each}) for each in held)
    if kind in ("NULL", "BOOL"):
        return 1
    return _number_size(held) if kind == "N" else len(held.encode() if kind == "S" else held)


def _number_size(text: str) -> int:
    """Return a byte for every two significant digits, one more, and one for a sign."""
    digits = text.lstrip("-").replace(".", "").strip("0")
    return -(-len(digits) // 2) + 1 + text.startswith("-")
