"""The formula of exhibit A: credits less debits, what is to be on deposit, what is to be done.

Dollars are whole cents. Reductions of debits are rounded up: they make the requirement larger.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.compliance.reserve.frames import BANK, CREDITS, DEBITS
from backoffice.kernel.errors import RulebookError
from backoffice.kernel.rulebook import Rulebook

ALTERNATIVE: Final = "ALTERNATIVE"
STANDARD: Final = "STANDARD"
WEEKLY: Final = "WEEKLY"
DAILY: Final = "DAILY"
_PERCENT_SCALE: Final = 4
_WHOLE: Final = 100 * 10**_PERCENT_SCALE


@dataclass(frozen=True, slots=True)
class Method:
    """How the firm computes: by ALTERNATIVE or STANDARD, WEEKLY or DAILY, percentages at 10^4."""

    name: str
    frequency: str
    cut: int

    @classmethod
    def on(cls, rulebook: Rulebook, day: date, frequency: str) -> "Method":
        """Read the method that holds on a day.

        Raises
        ------
        NoRuleError, RulebookError
            When none holds, or it is none of the two.
        """
        name = str(rulebook.value("reserve.method", day))
        if name not in {ALTERNATIVE, STANDARD}:
            raise RulebookError(f"reserve.method is {name!r} on {day}")
        rule = (
            "reserve_standard_debit_cut_percent"
            if name == STANDARD
            else f"reserve_debit_cut_percent.{frequency.lower()}"
        )
        return cls(name, frequency, rulebook.scaled(rule, day, _PERCENT_SCALE))


@dataclass(frozen=True, slots=True)
class Computation:
    """What the lines come to, in cents."""

    lines: Mapping[str, int]
    credits: int
    debits: int
    cut: int
    required: int
    on_deposit: int

    @property
    def deposit(self) -> int:
        """What is to be deposited."""
        return max(0, self.required - self.on_deposit)

    @property
    def withdrawal(self) -> int:
        """What may be withdrawn."""
        return max(0, self.on_deposit - self.required)


def compute(rows: pl.DataFrame, method: Method) -> Computation:
    """Add up rows by line; every row has its dollars.

    The alternative method takes its percentage off all debits; the standard one off line 10 alone.
    """
    sums = dict(rows.group_by("line").agg(pl.col("usd_minor").sum()).iter_rows())
    lines: dict[str, int] = {line: sums.get(line, 0) for line in (*CREDITS, *DEBITS)}
    owed = sum(lines[line] for line in CREDITS)
    due = sum(lines[line] for line in DEBITS)
    base = due if method.name == ALTERNATIVE else lines["10"]
    cut = -(-base * method.cut // _WHOLE)
    required = max(0, owed - (due - cut))
    return Computation(lines, owed, due, cut, required, sums.get(BANK, 0))
