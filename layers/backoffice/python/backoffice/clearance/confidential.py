"""Cases that only compliance may know of: to tell whom one is about is an offence."""

import re
from collections.abc import Collection
from typing import Final

import polars as pl

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
_CASE: Final = f"^(?:{'|'.join(CODES)}|{_FILES}|{_REPORTS})"
"""A code and a subject that tell of suspicions: theirs, of a file or of a report of them."""


def may_know(code: str, subject: str | None, groups: Collection[str]) -> bool:
    """Whether somebody of some groups may know that a case about something exists."""
    return COMPLIANCE in groups or re.search(_CASE, f"{code} {subject or ''}") is None


def confidential_rows() -> pl.Expr:
    """Whether a row's `code` and `subject` are of a case that compliance alone may know of."""
    said = pl.concat_str("code", pl.col("subject").fill_null(""), separator=" ")
    return said.str.contains(_CASE)
