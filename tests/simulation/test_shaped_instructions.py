"""Obligations above a market's largest instruction: many messages, the same books."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from backoffice.formats.iso20022.envelope import unwrap
from backoffice.formats.iso20022.packing import unpack
from backoffice.kernel.rulebook import Rulebook, default_rulebook
from samples.make_ten_days import DAYS
from samples.make_ten_days import main as make_ten_days
from tests.reference.writing import table_bytes
from tests.simulation import house as houses
from tests.simulation.house import House
from tests.simulation.market import settle_all

_RULES = Path(__file__).parents[2] / "rulebook"
_LARGEST = """
[[largest_instruction_quantity.XNAS]]
value = "20"
valid_from = 2026-01-01
source = "the test"

[[largest_instruction_money.ISK]]
value = "50000"
valid_from = 2026-01-01
source = "the test"
"""
_BOOKS = ("trades", "positions", "lots", "trial-balance", "stock-record", "obligations")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("days")
    make_ten_days(made)
    return made


@pytest.fixture(scope="module")
def shaping(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    copied = tmp_path_factory.mktemp("rules") / "rulebook"
    shutil.copytree(_RULES, copied)
    (copied / "largest.toml").write_text(_LARGEST)
    return Rulebook.load(copied)


def _run(folder: Path, days: int, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(houses, "default_rulebook", lambda: rulebook)
    house = House()
    for day in DAYS[:days]:
        house.day(folder / day.isoformat(), day)
    return house


def _sent(house: House, kind: str) -> list[str]:
    return [
        name
        for key in house.outbox.keys("outbox/market/")
        if f"/{kind}-" in key
        for _, file in unpack(house.outbox.read_bytes(key))
        for name, _, _ in unwrap(file)
    ]


def test_parts_settle_to_the_same_books(
    folder: Path, shaping: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _run(folder, 5, default_rulebook(), monkeypatch)
    parts = _run(folder, 5, shaping, monkeypatch)
    assert {what: parts.export(what) for what in _BOOKS} == {
        what: whole.export(what) for what in _BOOKS
    }
    assert len(_sent(parts, "instructions")) > len(_sent(whole, "instructions"))
    assert any("." in name for name in _sent(parts, "instructions"))
    assert not any("." in name for name in _sent(whole, "instructions"))
    assert parts.report(DAYS[4])["breaks"] == 0
    states = {row["settlement_status"] for row in parts.table("instructions")}
    assert states == {"SETTLED", "PENDING"}


def test_every_part_is_asked_to_be_cancelled_and_the_rest_goes_out_in_parts(
    folder: Path, shaping: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(houses, "default_rulebook", lambda: shaping)
    house, (first, second) = House(), DAYS[:2]
    house.day(folder / first.isoformat(), first)
    due = [row for row in house.table("obligations") if row["settlement_date"] > str(second)]
    asked = max(due, key=lambda row: abs(int(row["money"])))
    gone = _cancelled(house, asked, first)
    house.drop("local", second, "trades-gone.csv", gone)
    house.take((folder / second.isoformat()).iterdir(), second)
    house.business_day(second, settle_all)
    requests = _sent(house, "cancellations")
    assert len(requests) > 1
    assert {name.partition(".")[0] for name in requests} == {asked["obligation_id"]}
    (old,) = (
        row for row in house.table("obligations") if row["obligation_id"] == asked["obligation_id"]
    )
    assert old["status"] == "CANCELLED"
    assert house.report(second)["breaks"] == 0


def _cancelled(house: House, asked: dict[str, str], day: date) -> bytes:
    """Cancel one trade of an obligation, as whoever made it would."""
    kept = [
        "trade_id",
        "account_id",
        "side",
        "isin",
        "quantity",
        "price",
        "currency",
        "venue",
        "counterparty",
    ]
    trade = next(
        row
        for row in house.table("trades")
        if all(row[name] == asked[name] for name in ("isin", "counterparty", "settlement_date"))
    )
    row = {name: trade[name] for name in kept}
    row |= {"action": "CANCEL", "trade_time": f"{day}T10:00:00Z", "capacity": "AGENCY"}
    return table_bytes([row])
