"""A movement is booked once, however often and wherever it comes again."""

from datetime import date

import pytest

from tests.reference.samples import CLIENT, standing_rows
from tests.reference.writing import table_bytes
from tests.simulation.house import House

FIRST, SECOND = date(2026, 10, 7), date(2026, 10, 8)


def _deposit(movement_id: str, amount: str) -> bytes:
    row = {"movement_id": movement_id, "account_id": CLIENT, "kind": "DEPOSIT", "currency": "USD"}
    return table_bytes([row | {"amount": amount, "value_date": str(FIRST)}])


def _cash(house: House) -> list[str]:
    rows = house.table("trial-balance")
    return [row["balance"] for row in rows if row["account"] == f"Liabilities:ClientCash:{CLIENT}"]


@pytest.fixture
def house() -> House:
    """Drop the accounts, and a deposit of 100 dollars."""
    house = House()
    house.drop("local", FIRST, "accounts.csv", table_bytes(standing_rows()["accounts"]))
    house.drop("local", FIRST, "movements-1.csv", _deposit("M-1", "100"))
    return house


def test_a_movement_that_comes_again_the_same_day_is_booked_once(house: House) -> None:
    house.drop("local", FIRST, "movements-2.csv", _deposit("M-1", "100.00"))
    house.business_day(FIRST)
    assert _cash(house) == ["-100.00"]
    files = {file["name"]: file for file in house.report(FIRST)["files"]}
    assert files["movements-2.csv"]["duplicates"] == 1
    assert house.table("file-rejects") == []


def test_a_movement_that_comes_again_another_day_is_booked_once(house: House) -> None:
    house.business_day(FIRST)
    house.drop("local", SECOND, "movements-2.csv", _deposit("M-1", "100.00"))
    house.business_day(SECOND)
    assert _cash(house) == ["-100.00"]
    assert house.table("file-rejects") == []


def test_a_movement_that_says_otherwise_under_its_id_is_rejected(house: House) -> None:
    house.drop("local", FIRST, "movements-2.csv", _deposit("M-1", "100.01"))
    house.business_day(FIRST)
    assert _cash(house) == ["-100.00"]
    rejects = [(row["file"], row["field"], row["code"]) for row in house.table("file-rejects")]
    assert rejects == [("movements-2.csv", "movement_id", "CONFLICTING_DUPLICATE")]
