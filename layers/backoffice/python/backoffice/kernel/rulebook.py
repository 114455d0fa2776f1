"""The effective-dated rulebook: every constant with its dates and its source.

A rule stands in a TOML file as one row of an array of tables, its name being the array's dotted
name::

    [[settle_after_days.XNYS]]
    value = 1
    valid_from = 2024-05-28
    source = "SEC rule 15c6-1"

Whole numbers are integers, decimals are text; a binary float is refused.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from typing import Final, Self
from zoneinfo import ZoneInfo

from backoffice.kernel.errors import NoRuleError, RulebookError
from backoffice.kernel.rules import Rule, Venue, ordered, parse, read_rules, read_venues
from backoffice.kernel.scaled import parse_scaled

__all__ = ["Rule", "Rulebook", "Venue", "default_rulebook"]

_VENUES: Final = "venues.toml"
_RETENTION: Final = "retention.toml"
"""No rules, but what is kept for how long: read where the records are listed."""


class Rulebook:
    """Values by name and date; a date no rule holds on is refused.

    Attributes
    ----------
    version : str
        SHA-256 over the names and texts of the files read.
    """

    def __init__(
        self, rules: Mapping[str, tuple[Rule, ...]], venues: Mapping[str, Venue], version: str
    ) -> None:
        self._rules = rules
        self._venues = venues
        self.version = version

    @classmethod
    def load(cls, directory: Traversable) -> Self:
        """Read every `*.toml` of a directory.

        Raises
        ------
        RulebookError
            When two rules of one name overlap, or a file is not well-formed.
        """
        digest = hashlib.sha256()
        rules: dict[str, list[Rule]] = {}
        venues: dict[str, Venue] = {}
        for name, text in _texts(directory):
            digest.update(f"{name}\0{text}\0".encode())
            document = parse(name, text)
            if name == _VENUES:
                venues = read_venues(document)
            elif name != _RETENTION:
                for rule in read_rules(document):
                    rules.setdefault(rule.name, []).append(rule)
        by_name = {name: ordered(found) for name, found in sorted(rules.items())}
        return cls(by_name, venues, digest.hexdigest())

    def value(self, name: str, on: date) -> int | str:
        """Return the value that holds on a date: a whole number, or text.

        Raises
        ------
        NoRuleError
            Naming the rule and the date, when none holds.
        """
        return self.rule(name, on).value

    def rule(self, name: str, on: date) -> Rule:
        """Return the rule that holds on a date, with its unit and source.

        Raises
        ------
        NoRuleError
            Naming the rule and the date, when none holds.
        """
        for rule in self._rules.get(name, ()):
            if rule.holds(on):
                return rule
        raise NoRuleError(f"no rule {name!r} holds on {on}")

    def days(self, name: str, on: date) -> int:
        """Return a whole number that holds on a date.

        Raises
        ------
        NoRuleError
            When none holds.
        RulebookError
            When the value is text.
        """
        value = self.value(name, on)
        if isinstance(value, str):
            raise RulebookError(f"{name!r} is {value!r} on {on}, no whole number")
        return value

    def scaled(self, name: str, on: date, scale: int) -> int:
        """Return a decimal that holds on a date as an integer at 10^scale.

        Raises
        ------
        NoRuleError
            When none holds.
        NotExactError
            When the value is no decimal, or finer than the scale.
        """
        return parse_scaled(str(self.value(name, on)), scale)

    def rules(self) -> Iterator[Rule]:
        """Yield every rule, by name and date."""
        return chain.from_iterable(self._rules.values())

    def settle_after_days(self, venue: str, on: date) -> int:
        """Return the settlement cycle of a venue by trade date, in settlement days.

        Raises
        ------
        NoRuleError
            When no cycle of the venue holds on the date.
        """
        return self.days(f"settle_after_days.{venue}", on)

    def venues(self) -> tuple[str, ...]:
        """Return the MICs of the rulebook, sorted."""
        return tuple(self._venues)

    def venue(self, mic: str) -> Venue:
        """Return a venue.

        Raises
        ------
        NoRuleError
            When the MIC is no venue of the rulebook.
        """
        try:
            return self._venues[mic]
        except KeyError:
            raise NoRuleError(f"{mic!r} is no venue of the rulebook") from None

    def venue_time_zone(self, mic: str) -> ZoneInfo:
        """Return the zone whose date is the venue's trade date.

        Raises
        ------
        NoRuleError
            When the MIC is no venue of the rulebook.
        """
        return ZoneInfo(self.venue(mic).time_zone)


@lru_cache(maxsize=1)
def default_rulebook() -> Rulebook:
    """Return the rulebook that travels with the package."""
    return Rulebook.load(files("backoffice") / "rulebook")


def _texts(directory: Traversable) -> Iterator[tuple[str, str]]:
    for path in sorted(directory.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            yield path.name, path.read_text(encoding="utf-8")
