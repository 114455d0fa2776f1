"""What stands in the rulebook's files: rules with their dates, and venues."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from backoffice.kernel.errors import RulebookError

_RULE_NEEDS: Final = frozenset({"value", "valid_from", "source"})
_RULE_MAY_HAVE: Final = frozenset({"valid_to", "unit", "read_on"})
_VENUE_NEEDS: Final = frozenset({"time_zone", "country", "source"})
_VENUE_MAY_HAVE: Final = frozenset({"bank_holidays"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One value and the dates it holds on, both inclusive; `valid_to` None holds on.

    `unit` says what a value is of, where its name does not; `read_on` when a source that changes
    without notice was read.
    """

    name: str
    value: int | str
    valid_from: date
    valid_to: date | None
    source: str
    unit: str = ""
    read_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the rule holds on a date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Venue:
    """A trading venue of the rulebook.

    `time_zone` is of the IANA database, `country` of ISO 3166-1; `bank_holidays` names the country
    whose banks close on days the venue trades, None where there are no such days.
    """

    mic: str
    time_zone: str
    country: str
    bank_holidays: str | None
    source: str = ""


def parse(file: str, text: str) -> dict[str, Any]:
    """Read a file of the rulebook.

    Raises
    ------
    RulebookError
        When it is no TOML, or holds a binary float.
    """
    try:
        return tomllib.loads(text, parse_float=_refuse_float)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"{file} is no TOML: {error}") from None


def _refuse_float(text: str) -> None:
    raise RulebookError(f"{text} is a binary float; write it as text")


def read_venues(document: Mapping[str, Any]) -> dict[str, Venue]:
    """Read a table of venues by MIC, sorted.

    Raises
    ------
    RulebookError
        When a venue lacks a fact, or has one too many.
    """
    venues = {}
    for mic, facts in sorted(document.items()):
        _check_keys(f"venue {mic}", facts, _VENUE_NEEDS, _VENUE_MAY_HAVE)
        if not all(isinstance(fact, str) and fact for fact in facts.values()):
            raise RulebookError(f"venue {mic} has a fact that is no text")
        venues[mic] = Venue(**{"bank_holidays": None, **facts, "mic": mic})
    return venues


def read_rules(document: Mapping[str, Any], prefix: str = "") -> Iterator[Rule]:
    """Yield the rules of a document, each by its dotted name.

    Raises
    ------
    RulebookError
        When a rule lacks a fact, has one too many, or one of the wrong type.
    """
    for name, found in document.items():
        full = f"{prefix}{name}"
        if isinstance(found, Mapping):
            yield from read_rules(found, f"{full}.")
        elif isinstance(found, list):
            yield from (_rule(full, facts) for facts in found)
        else:
            raise RulebookError(f"{full} has no dates")


def ordered(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Sort the rules of one name by date.

    Raises
    ------
    RulebookError
        When two hold on one date.
    """
    by_date = tuple(sorted(rules, key=lambda rule: rule.valid_from))
    for earlier, later in pairwise(by_date):
        if earlier.holds(later.valid_from):
            raise RulebookError(f"two rules {later.name!r} hold on {later.valid_from}")
    return by_date


def _rule(name: str, facts: object) -> Rule:
    given = _check_keys(name, facts, _RULE_NEEDS, _RULE_MAY_HAVE)
    if type(given["value"]) not in {int, str}:
        raise RulebookError(f"{name} is neither a whole number nor text")
    if not isinstance(given["source"], str) or not given["source"]:
        raise RulebookError(f"{name} does not say where it comes from")
    if not isinstance(given.get("unit", ""), str):
        raise RulebookError(f"{name} has a unit that is no text")
    rule = Rule(**{"valid_to": None, **given, "name": name})
    for day in (rule.valid_from, *(each for each in (rule.valid_to, rule.read_on) if each)):
        # a time of day is a date to Python, yet does not compare with one
        if not isinstance(day, date) or isinstance(day, datetime):
            raise RulebookError(f"{name} has {day!r} where a date belongs")
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise RulebookError(f"{name} ends on {rule.valid_to}, before {rule.valid_from}")
    return rule


def _check_keys(
    name: str, facts: object, needed: frozenset[str], allowed: frozenset[str]
) -> Mapping[str, Any]:
    if not isinstance(facts, Mapping):
        raise RulebookError(f"{name} is no table")
    if missing := needed - facts.keys():
        raise RulebookError(f"{name} lacks {', '.join(sorted(missing))}")
    if unknown := facts.keys() - needed - allowed:
        raise RulebookError(f"{name} has unknown {', '.join(sorted(unknown))}")
    return facts
