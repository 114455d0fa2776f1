"""The effective-dated rulebook: every constant with its dates and its source."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from backoffice.kernel.errors import NoRuleError, RulebookError

_VENUES: Final = "venues.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """One value and the dates it holds on, both inclusive; `valid_to` None holds on."""

    name: str
    value: int | str
    valid_from: date
    valid_to: date | None
    source: str

    def holds(self, on: date) -> bool:
        """Whether the rule holds on a date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Venue:
    """A trading venue of the rulebook."""

    mic: str
    time_zone: str
    country: str
    bank_holidays: str | None


class Rulebook:
    """Values by name and date; a date no rule holds on is refused."""

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
            When a rule overlaps another of its name, or is not well-formed.
        """
        digest = hashlib.sha256()
        rules: dict[str, list[Rule]] = {}
        venues: dict[str, Venue] = {}
        for path in sorted(directory.iterdir(), key=lambda path: path.name):
            if not path.name.endswith(".toml"):
                continue
            text = path.read_text(encoding="utf-8")
            digest.update(f"{path.name}\0{text}\0".encode())
            document = tomllib.loads(text, parse_float=_refuse_float)
            if path.name == _VENUES:
                venues = {mic: _venue(mic, facts) for mic, facts in document.items()}
            else:
                for rule in _rules("", document):
                    rules.setdefault(rule.name, []).append(rule)
        return cls({name: _ordered(found) for name, found in rules.items()}, venues, digest.hexdigest())

    def value(self, name: str, on: date) -> int | str:
        """Return the value that holds on a date.

        Raises
        ------
        NoRuleError
            Naming the rule and the date, when none holds.
        """
        for rule in self._rules.get(name, ()):
            if rule.holds(on):
                return rule.value
        raise NoRuleError(f"no rule {name!r} holds on {on}")

    def days(self, name: str, on: date) -> int:
        """Return a whole number that holds on a date."""
        return int(self.value(name, on))

    def rules(self) -> Iterable[Rule]:
        """Yield every rule, by name and date."""
        for name in sorted(self._rules):
            yield from self._rules[name]

    def settle_after_days(self, venue: str, on: date) -> int:
        """Return the settlement cycle of a venue by trade date."""
        return self.days(f"settle_after_days.{venue}", on)

    def venues(self) -> tuple[str, ...]:
        """Return the MICs of the rulebook, sorted."""
        return tuple(sorted(self._venues))

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
        """Return the zone whose date is the venue's trade date."""
        return ZoneInfo(self.venue(mic).time_zone)


@lru_cache(maxsize=1)
def default_rulebook() -> Rulebook:
    """Return the rulebook that travels with the package."""
    return Rulebook.load(files("backoffice") / "rulebook")


def _refuse_float(text: str) -> None:
    raise RulebookError(f"{text} is a binary float; write it as text")


def _venue(mic: str, facts: Mapping[str, str]) -> Venue:
    return Venue(mic, facts["time_zone"], facts["country"], facts.get("bank_holidays"))


def _rules(prefix: str, document: Mapping[str, Any]) -> Iterable[Rule]:
    for name, found in document.items():
        full = f"{prefix}{name}"
        if isinstance(found, Mapping):
            yield from _rules(f"{full}.", found)
        elif isinstance(found, list):
            yield from (_rule(full, facts) for facts in found)
        else:
            raise RulebookError(f"{full} has no dates")


def _rule(name: str, facts: Mapping[str, Any]) -> Rule:
    try:
        return Rule(
            name, facts["value"], facts["valid_from"], facts.get("valid_to"), facts["source"]
        )
    except KeyError as missing:
        raise RulebookError(f"{name} lacks {missing}") from None


def _ordered(rules: list[Rule]) -> tuple[Rule, ...]:
    ordered = sorted(rules, key=lambda rule: rule.valid_from)
    for earlier, later in zip(ordered, ordered[1:], strict=False):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            raise RulebookError(f"two rules {earlier.name!r} hold on {later.valid_from}")
    return tuple(ordered)
