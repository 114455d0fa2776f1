"""Cases that only compliance may know of: to tell whom one is about is an offence.

A module that needs nothing else: cases are listed without columns.
"""

import re
from collections.abc import Collection
from typing import Final

COMPLIANCE: Final = "compliance"
"""The group of people who see suspicions (31 USC 5318(g)(2)); an app's token is in none."""

CODES: Final = ("SAR_", "SURVEILLANCE_")
"""What the codes of these cases begin with."""

FILE_KINDS: Final = ("sars", "sarfilings")
"""The files that suspicions come in by."""

SAR_REPORT: Final = "SAR"
"""The kind of the report that files them."""

_FILES: Final = f"CONTROL_MISMATCH .*/(?i:{'|'.join(FILE_KINDS)})(?:[-_.0-9][^/]*)?$"
_REPORTS: Final = f"REPORT_[A-Z_]+ {SAR_REPORT}[- ]"
CASE: Final = f"^(?:{'|'.join(CODES)}|{_FILES}|{_REPORTS})"
"""A code and a subject that tell of suspicions: theirs, of a file or of a report of them."""


def may_know(code: str, subject: str | None, groups: Collection[str]) -> bool:
    """Whether somebody of some groups may know that a case about something exists."""
    return COMPLIANCE in groups or re.search(CASE, f"{code} {subject or ''}") is None
