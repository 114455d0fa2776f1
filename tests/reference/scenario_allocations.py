"""The allocations rows of a scenario: now and then too much, too early, or of a client's trade."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.reference import scenario_world as world
from tests.reference.codes import VENUE_ZONES
from tests.reference.scenario_files import Folder

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.reference.scenario_world import Line


@dataclass
class AllocationDesk:
    """Makes rows by chances of its own, and remembers what it asked for."""

    rng: random.Random
    asked: list[Line] = field(default_factory=list)
    seen: int = 0

    def write(self, path: Path, made: list[Line]) -> None:
        """Write a day's file: what is asked of the trades made since, and what changes."""
        rng, fresh = self.rng, made[self.seen :]
        self.seen = len(made)
        rows = [row for trade in fresh for row in _parts(rng, trade, len(self.asked))]
        self.asked += rows
        changes = [
            row
            | rng.choice(
                (
                    {"action": "CANCEL"},
                    {"action": "AMEND", "quantity": str(rng.randint(1, 60))},
                    {"action": "AMEND", "account_id": rng.choice(world.TRADERS), "version": "2"},
                    {"action": "NEW"},
                    {"quantity": "5"},
                )
            )
            for row in rng.sample(self.asked, min(len(self.asked), 4))
        ]
        if rows or changes:
            Folder(path, rng, count=90).table("allocations", rows + changes)


def _traded(row: Line) -> str:
    zone = ZoneInfo(VENUE_ZONES[row["venue"]])
    return dt.datetime.fromisoformat(row["trade_time"]).astimezone(zone).date().isoformat()


def _parts(rng: random.Random, trade: Line, count: int) -> list[Line]:
    if rng.random() < (0.3 if trade["account_id"].startswith("H") else 0.9):
        return []
    whole, rows = Decimal(trade["quantity"]), []
    share = rng.choice((whole / 2, whole / 3, whole / 4, whole))
    for number in range(rng.randint(1, 3)):
        row = {
            "allocation_id": f"A{count}-{trade['trade_id']}-{number}",
            "block_trade_id": trade["trade_id"],
            "trade_date": _traded(trade),
            "account_id": rng.choice((*world.TRADERS, world.PENDING, world.NOBODY)),
            "quantity": f"{share.quantize(Decimal('0.00000001')).normalize():f}",
        }
        if rng.random() < 0.4:
            row |= {"currency": rng.choice((trade["currency"], "USD")), "commission": "1"}
        rows.append(row)
    return rows
