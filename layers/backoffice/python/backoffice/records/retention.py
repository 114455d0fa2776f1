"""What the record store holds, and how long: the schedule of `rulebook/retention.toml`.

Source: SEC rules 17a-3 and 17a-4; the periods themselves are rules with dates.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

from backoffice.kernel.errors import BackofficeError, NoRuleError, RulebookError
from backoffice.kernel.rulebook import Rulebook, default_rulebook

_FILE: Final = "retention.toml"


class UnscheduledRecordError(BackofficeError):
    """An object, or a table of the books, is of no class of the retention schedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyClass:
    """A class of objects.

    Attributes
    ----------
    at
        Patterns of their keys.
    holds, made_by
        What they are, and the functions that write them.
    period
        Which `retention_years` apply.
    counted_from
        The day of the seal, or the last day the object's account had any business.
    archive_after_days
        When they move to slower storage; 0 is never.
    disposed
        Whether they go after their time, once the books name them no more.
    """

    name: str
    at: tuple[str, ...]
    holds: str
    made_by: tuple[str, ...]
    period: str
    counted_from: Literal["SEALED", "ACCOUNT_CLOSED"]
    archive_after_days: int
    disposed: bool

    def years(self, rulebook: Rulebook, sealed_in: date) -> int:
        """Return for how many years an object sealed on a date is kept.

        Of the periods in force that day or later the longest: what is kept already when a rule is
        lengthened is kept longer.
        """
        return retention_years(rulebook, self.period, sealed_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClass:
    """A record that the rules name: which, of which of our classes, and in which tables."""

    name: str
    rule: str
    what: str
    period: str
    keys: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetentionSchedule:
    """Both, by name, and for how many years the bucket locks whatever is put."""

    keys: Mapping[str, KeyClass]
    records: Mapping[str, RecordClass]
    locked_years: int

    def class_of(self, key: str) -> KeyClass:
        """Return the class of an object.

        Raises
        ------
        UnscheduledRecordError
            When no pattern is its key's.
        """
        found = [
            (len(pattern), one.name)
            for one in self.keys.values()
            for pattern in one.at
            if fnmatchcase(key, pattern)
        ]
        if not found:
            raise UnscheduledRecordError(f"{key} is of no class of the retention schedule")
        return self.keys[max(found)[1]]

    def records_of_table(self, table: str) -> list[RecordClass]:
        """Return what records a table of the books is; one of a day, `name:day`, is as its name.

        Raises
        ------
        UnscheduledRecordError
            When it is none.
        """
        name = table.partition(":")[0]
        if found := [one for one in self.records.values() if name in one.tables]:
            return found
        raise UnscheduledRecordError(f"the table {name} is no record of the retention schedule")


@lru_cache(maxsize=1)
def default_schedule() -> RetentionSchedule:
    """Return the schedule that travels with the package."""
    text = (files("backoffice") / "rulebook" / _FILE).read_text(encoding="utf-8")
    return read_schedule(text)


def read_schedule(text: str) -> RetentionSchedule:
    """Read a schedule.

    Raises
    ------
    RulebookError
        When a class lacks a fact, has one too many, or names a class there is not.
    """
    document = tomllib.loads(text)
    try:
        keys = {name: KeyClass(name=name, **_frozen(facts))
                for name, facts in document["keys"].items()}  # fmt: skip
        records = {name: RecordClass(name=name, **_frozen(facts))
                   for name, facts in document["records"].items()}  # fmt: skip
        locked_years = int(document["locked_years"])
    except (KeyError, TypeError) as error:
        raise RulebookError(f"{_FILE}: {error}") from None
    for one in records.values():
        if unknown := set(one.keys) - keys.keys():
            raise RulebookError(f"{_FILE}: {one.name} is kept in {sorted(unknown)}: no such class")
    return RetentionSchedule(keys, records, locked_years)


def retained_until(key: str, sealed_in: date, schedule: RetentionSchedule | None = None) -> date:
    """Return the first day on which an object may go.

    Of what is counted from the end of its account it is the earliest there can be.
    """
    known = schedule or default_schedule()
    return years_on(sealed_in, known.class_of(key).years(default_rulebook(), sealed_in))


@lru_cache(maxsize=4096)  # a listing asks of every object, and its days are few
def retention_years(rulebook: Rulebook, period: str, since: date) -> int:
    """Return the longest period of a name that has been in force on a date or later.

    Raises
    ------
    NoRuleError
        When none has.
    """
    name = f"retention_years.{period}"
    rules = [rule for rule in rulebook.rules() if rule.name == name]
    found = [int(rule.value) for rule in rules if rule.valid_to is None or since <= rule.valid_to]
    if not found:
        raise NoRuleError(f"no rule {name!r} holds on {since} or later")
    return max(found)


def years_on(day: date, years: int) -> date:
    """Return the same day years later; of a leap day, the first of March: never less."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _frozen(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()
    }
