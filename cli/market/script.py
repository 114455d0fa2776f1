"""What the market is told to do: settle everything, nothing, or what a script says."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from backoffice.formats.iso20022.instruction_reader import Instruction
from cli.market.mix import Mix
from cli.market.rules import (
    ACCEPT_CANCELLATION,
    EARLY,
    NONE,
    NOTHING_SAID,
    ON_CANCELLATIONS,
    SETTLE,
    Past,
    Rule,
)

SEND: Final = "send"
OMIT: Final = "omit"
TWICE: Final = "twice"
DELAY: Final = "late"
WRONG: Final = "wrong"
STATEMENT_ACTS: Final = (SEND, OMIT, TWICE, DELAY, WRONG)

HOLDINGS: Final = "holdings"
CASH: Final = "cash"
TRANSACTIONS: Final = "transactions"
STATEMENT_KINDS: Final = (HOLDINGS, CASH, TRANSACTIONS)

AGAIN: Final = "again"
TRUNCATED: Final = "truncated"
FILE_ACTS: Final = (AGAIN, TRUNCATED)


@dataclass(frozen=True, slots=True)
class Opening:
    """One `[[opening]]`: shares (at 10^8) or money the market holds for us from a day on."""

    unit: str
    amount: int
    since: date | None = None


@dataclass(frozen=True, slots=True)
class StatementRule:
    """One `[[statement]]`: what becomes of a kind's statement of a day; no `on` means every day.

    A wrong one is `off` (decimal text) in `unit`, an ISIN or a currency; a late one comes `days`
    calendar days later, under its own day.
    """

    kind: str
    do: str = SEND
    on: frozenset[date] = frozenset()
    days: int | None = None
    unit: str | None = None
    off: str | None = None


@dataclass(frozen=True, slots=True)
class FileRule:
    """One `[[file]]`: status files of the day `of` (today where it is None) come once more."""

    do: str
    on: frozenset[date]
    of: date | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A default, rules and mixes: the first that matches decides; and what else is sent."""

    default: str
    rules: tuple[Rule, ...] = ()
    mixes: tuple[Mix, ...] = ()
    openings: tuple[Opening, ...] = ()
    statements: tuple[StatementRule, ...] = ()
    files: tuple[FileRule, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether nothing will ever be said."""
        return self.default == NONE and not any(
            (self.rules, self.mixes, self.statements, self.files)
        )

    @property
    def acts_early(self) -> bool:
        """Whether something may be said of an instruction before its settlement date."""
        drawn = (rule for mix in self.mixes for _, rule in mix.shares)
        return any(rule.do in EARLY for rule in (*self.rules, *drawn))

    def decide(
        self, instruction: Instruction, day: date, past: Past = NOTHING_SAID
    ) -> tuple[str, Rule | None]:
        """Return what is done about an instruction, and the rule that says so, if one does."""
        for rule in self.rules:
            if rule.do in ON_CANCELLATIONS or not rule.matches(instruction, day):
                continue
            if act := rule.act(instruction, day, past):
                return act, rule
        for mix in self.mixes:
            drawn = mix.drawn_by(instruction)
            if drawn is not None and drawn.matches(instruction, day):
                act = drawn.act(instruction, day, past)
                return (act, drawn) if act else (self.default, None)
        return self.default, None

    def cancellation_act(self, instruction: Instruction, day: date) -> str:
        """Return how a request to cancel the instruction is taken; NONE leaves it unanswered."""
        for rule in self.rules:
            if rule.do in ON_CANCELLATIONS and rule.matches(instruction, day):
                return rule.do
        return NONE if self.default == NONE else ACCEPT_CANCELLATION

    def statement_rule(self, kind: str, day: date) -> StatementRule | None:
        """Return what becomes of a kind's statement of a day; None when none is sent."""
        for rule in self.statements:
            if rule.kind == kind and (not rule.on or day in rule.on):
                return None if rule.do == OMIT else rule
        return None


SETTLE_ALL: Final = Script(SETTLE)
SILENT: Final = Script(NONE)
