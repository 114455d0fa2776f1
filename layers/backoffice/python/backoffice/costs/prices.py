"""The published prices that hold on a date, read from the rulebook."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from backoffice.kernel.errors import RulebookError
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.rules import Rule
from backoffice.kernel.scaled import E12, parse_scaled

_UNIT: Final = re.compile(r"USD per (?:([0-9,]+) )?([A-Za-z].*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Price:
    """What one of a unit costs, in US dollars, exactly.

    Attributes
    ----------
    usd
        For one `unit`; a price per 1,000,000 requests is divided by it.
    unit
        In words, in the plural: requests, GB-second.
    """

    usd: Decimal
    unit: str


class PriceList:
    """The prices of one date."""

    def __init__(self, rulebook: Rulebook, on: date) -> None:
        self._rulebook = rulebook
        self.on = on

    def usage(self, name: str) -> Price:
        """Return the price of something used.

        Raises
        ------
        NoRuleError
            When none holds on the date.
        """
        return _read(self._rulebook.rule(f"price.{name}", self.on))

    def monthly(self, resource_type: str) -> Price:
        """Return what a resource of a CloudFormation type costs a month for being there.

        Raises
        ------
        NoRuleError
            When the type is not known: it may cost anything.
        """
        return _read(self._rulebook.rule(f"monthly.{resource_type}", self.on))

    def figure(self, name: str) -> Decimal:
        """Return another figure of the rulebook in dollars."""
        return dollars(str(self._rulebook.value(name, self.on)))


def dollars(text: str) -> Decimal:
    """Read dollars as an exact decimal."""
    return Decimal(parse_scaled(text, E12)).scaleb(-E12)


def _read(rule: Rule) -> Price:
    unit = _UNIT.fullmatch(rule.unit)
    if unit is None:
        raise RulebookError(f"{rule.name} has no unit of the form 'USD per 1,000 requests'")
    many = int((unit[1] or "1").replace(",", ""))
    return Price(dollars(str(rule.value)) / many, unit[2])
