"""Cases that only compliance may know of: to tell whom one is about is an offence."""

from collections.abc import Collection
from typing import Final

COMPLIANCE: Final = "compliance"
"""The group of people who see suspicions (31 USC 5318(g)(2)); an app's token is in none."""

CODES: Final = ("SAR_", "SURVEILLANCE_")
"""What the codes of these cases begin with."""


SAR_REPORT: Final = "SAR"
"""The kind of the report that files them."""


def may_know(code: str, groups: Collection[str]) -> bool:
    """Whether somebody of some groups may know that a case of a code exists."""
    return COMPLIANCE in groups or not code.startswith(CODES)
