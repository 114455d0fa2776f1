"""A week with a clearing house that nets continuously: what fails nets with the next day."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from tests.reference import scenario_world as world
from tests.reference.comparison import TABLES, compare
from tests.reference.model import Model
from tests.reference.samples import (
    NETTING_STREET,
    SINGLE_STREET,
    US_SHARE,
    lei,
    standing_rows,
    trade,
)
from tests.reference.scenario import Size, write_scenario
from tests.reference.writing import write_table
from tests.simulation.house import House
from tests.simulation.scripted import ScriptedStreet
from tests.soaking import soaked

MON, TUE, WED, THU, FRI, MON2 = (date(2026, 9, day) for day in (14, 15, 16, 17, 18, 21))
HOUSE = NETTING_STREET
PRICES = {WED: "90", FRI: "95"}
TRADES = {
    # RULES: 7 buys of 12,500 in all and 6 sells of 10,000 are 2,500 long
    MON: [
        *(trade(f"B-{n}", "BUY", q, "100") for n, q in enumerate(("2000",) * 6 + ("500",))),
        *(trade(f"S-{n}", "SELL", q, "100") for n, q in enumerate(("2000",) * 4 + ("1000",) * 2)),
    ],
    WED: [trade("W-1", "SELL", "3000", "91")],
}
SCRIPT = f"""
[[answer]]
do = "partial"
quantity = "400"
isin = "{US_SHARE}"
direction = "RECEIVE"
on = [2026-09-15]
[[answer]]
do = "fail"
isin = "{US_SHARE}"
direction = "DELIVER"
on = [2026-09-17]
"""


@dataclass
class Week:
    house: House = field(default_factory=House)
    model: Model = field(default_factory=Model)
    faults: list[str] = field(default_factory=list)

    def one(self, what: str, **wanted: str) -> dict[str, str]:
        rows = [
            row
            for row in self.house.table(what)
            if all(row[name] == value for name, value in wanted.items())
        ]
        (found,) = rows
        return found


def write_day(folder: Path, day: date) -> Path:
    folder.mkdir(parents=True)
    rows: Mapping[str, Sequence[Mapping[str, str]]] = {}
    if day == MON:
        netting = {"netting": "CNS"}
        known = standing_rows()
        known["counterparties"] = [
            row | (netting if row["lei"] == HOUSE else {}) for row in known["counterparties"]
        ]
        rows = known
    if day in PRICES:
        row = {"isin": US_SHARE, "date": str(day), "close": PRICES[day], "currency": "USD"}
        rows = {"prices": [row]}
    if day in TRADES:
        at = {"trade_time": f"{day}T14:00:00Z"}
        rows = {**rows, "trades": [row | at for row in TRADES[day]]}
    for name, table in rows.items():
        write_table(folder, f"{name}.csv", table)
    return folder


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    root = tmp_path_factory.mktemp("continuous")
    script = root / "market.toml"
    script.write_text(SCRIPT)
    week = Week()
    street = ScriptedStreet(script, week.model)
    for day in (MON, TUE, WED, THU, FRI, MON2):
        folder = write_day(root / str(day), day)
        week.house.day(folder, day, street.answers_house)
        week.model.run_day(folder, day, street.answers_model)
        week.faults += compare(week.model, {what: week.house.table(what) for what in TABLES})
    return week


def test_the_books_are_the_references_at_every_close(week: Week) -> None:
    assert week.faults == []


def test_seven_purchases_and_six_sales_are_one_position(week: Week) -> None:
    first = week.one("obligations", settlement_date=str(TUE))
    assert (first["direction"], first["trades"]) == ("RECEIVE", "13")
    assert first["quantity"] == "400"
    rolled = week.house.table("rolls")[0]
    assert rolled["obligation_id"] == first["obligation_id"]
    assert (rolled["quantity"], rolled["late"]) == ("2100", "Y")


def test_what_rolls_nets_with_the_day_at_the_close_and_the_mark_is_paid(week: Week) -> None:
    rolled = week.one("rolls", rolled_on=str(WED))
    into = week.one("obligations", obligation_id=rolled["into"])
    assert (into["direction"], into["quantity"]) == ("DELIVER", "900")
    assert into["settlement_date"] == rolled["due_date"] == str(THU)
    # 2,100 agreed at 100, now at 90: we pay 21,000 today, and 189,000 for the shares
    assert (rolled["money"], rolled["mark"]) == ("-210000.00", "-21000.00")
    mark = week.one("obligations", direction="CASH", settlement_date=str(THU))
    assert (mark["money"], mark["status"]) == ("-21000.00", "SETTLED")
    assert into["money"] == "84000.00"


def test_a_fail_that_is_netted_away_ends_as_rolled(week: Week) -> None:
    fail = week.one("fails", direction="RECEIVE")
    assert (fail["status"], fail["ended_on"]) == ("ROLLED", str(WED))
    events = [
        (row["day"], row["event"], row["quantity"])
        for row in week.house.table("fail-history")
        if row["fail_id"] == fail["fail_id"]
    ]
    assert events == [(str(WED), "FAILED", "2100"), (str(WED), "ROLLED", "2100")]


def test_a_fail_that_rolls_day_by_day_keeps_its_name_and_clock(week: Week) -> None:
    fail = week.one("fails", direction="DELIVER")
    first, second = (week.one("rolls", rolled_on=str(day)) for day in (WED, FRI))
    assert fail["fail_id"] == f"FAIL-{first['into']}"
    assert (fail["obligation_id"], second["into"]) == (second["into"], fail["obligation_id"])
    assert (fail["failed_on"], fail["close_out_by"]) == (str(FRI), "2026-09-22")
    assert (fail["status"], fail["ended_on"]) == ("SETTLED", str(MON2))


def test_what_nets_on_is_bought_in_by_the_id_it_first_had(tmp_path: Path) -> None:
    script = tmp_path / "market.toml"
    script.write_text(f'[[answer]]\ndo = "fail"\ncounterparty = "{HOUSE}"\ndirection = "RECEIVE"\n')
    week = Week()
    street = ScriptedStreet(script, week.model)
    for day in (MON, TUE, WED, THU, FRI):
        folder = tmp_path / str(day)
        if day == WED:
            folder.mkdir()
        else:
            write_day(folder, day)
        if day == THU:
            (first,) = week.house.table("fails")
            row = {"buy_in_id": "B-1", "obligation_id": f"{first['fail_id'].removeprefix('FAIL-')}"}
            row |= {"counterparty": SINGLE_STREET, "quantity": "2500", "price": "101"}
            row |= {"currency": "USD", "money": "252500.00", "trade_date": str(THU)}
            write_table(folder, "buyins.csv", [row | {"settlement_date": str(MON2)}])
        week.house.day(folder, day, street.answers_house)
        week.model.run_day(folder, day, street.answers_model)
        week.faults += compare(week.model, {what: week.house.table(what) for what in TABLES})
    assert week.faults == []
    (fail,) = week.house.table("fails")
    assert (fail["status"], fail["ended_on"]) == ("BOUGHT_IN", str(THU))
    assert week.one("obligations", counterparty=SINGLE_STREET)["quantity"] == "2500"


@pytest.mark.parametrize("seed", [72, *soaked(73)])
def test_chance_weeks_of_clearing_houses_come_to_the_references_books(
    seed: int, tmp_path: Path
) -> None:
    days = write_scenario(tmp_path / "days", seed, Size(days=6, most=25)).days
    rng = random.Random(seed)  # noqa: S311
    script = tmp_path / "market.toml"
    script.write_text("".join(_often_late(rng, [each.day for each in days])))
    house, model = House(), Model()
    street = ScriptedStreet(script, model)
    for each in days:
        house.day(each.folder, each.day, street.answers_house)
        model.run_day(each.folder, each.day, street.answers_model)
        assert compare(model, {what: house.table(what) for what in TABLES}) == []
    assert house.table("rolls")


def _often_late(rng: random.Random, days: Sequence[date]) -> list[str]:
    plays = ('do = "fail"', 'do = "partial"\nquantity = "2"', 'do = "fail"')
    return [
        f'[[answer]]\n{rng.choice(plays)}\nisin = "{paper.isin}"\ncounterparty = "{lei(32)}"\n'
        f"on = [{', '.join(map(str, sorted(rng.sample(days, k=4))))}]\n"
        for paper in world.PAPERS
    ]
