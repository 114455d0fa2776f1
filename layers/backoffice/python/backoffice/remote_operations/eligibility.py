"""Whether a home may be registered: every condition of its kind is met, and no bar applies."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.kernel.rulebook import Rulebook

RSL: Final = "RSL"
KINDS: Final = (RSL, "HOME")
"""A residential supervisory location, and any other home that is no branch office."""


def conditions(kind: str, on: date, rulebook: Rulebook) -> dict[str, str]:
    """Return what a home of a kind has to be on a date: a sentence by its name."""
    return _named(f"home_conditions.{kind}.", on, rulebook)


def bars(kind: str, on: date, rulebook: Rulebook) -> dict[str, str]:
    """Return what keeps a home of a kind from being registered: a sentence by its name."""
    return _named(f"home_bars.{kind}.", on, rulebook)


def check_eligible(
    kind: str, met: Iterable[str], barred: Iterable[str], on: date, rulebook: Rulebook
) -> None:
    """Refuse a home that does not meet its conditions.

    Raises
    ------
    ActRefusedError
        INVALID, naming each condition that is not met and each bar that applies.
    """
    said, found = set(met), set(barred)
    missing = [f"not {name}: {why}" for name, why in _of(conditions(kind, on, rulebook), said)]
    known = bars(kind, on, rulebook)
    missing += [f"{name}: {known[name]}" for name in sorted(found & set(known))]
    if missing:
        raise ActRefusedError("INVALID", f"it may not be registered: {'; '.join(missing)}")


def _of(wanted: dict[str, str], said: set[str]) -> list[tuple[str, str]]:
    return [(name, why) for name, why in wanted.items() if name not in said]


def _named(prefix: str, on: date, rulebook: Rulebook) -> dict[str, str]:
    return {
        rule.name.removeprefix(prefix): str(rule.value)
        for rule in rulebook.rules()
        if rule.name.startswith(prefix) and rule.holds(on)
    }
