"""The borrows rows of a scenario: loans, what goes back of them, too much of it, and changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference import scenario_world as world
from tests.reference.samples import lei
from tests.reference.scenario_files import Folder

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.reference.scenario_world import Line


@dataclass
class BorrowDesk:
    """Makes rows by chances of its own, and remembers its loans."""

    rng: random.Random
    made: list[Line] = field(default_factory=list)

    def write(self, path: Path, day: dt.date) -> None:
        """Write a day's file."""
        rows = [self._loan(day) for _ in range(self.rng.randint(0, 3))]
        self.made += rows
        rows += [self._change(day) for _ in range(3 if self.made else 0)]
        if rows:
            Folder(path, self.rng, count=80).table("borrows", rows)

    def _loan(self, day: dt.date) -> Line:
        rng, paper = self.rng, self.rng.choice(world.PAPERS)
        row = {
            "borrow_id": f"L{len(self.made)}-{rng.randint(1, 999)}",
            "lender": lei(rng.randint(20, 22)),
            "isin": paper.isin,
            "quantity": str(rng.choice((10, 33, 100))),
            "date": (day + dt.timedelta(days=rng.randint(-2, 2))).isoformat(),
            "fee_rate": rng.choice(("", "3.25", "0.5")),
        }
        if rng.random() < 0.6:
            row |= {"currency": paper.currency, "collateral": str(rng.randint(1, 90000))}
        return row

    def _change(self, day: dt.date) -> Line:
        rng, row = self.rng, dict(self.rng.choice(self.made))
        back = {
            "action": "RETURN",
            "quantity": str(rng.choice((3, 10, 40))),
            "date": (day + dt.timedelta(days=rng.randint(-1, 1))).isoformat(),
            "return_id": rng.choice(("", "R1", "R2")),
        }
        changes: tuple[Line, ...] = (
            {"action": "CANCEL"},
            {},
            {"quantity": "7"},
            {"lender": lei(23)} | back,
        )
        return row | rng.choice((*changes, back, back, back))
