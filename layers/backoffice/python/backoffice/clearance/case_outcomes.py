"""What a case can come to, by its code."""

from collections.abc import Mapping
from typing import Final

from backoffice.clearance.election_codes import ELECT, ELECTION_DUE
from backoffice.clearance.holds import HOLD_CODES, NOT_WAIVABLE, SANCTIONS_HIT
from backoffice.clearance.report_codes import REPORT_REJECTED, UNTIL_DONE
from backoffice.clearance.requests import REQUESTS

INSTRUCTION_HELD: Final = "INSTRUCTION_HELD"
"""The case of an instruction on hold: two people may let it go before a rule does."""

_OWN_OUTCOMES: Final[Mapping[str, tuple[str, ...]]] = {
    INSTRUCTION_HELD: ("RELEASE",),
    REPORT_REJECTED: ("RELEASE", "ACKNOWLEDGE"),
    ELECTION_DUE: (ELECT, "ACKNOWLEDGE"),
    **dict.fromkeys(UNTIL_DONE, ()),
}


def outcomes_of(code: str) -> tuple[str, ...]:
    """Name what a case of a code can come to."""
    if code in _OWN_OUTCOMES:
        return _OWN_OUTCOMES[code]
    if code == SANCTIONS_HIT or code in REQUESTS:
        return ("RELEASE", "REFUSE")
    if code not in HOLD_CODES:
        return ("ACKNOWLEDGE",)
    if code in NOT_WAIVABLE:
        return ("REFUSE", "ERROR_ACCOUNT") if code == "UNKNOWN_ACCOUNT" else ("REFUSE",)
    return ("RELEASE", "REFUSE", "ERROR_ACCOUNT")
