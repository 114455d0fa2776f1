"""How near two items have to be to be one thing, as the rulebook says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from backoffice.kernel.rulebook import Rulebook

_MONEY: Final = "match_money_minor_units"


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How near is near: money in minor units by currency (whole and positive), calendar days.

    Attributes
    ----------
    money
        By currency; one that is not in it has `other_money`.
    most_parts
        Of more items that could be parts of one sum none are tried.
    most_lines
        For so many items at most parts are sought.
    """

    money: Mapping[str, int]
    other_money: int
    days: int
    most_parts: int
    most_lines: int

    def of(self, currency: str | None) -> int:
        """Return how many minor units of a currency two amounts may be apart."""
        return self.money.get(currency or "", self.other_money)


def tolerances(rulebook: Rulebook, day: date) -> Tolerances:
    """Return how near is near on a day.

    Raises
    ------
    NoRuleError
        When a tolerance is not in force.
    """
    named = {rule.name for rule in rulebook.rules() if rule.name.startswith(f"{_MONEY}.")}
    money = {name.rpartition(".")[2]: rulebook.days(name, day) for name in sorted(named)}
    return Tolerances(
        other_money=money.pop("other"),
        money=money,
        days=rulebook.days("match_days", day),
        most_parts=rulebook.days("match_most_parts", day),
        most_lines=rulebook.days("match_most_lines", day),
    )
