"""Seeded scenarios: folders of odd, late, doubled and wrong files over a week with a holiday."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference import scenario_world as world
from tests.reference.model import Model
from tests.reference.samples import account, counterparty
from tests.reference.scenario_allocations import AllocationDesk
from tests.reference.scenario_borrows import BorrowDesk
from tests.reference.scenario_files import Folder
from tests.reference.scenario_money import MoneyDesk
from tests.reference.scenario_moves import movements
from tests.reference.scenario_trades import Trader

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from tests.reference.report import Report
    from tests.reference.scenario_world import Line


@dataclass(frozen=True)
class ScenarioDay:
    """A business day to run: its folder and its market."""

    day: dt.date
    folder: Path
    market: str


@dataclass
class Scenario:
    """The days in order, the model that has run them, and its reports."""

    seed: int
    days: list[ScenarioDay] = field(default_factory=list)
    model: Model = field(default_factory=Model)
    reports: list[Report] = field(default_factory=list)


@dataclass(frozen=True)
class Size:
    """How long and how busy a scenario is."""

    days: int = 5
    least: int = 20
    most: int = 60
    idle_markets: bool = False


SMALL = Size()


def _reference(folder: Folder, rng: random.Random, days: list[dt.date], place: int) -> None:
    """Drop reference data: most of it on the first day, some only later."""
    day = days[place]
    if place == 0:
        folder.table("instruments", world.instruments((*world.PAPERS, world.HALTED)))
        folder.table("instruments", world.instruments((world.RESTRICTED,)))
        folder.table("accounts", world.accounts())
        folder.table("counterparties", world.counterparties())
        folder.table("fees", world.first_fees())
        folder.table("restrictions", world.restrictions(days))
        folder.table("prices", world.prices(rng, world.day_before(day)))
        folder.table("fx", world.rates(rng, world.day_before(day)))
        return
    folder.table("prices", world.prices(rng, world.day_before(day)))
    folder.table("fx", world.rates(rng, day))
    if place == 1:
        folder.table("accounts", [account(world.LATE_ACCOUNT)])
        folder.table("instruments", world.instruments((world.LATE_PAPER,)))
        folder.table("fees", world.new_fees(day))
    if place == len(days) - 1:
        folder.table("restrictions", world.ended(days))
    if place == len(days) // 2:
        folder.table("accounts", [account(world.PENDING, kyc_status="APPROVED")])
        folder.table("counterparties", [counterparty(world.LATE_STREET)])


def _trades(trader: Trader, day: dt.date, count: int) -> list[Line]:
    """Make a day's rows; corrections may stand before what they correct."""
    rng = trader.rng
    rows = [trader.new(day) for _ in range(max(5, count // 2))]
    while len(rows) < count:
        kind = rng.choices(
            ("pair", "late", "held", "amend", "cancel", "doubled", "bad"), (2, 2, 3, 4, 3, 2, 3)
        )[0]
        if kind == "pair":
            rows += trader.pair(day)
        elif kind == "late":
            rows.append(trader.late(day))
        elif kind == "held":
            rows.append(trader.held(day))
        elif kind == "bad":
            rows.append(trader.bad(day))
        else:
            rows.append(
                {"amend": trader.amend, "cancel": trader.cancel, "doubled": trader.doubled}[kind]()
            )
    rng.shuffle(rows)
    return rows


def _statements(folder: Folder, rng: random.Random, closed: Model) -> None:
    """Drop what the custodian and the bank would say, now and then a little off."""
    held = [
        {"isin": row["isin"], "quantity": row["quantity"]}
        for row in closed.export("stock-record")
        if row["account"] == "Securities:Depository" and not row["quantity"].startswith("-")
    ]
    for row in held:
        if rng.random() < 0.1:
            row["quantity"] = f"{Decimal(row['quantity']) + 1:f}"
    if held:
        folder.table("holdings", held)
    cash = [
        {"currency": row["unit"], "closing_balance": row["balance"], "nostro": f"N-{row['unit']}"}
        for row in closed.export("trial-balance")
        if row["account"].startswith("Assets:Cash:") and not row["balance"].startswith("-")
    ]
    if cash:
        cash[0]["closing_balance"] = rng.choice((cash[0]["closing_balance"], "12345"))
        folder.table("cash", cash)


def write_scenario(root: Path, seed: int, size: Size = SMALL) -> Scenario:
    """Write a scenario's folders under `root`, and run the model on them as they are written.

    The same seed and size give the same files. The statements of a day are written after a
    copy of the model has closed it, so that they agree but for the differences meant.
    """
    rng = random.Random(seed)  # noqa: S311 - made-up data, not secrets
    days = world.weekdays(world.WINDOWS[seed % len(world.WINDOWS)], size.days)
    scenario, trader = Scenario(seed), Trader(rng, days)
    lent = BorrowDesk(random.Random(seed + 2 * 10**6))  # noqa: S311 - made-up data
    money = MoneyDesk(random.Random(seed + 3 * 10**6))  # noqa: S311 - made-up data
    desk = AllocationDesk(random.Random(seed + 10**6))  # noqa: S311 - made-up data
    for place, day in enumerate(days):
        folder = Folder(root / day.isoformat(), rng)
        idle = size.idle_markets and rng.random() < 0.3
        market = "none" if idle else "settle-all"
        _reference(folder, rng, days, place)
        folder.table("movements", movements(rng, days, place))
        folder.trades(_trades(trader, day, rng.randint(size.least, size.most)))
        if rng.random() < 0.8 and (located := trader.locates()):
            folder.table("locates", located)
        desk.write(folder.path, trader.made)
        lent.write(folder.path, day)
        money.write(folder.path, days, place)
        folder.mishaps(day)
        copied = copy.deepcopy(scenario.model)
        copied.run_day(folder.path, day, market)
        _statements(folder, rng, copied)
        scenario.reports.append(scenario.model.run_day(folder.path, day, market))
        scenario.days.append(ScenarioDay(day, folder.path, market))
    return scenario
