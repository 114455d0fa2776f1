"""The market's own references: derived from what they are of, so that they never vary."""

import hashlib
import re
from datetime import date
from typing import Final

MISLEADING_REFERENCE: Final = re.compile(rb"<AcctSvcrTxId>(MW[0-9A-F]{24})</AcctSvcrTxId>")
"""The mark of a confirmation of what has not happened, by which the market knows it again."""

_MISLEADING: Final = "MW"
_DIGITS: Final = 24
_HALF: Final = _DIGITS // 2


def reference_of(kind: str, identity: str, on: date | str | None) -> str:
    """Return the market's own reference for what it says."""
    return f"MK{_digest(f'{kind}|{identity}|{on}')[:_DIGITS]}"


def misleading_reference(obligation_id: str, on: date) -> str:
    """Return the reference of a misleading confirmation: its first half names the obligation."""
    return misleading_prefix(obligation_id) + _digest(f"{obligation_id}|{on}")[:_HALF]


def misleading_prefix(obligation_id: str) -> str:
    """Return what the references of an obligation's misleading confirmations begin with."""
    return _MISLEADING + _digest(f"wrong|{obligation_id}")[:_HALF]


def misleads(reference: str | None) -> bool:
    """Whether a reference is that of a confirmation of what has not happened."""
    return (reference or "").startswith(_MISLEADING)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest().upper()
