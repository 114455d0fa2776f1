"""What the market is told to do: settle everything, nothing, or what a script says."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from backoffice.formats.iso20022.instruction_reader import Instruction
from backoffice.kernel.errors import BackofficeError, BadFileError
from backoffice.kernel.scaled import E8, parse_scaled

SETTLE: Final = "settle"
PARTIAL: Final = "partial"
FAIL: Final = "fail"
REJECT: Final = "reject"
NONE: Final = "none"
REFUSE_CANCELLATION: Final = "refuse-cancellation"
ACCEPT_CANCELLATION: Final = "accept-cancellation"

_ACTS: Final = (SETTLE, PARTIAL, FAIL, REJECT, NONE, REFUSE_CANCELLATION, ACCEPT_CANCELLATION)
_ON_CANCELLATIONS: Final = (REFUSE_CANCELLATION, ACCEPT_CANCELLATION)
_DEFAULTS: Final = (SETTLE, NONE)
_FIGURE_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[answer]]`: which instructions, on which days, and what to do.

    `quantity_e8` is the part a partial settles; `money` is decimal text, + the back office is
    paid, read at the instruction's currency when it is used. No `on` means every day.
    """

    do: str
    obligation: str | None = None
    isin: str | None = None
    counterparty: str | None = None
    direction: str | None = None
    on: frozenset[date] = frozenset()
    quantity_e8: int | None = None
    money: str | None = None
    reason: str | None = None
    duplicate: bool = False

    def matches(self, instruction: Instruction, day: date) -> bool:
        """Whether the rule speaks of this instruction on this day."""
        return (
            (not self.on or day in self.on)
            and self.obligation in {None, instruction.obligation_id}
            and self.isin in {None, instruction.isin}
            and self.counterparty in {None, instruction.counterparty}
            and self.direction in {None, instruction.direction}
        )


@dataclass(frozen=True, slots=True)
class Script:
    """A default and rules, the first that matches decides."""

    default: str
    rules: tuple[Rule, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether nothing will ever be said."""
        return self.default == NONE and not self.rules

    @property
    def acts_early(self) -> bool:
        """Whether something may be said of an instruction before its settlement date."""
        return any(rule.do == REJECT for rule in self.rules)

    def rule_for(
        self, instruction: Instruction, day: date, *, untouched: bool = True
    ) -> Rule | None:
        """Return the rule that decides an instruction; a partial without `on` acts but once."""
        for rule in self.rules:
            if rule.do in _ON_CANCELLATIONS or not rule.matches(instruction, day):
                continue
            if rule.do != PARTIAL or rule.on or untouched:
                return rule
        return None

    def cancellation_act(self, instruction: Instruction, day: date) -> str:
        """Return how a request to cancel the instruction is taken; NONE leaves it unanswered."""
        for rule in self.rules:
            if rule.do in _ON_CANCELLATIONS and rule.matches(instruction, day):
                return rule.do
        return NONE if self.default == NONE else ACCEPT_CANCELLATION


SETTLE_ALL: Final = Script(SETTLE)
SILENT: Final = Script(NONE)


def load_script(name: str) -> Script:
    """Return `settle-all`, `none`, or the script in the file of that name.

    Raises
    ------
    BadFileError
        When the file cannot be read or is no script.
    """
    if name in _NAMED:
        return _NAMED[name]
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadFileError(f"The market script {name!r} cannot be read.") from None
    return parse_script(text)


def parse_script(text: str) -> Script:
    """Read a market script (TOML, see docs/messages.md).

    Raises
    ------
    BadFileError
        When it is no TOML, or names a key, an act or a value a script does not have.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFileError(f"The market script is no TOML: {error}.") from None
    default, answers = content.pop("default", SETTLE), content.pop("answer", [])
    if default not in _DEFAULTS:
        raise BadFileError(f"The market script's default is {default!r}, not settle or none.")
    if content or not isinstance(answers, list):
        raise BadFileError("The market script holds more than a default and [[answer]] tables.")
    return Script(default, tuple(_rule(n, answer) for n, answer in enumerate(answers, start=1)))


def _rule(number: int, answer: object) -> Rule:
    if not isinstance(answer, dict):
        raise BadFileError(f"Answer {number} of the market script is no table.")
    values = {}
    for key, value in answer.items():
        try:
            name, read = _KEYS[key]
            values[name] = read(value)
        except (KeyError, ValueError, BackofficeError) as error:
            reason = "no such key" if isinstance(error, KeyError) else str(error)
            raise BadFileError(
                f"Answer {number} of the market script: {key} = {value!r}: {reason}."
            ) from None
    if "do" not in values or (values["do"] == PARTIAL) != ("quantity_e8" in values):
        raise BadFileError(
            f"Answer {number} of the market script needs a do; partial, and only partial, "
            "a quantity."
        )
    return Rule(**values)


def _act(value: object) -> str:
    if value not in _ACTS:
        raise ValueError(f"not one of {', '.join(_ACTS)}")
    return str(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no text")
    return value


def _days(value: object) -> frozenset[date]:
    days = value if isinstance(value, list) else [value]
    if not days or any(not isinstance(d, date) or isinstance(d, datetime) for d in days):
        raise ValueError("no date, nor a list of dates")
    return frozenset(days)


def _figure(value: object) -> str:
    # a binary float has no place near money or shares: 0.1 is written "0.1"
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("neither text nor an integer")  # noqa: TRY004
    text = str(value)
    if len(text) > _FIGURE_CHARACTERS:
        raise ValueError("too long")
    parse_scaled(text, E8)
    return text


def _part(value: object) -> int:
    part = parse_scaled(_figure(value), E8)
    if part <= 0:
        raise ValueError("a part is more than nothing")
    return part


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")  # noqa: TRY004
    return value


_NAMED: Final[Mapping[str, Script]] = MappingProxyType({"settle-all": SETTLE_ALL, "none": SILENT})
_KEYS: Final[Mapping[str, tuple[str, Callable[[object], Any]]]] = MappingProxyType(
    {
        "do": ("do", _act),
        "obligation": ("obligation", _text),
        "isin": ("isin", _text),
        "counterparty": ("counterparty", _text),
        "direction": ("direction", _text),
        "on": ("on", _days),
        "quantity": ("quantity_e8", _part),
        "money": ("money", _figure),
        "reason": ("reason", _text),
        "duplicate": ("duplicate", _flag),
    }
)
