"""A delivery without shares is held when it goes out, until it is covered or two people let it."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.formats.iso20022.instruction_reader import Change, InstructionReader
from backoffice.formats.iso20022.packing import unpack
from backoffice.kernel.books import latest
from backoffice.kernel.rulebook import Rulebook
from cli.market import simulator
from cli.market.holds import NOTHING_HELD
from tests.reference.samples import CLIENT, US_SHARE, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation import house as houses
from tests.simulation.desk import CHECKER, MAKER, Desk
from tests.simulation.house import House
from tests.simulation.market import settle_all, silent

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
HELD = "INSTRUCTION_HELD"
_RULES = Path(__file__).parents[2] / "rulebook"
_RULE = """
[[hold_uncovered_deliveries.XNYS]]
value = 1
valid_from = 2026-01-01
source = "the test"
"""


@pytest.fixture(autouse=True)
def _holding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = tmp_path / "rulebook"
    shutil.copytree(_RULES, copied)
    (copied / "holds.toml").write_text(_RULE)
    rulebook = Rulebook.load(copied)
    monkeypatch.setattr(houses, "default_rulebook", lambda: rulebook)


@pytest.fixture
def house() -> House:
    """Make a house that has sold 10 shares that it does not have."""
    sold = House()
    for kind, rows in standing_rows().items():
        sold.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(rows))
    sold.drop("local", WEDNESDAY, "trades.csv", table_bytes([trade("S", "SELL", "10", "100")]))
    sold.business_day(WEDNESDAY, silent)
    return sold


def _shown(house: House) -> tuple[str, list[str]]:
    """Return whether the instruction is held, and how its case stands."""
    (row,) = house.table("instructions")
    return row["held"], [case["status"] for case in house.table("cases") if case["code"] == HELD]


def _transfer_in(day: date) -> bytes:
    row = {"movement_id": "M", "account_id": CLIENT, "kind": "TRANSFER_IN", "isin": US_SHARE}
    row |= {"quantity": "10", "cost": "1", "cost_currency": "USD", "value_date": str(day)}
    return table_bytes([row])


def test_what_is_not_there_is_held_and_a_case_until_the_shares_come(house: House) -> None:
    assert _shown(house) == ("Y", ["OPEN"])
    house.drop("local", THURSDAY, "movements.csv", _transfer_in(THURSDAY))
    house.business_day(THURSDAY, silent)
    assert _shown(house) == ("Y", ["OPEN"])
    house.business_day(FRIDAY, silent)
    assert _shown(house) == ("N", ["CLOSED"])
    assert house.table("instructions", WEDNESDAY)[0]["held"] == "Y"


def test_two_people_let_it_go_and_one_does_not(house: House) -> None:
    desk = Desk(house)
    with pytest.raises(ActRefusedError, match="no way out"):
        desk.act(HELD, MAKER, "PROPOSE", outcome="ACKNOWLEDGE", text="let it")
    proposed = desk.act(HELD, MAKER, "PROPOSE", outcome="RELEASE", text="borrowed")
    number = str(proposed.number)
    with pytest.raises(ActRefusedError, match="four eyes"):
        desk.act(HELD, MAKER, "APPROVE", proposal=number)
    desk.act(HELD, CHECKER, "APPROVE", proposal=number)
    house.business_day(THURSDAY, silent)
    assert _shown(house) == ("N", ["CLOSED"])
    books = latest(house.records)
    assert books is not None
    (hold,) = house.records.read(books.tables["instruction_holds"]).to_dicts()
    assert hold["released_by"] == "maker, checker"
    assert hold["released_on"] == THURSDAY


def test_what_settles_all_the_same_is_held_no_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "take_changes", lambda _requests, _history: NOTHING_HELD)
    house.business_day(THURSDAY, settle_all)
    assert _shown(house) == ("N", ["CLOSED"])


def test_what_is_decided_between_cut_off_and_close_counts_the_same_day(house: House) -> None:
    house.cut_off(THURSDAY)
    desk = Desk(house)
    number = str(desk.act(HELD, MAKER, "PROPOSE", outcome="RELEASE", text="borrowed").number)
    desk.act(HELD, CHECKER, "APPROVE", proposal=number)
    house.close(THURSDAY)
    assert _shown(house) == ("N", ["CLOSED"])


def test_the_depository_is_told_once_of_the_hold_and_once_of_its_end(house: House) -> None:
    (row,) = house.table("instructions")
    name = row["obligation_id"]
    assert _told(house) == [(str(WEDNESDAY), Change(name, hold=True))]
    house.drop("local", THURSDAY, "movements.csv", _transfer_in(THURSDAY))
    for day in (THURSDAY, FRIDAY):
        house.business_day(day, silent)
    assert _told(house)[1:] == [(str(FRIDAY), Change(name, hold=False))]


def _told(house: House) -> list[tuple[str, object]]:
    reader = InstructionReader()
    return [
        (key.split("/")[2], change)
        for key in sorted(house.outbox.keys("outbox/market/"))
        if "/changes-" in key
        for _, file in unpack(house.outbox.read_bytes(key))
        for change in reader.read_changes(file)
    ]
