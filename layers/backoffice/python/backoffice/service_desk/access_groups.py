"""The groups that people are in, and which of them nobody is in at once."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import Final

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook

MAKERS_OF_ACCESS: Final = "access-makers"
CHECKERS_OF_ACCESS: Final = "access-checkers"
SUPERVISORS: Final = "supervisors"
SERVICE_DESK: Final = "service-desk"
GROUPS: Final = (
    "case-makers",
    "case-checkers",
    "compliance",
    MAKERS_OF_ACCESS,
    CHECKERS_OF_ACCESS,
    SUPERVISORS,
    SERVICE_DESK,
)
"""As the pool has them."""
_APART: Final = "separated_groups"


def conflicts(groups: Iterable[str], on: date, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Name the pairs of groups that nobody may be in at once on a date, each with why."""
    for one, other in combinations(sorted(set(groups)), 2):
        try:
            yield f"{one} and {other}", str(rulebook.value(f"{_APART}.{one}.{other}", on))
        except NoRuleError:
            continue


def check_separation(groups: Iterable[str], on: date, rulebook: Rulebook) -> None:
    """Refuse groups that break the segregation of duties.

    Raises
    ------
    ActRefusedError
        INVALID: the pair, and why.
    """
    for pair, why in conflicts(groups, on, rulebook):
        raise ActRefusedError("INVALID", f"nobody is in {pair}: {why}")
