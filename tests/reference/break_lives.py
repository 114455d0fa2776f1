"""How long a difference between a statement and the books lasts, and what it is worth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference.amounts import round_money, write_money, write_unit
from tests.reference.codes import MINOR_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from tests.reference.standing import Standing
    from tests.reference.statements import Comparison
    from tests.reference.tables import Rows

_OWNERS = {"HOLDINGS": "securities-control", "CASH": "cash-control"}


def weekdays_between(first: dt.date, last: dt.date) -> int:
    """Count the weekdays after the first day up to the last."""
    days = (first + dt.timedelta(days=step) for step in range((last - first).days))
    return sum(day.isoweekday() <= 5 for day in days)


@dataclass
class Life:
    """One break from the day it was first seen to the day it healed."""

    kind: str
    unit: str
    seen: dt.date
    ours: Decimal
    theirs: Decimal
    value: tuple[Decimal, str] | None = None
    healed: dt.date | None = None

    def row(self, day: dt.date) -> dict[str, str]:
        """Give the break as it stands at a day's close."""
        figures = {"ours": self.ours, "theirs": self.theirs, "difference": self.ours - self.theirs}
        value, currency = self.value or (None, "")
        row = {"kind": self.kind, "subject": self.unit, "unit": self.unit, "place": ""}
        row |= {name: write_unit(amount, self.unit) for name, amount in figures.items()}
        row |= {
            "value": "" if value is None else write_money(value, currency),
            "currency": currency,
            "first_seen": self.seen.isoformat(),
            "age": str(weekdays_between(self.seen, self.healed or day)),
            "owner": _OWNERS[self.kind],
            "status": "HEALED" if self.healed else "OPEN",
            "healed_on": self.healed.isoformat() if self.healed else "",
        }
        return row


@dataclass
class BreakLives:
    """Every break of holdings and cash there ever was."""

    lives: list[Life] = field(default_factory=list)

    def take(self, compared: Iterable[Comparison], day: dt.date, standing: Standing) -> None:
        """Begin, go on with and end breaks by what a day's statements say; then value the open."""
        for comparison in compared:
            waiting = {
                life.unit: life
                for life in self.lives
                if life.kind == comparison.kind and life.healed is None
            }
            for unit, (ours, theirs) in comparison.figures.items():
                life = waiting.pop(unit, None)
                if ours == theirs:
                    if life:
                        life.healed = day
                elif life:
                    life.ours, life.theirs = ours, theirs
                else:
                    self.lives.append(Life(comparison.kind, unit, day, ours, theirs))
            if comparison.kind == "HOLDINGS":
                for life in waiting.values():
                    life.healed = day
        for life in self.lives:
            if life.healed is None:
                life.value = _worth(life, day, standing)

    def table(self, day: dt.date) -> Rows:
        """Give every break as it stands at a day's close."""
        return [life.row(day) for life in self.lives]


def _worth(life: Life, day: dt.date, standing: Standing) -> tuple[Decimal, str] | None:
    size = abs(life.ours - life.theirs)
    if life.unit in MINOR_UNITS:
        return size, life.unit
    instrument, close = standing.instrument(life.unit), standing.close(life.unit, day)
    if instrument is None or close is None:
        return None
    currency = standing.close_currency(life.unit, day)
    per = 100 if instrument.text("asset_class") == "BOND" else 1
    return round_money(size * close / per, currency), currency
