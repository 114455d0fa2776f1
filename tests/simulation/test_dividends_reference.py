"""Dividends of odd days come to what the reference adds up from trades and the journal."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.reference import scenario_world as world
from tests.reference.dividends import gross, holders, tax
from tests.reference.scenario import Size, write_scenario
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.market import MARKETS
from tests.soaking import soaked

PAPERS = [paper for paper in world.PAPERS if not paper.isin.startswith("KW")]
RATE = Decimal("0.37")


def dividends(ex: date, record: date, pay: date) -> list[dict[str, str]]:
    return [
        {"action_id": f"D-{paper.isin}", "event": "CASH_DIVIDEND", "isin": paper.isin}
        | {"ex_date": str(ex), "record_date": str(record), "pay_date": str(pay)}
        | {"currency": paper.currency, "rate": str(RATE)}
        for paper in PAPERS
    ]


@pytest.mark.parametrize(("seed", "told"), [(8, 0), (16, 3), *soaked((10, 1))])
def test_every_holder_comes_to_what_the_reference_says(
    seed: int, told: int, tmp_path: Path
) -> None:
    scenario = write_scenario(tmp_path, seed, Size(days=4, most=30))
    days = [each.day for each in scenario.days]
    ex, record, pay = days[1], days[2], days[3]
    house = House()
    for place, each in enumerate(scenario.days):
        if place == told:
            rows = dividends(ex, record, pay)
            house.drop("local", each.day, "actions.csv", table_bytes(rows))
        house.day(each.folder, each.day, MARKETS[each.market])
    for paper in PAPERS:
        held = holders(scenario.model, paper.isin, ex, record)
        found = {
            (row["role"], row["party"]): row
            for row in house.table("entitlements")
            if row["isin"] == paper.isin
        }
        assert {key: Decimal(row["quantity"]) for key, row in found.items()} == held
        for (role, _), row in found.items():
            amount = gross(Decimal(row["quantity"]), RATE, paper.currency)
            assert Decimal(row["gross"]) == amount
            withheld = tax(role, paper.isin[:2], amount, paper.currency)
            assert Decimal(row["tax"]) == withheld
    left = [r for r in house.table("trial-balance") if "Receivable:Actions" in r["account"]]
    assert left == []
