"""Scenarios are repeatable, reach every corner, and leave books that tie out."""

from __future__ import annotations

import functools
import itertools
import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from tests.reference.comparison import TABLES
from tests.reference.office import Office
from tests.reference.samples import trade
from tests.reference.scenario import Scenario, Size, write_scenario

SEEDS = range(16)
REJECTS = {
    "MISSING_FIELD",
    "BAD_FORMAT",
    "BAD_ISIN",
    "BAD_LEI",
    "BAD_CURRENCY",
    "BAD_VENUE",
    "CONFLICTING_DUPLICATE",
    "UNKNOWN_TRADE",
}
HOLDS = {
    "UNKNOWN_ACCOUNT",
    "UNKNOWN_INSTRUMENT",
    "UNKNOWN_COUNTERPARTY",
    "CURRENCY_MISMATCH",
    "KYC_NOT_APPROVED",
    "INSTRUMENT_NOT_ACTIVE",
    "PRICE_OUT_OF_BAND",
    "RESTRICTED_LIST",
    "SHORT_WITHOUT_LOCATE",
    "NOT_A_SESSION",
    "NO_RULE",
    "CREDIT_LIMIT",
    "NO_FX_RATE",
}


@functools.cache
def scenario(seed: int) -> Scenario:
    """Write a scenario somewhere that goes away; every other one has idle markets."""
    with tempfile.TemporaryDirectory() as root:
        return write_scenario(Path(root), seed, Size(idle_markets=seed % 2 == 1))


def test_a_seed_always_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_scenario(tmp_path / name, 7, Size(days=3))
    contents = [
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*.*")
        }
        for name in ("a", "b")
    ]
    assert contents[0] == contents[1]


def test_together_the_scenarios_reach_every_code_and_status() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for seed in SEEDS:
        model = scenario(seed).model
        for day in model.closes:
            for row in model.export("trades", day):
                found["hold"] |= set(row["hold_codes"].split(";")) - {""}
                found["status"].add(row["status"])
            for row in model.export("obligations", day):
                found["direction"].add(row["direction"])
                found["obligation"].add(row["status"])
        found["reject"] |= {row["code"] for row in model.export("rejects")}
        found["origin"] |= {obligation.origin for obligation in model.street.obligations}
        for report in scenario(seed).reports:
            found["file"] |= {file["status"] for file in report["files"]}
    assert found["reject"] == REJECTS
    assert found["hold"] == HOLDS
    assert found["status"] == {"CLEARED", "HELD", "CANCELLED"}
    assert found["direction"] == {"RECEIVE", "DELIVER", "CASH", "FLAT"}
    assert found["obligation"] >= {"OPEN", "INSTRUCTED", "SETTLED", "CANCELLED", "FAILED"}
    assert found["origin"] == {"MARK", "NET", "TRADE", "REST", "OPPOSITE"}
    assert found["file"] == {"COMMITTED", "REPEATED", "REFUSED"}


@pytest.mark.parametrize("seed", SEEDS)
def test_both_books_balance_and_agree_with_what_they_are_kept_for(seed: int) -> None:
    model = scenario(seed).model
    sums: dict[str, Decimal] = defaultdict(Decimal)
    clients: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    street: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in model.export("trial-balance"):
        sums[row["unit"]] += Decimal(row["balance"])
    for row in model.export("stock-record"):
        words = row["account"].split(":")
        if words[1] in {"Client", "House"}:
            clients[words[2], row["isin"]] -= Decimal(row["quantity"])
        if words[1] == "Street":
            street[words[2], row["isin"]] += Decimal(row["quantity"])
    assert not any(sums.values())
    positions: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in model.export("positions"):
        positions[row["account_id"], row["isin"]] += Decimal(row["traded_quantity"])
    assert clients == {key: value for key, value in positions.items() if value}
    owed: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for obligation in model.street.obligations:
        if obligation.status not in {"SETTLED", "CANCELLED"}:
            still = sum((leg.quantity for leg in obligation.rest()), Decimal())
            owed[obligation.counterparty, obligation.isin] += still
    assert street == {key: value for key, value in owed.items() if value}


@pytest.mark.parametrize("seed", SEEDS)
def test_lots_add_up_to_the_positions(seed: int) -> None:
    model = scenario(seed).model
    lots: dict[tuple[str, ...], tuple[Decimal, Decimal]] = {}
    names = ("account_id", "isin", "currency")
    for row in model.export("lots"):
        key = tuple(row[name] for name in names)
        quantity, cost = lots.get(key, (Decimal(), Decimal()))
        lots[key] = (quantity + Decimal(row["quantity"]), cost + Decimal(row["cost"]))
    for row in model.export("positions"):
        key = tuple(row[name] for name in names)
        if key[0] != "C-mover":  # shares leave by transfer without a currency
            pair = (Decimal(row["traded_quantity"]), Decimal(row["cost_basis"]))
            assert lots.pop(key, (Decimal(), Decimal())) == pair
    assert {key[0] for key in lots} <= {"C-mover"}


def test_what_a_day_decides_does_not_depend_on_how_its_rows_are_spread(tmp_path: Path) -> None:
    deal = trade("A", "BUY", "100", "10")
    rows = [
        deal,
        deal | {"action": "AMEND", "version": "2", "price": "11"},
        deal | {"action": "AMEND", "version": "1", "price": "9"},
        trade("B", "SELL", "40", "10"),
        trade("B", "SELL", "40", "10", action="CANCEL"),
    ]
    tables = set()
    for place, order in enumerate(itertools.permutations(rows)):
        office = Office(tmp_path / str(place))
        office.day("2026-10-07", {"trades-1": order[:2], "trades-2": order[2:]})
        tables.add(str([office.model.export(what) for what in TABLES]))
    assert len(tables) == 1
