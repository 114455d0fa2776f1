"""Clients affirm their trades and allocations: in time, late or never, by New York's clock."""

from datetime import date
from itertools import permutations
from typing import Final

import pytest

from backoffice.records.verify_store import verify_store
from tests.reference.samples import GERMAN_SHARE, HOUSE, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.test_decisions import case_of, decide

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
CODE: Final = "UNAFFIRMED"
Row = dict[str, str]


def said(trade_id: str, at: str, status: str = "AFFIRMED", **more: str) -> Row:
    row = {"trade_id": trade_id, "trade_date": str(WEDNESDAY), "status": status}
    return row | {"affirmed_at": at if "T" in at else f"2026-10-07T{at}:00-04:00"} | more


def opened() -> House:
    house = House(rows_per_bucket=1)
    for kind, rows in standing_rows().items():
        house.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(rows))
    return house


def run(day: date = WEDNESDAY, house: House | None = None, **tables: list[Row]) -> House:
    house = house or opened()
    for kind, rows in tables.items():
        number = house.dropped
        house.drop("local", day, f"{kind}-{number:03d}.csv", table_bytes(rows))
    house.business_day(day)
    assert verify_store(house.records)[1] == []
    return house


def trades(*names: str, **more: str) -> list[Row]:
    return [trade(name, "BUY", "10", "10") | more for name in names]


def in_time(house: House) -> dict[str, tuple[str, str]]:
    rows = house.table("affirmations")
    return {row["trade_id"]: (row["status"], row["in_time"]) for row in rows}


def test_the_benchmark_is_nine_in_the_evening_of_new_york() -> None:
    names = ("T-1", "T-2", "T-3", "T-4")
    house = run(trades=trades(*names), affirmations=[said("T-1", "20:00")])
    assert in_time(house)["T-1"] == ("AFFIRMED", "Y")
    assert in_time(house)["T-2"] == ("UNAFFIRMED", "")
    rows = [said("T-2", "21:00"), said("T-3", "2026-10-08T01:00:01Z")]
    run(THURSDAY, house, affirmations=rows)
    late, never = ("AFFIRMED", "N"), ("UNAFFIRMED", "N")
    assert in_time(house) == {
        "T-1": ("AFFIRMED", "Y"), "T-2": ("AFFIRMED", "Y"), "T-3": late, "T-4": never,
    }  # fmt: skip
    first = house.table("affirmations")[0]
    assert first["affirm_by"].startswith("2026-10-08T01:00:00")
    rates = {row["by"]: row for row in house.table("affirmation-rates")}
    assert set(rates) == {"ACCOUNT", "COUNTERPARTY", "DAY"}
    figures = ("trades", "in_time", "late", "disputed", "unaffirmed", "rate")
    assert [rates["DAY"][name] for name in figures] == ["4", "2", "1", "0", "1", "50"]


def test_winter_has_another_moment() -> None:
    traded = {"trade_time": "2026-11-04T15:00:00Z"}
    house, day = opened(), date(2026, 11, 4)
    at = {"T-1": "2026-11-05T02:00:00Z", "T-2": "2026-11-05T02:00:01Z"}
    rows = [said(name, moment, trade_date=str(day)) for name, moment in at.items()]
    run(day, house, trades=trades("T-1", "T-2", **traded), affirmations=rows)
    run(date(2026, 11, 5), house)
    assert {name: told[1] for name, told in in_time(house).items()} == {"T-1": "Y", "T-2": "N"}


def test_what_nobody_affirmed_is_one_case_a_day_until_it_is() -> None:
    house = run(trades=trades("T-1", "T-2", "T-3"), affirmations=[said("T-1", "20:00")])
    assert [row for row in house.table("cases") if row["code"] == CODE] == []
    run(THURSDAY, house, affirmations=[said("T-3", "20:30", "DISPUTED", reason="price")])
    case = case_of(house, CODE)
    assert (case.subject, case.members, case.status) == (str(WEDNESDAY), 2, "OPEN")
    late = [said("T-2", "2026-10-09T09:00:00-04:00"), said("T-3", "2026-10-09T09:00:00-04:00")]
    run(FRIDAY, house, affirmations=late)
    assert case_of(house, CODE).status == "CLOSED"


def test_a_case_is_left_alone_once_it_is_acknowledged() -> None:
    house = run(trades=trades("T-1"), affirmations=[said("T-9", "20:00")])
    run(THURSDAY, house)
    decide(house, CODE, "ACKNOWLEDGE")
    run(FRIDAY, house)
    assert case_of(house, CODE).status == "CLOSED"
    assert in_time(house) == {"T-1": ("UNAFFIRMED", "N")}


def test_a_cancelled_trade_and_one_of_another_venue_wait_for_nobody() -> None:
    german = trades("T-2", isin=GERMAN_SHARE, venue="XETR", currency="EUR")
    house = run(trades=[*trades("T-1"), *german], affirmations=[said("T-9", "20:00")])
    run(THURSDAY, house, trades=[trade("T-1", "BUY", "10", "10", action="CANCEL")])
    assert [row for row in house.table("cases") if row["code"] == CODE] == []
    assert in_time(house) == {"T-2": ("UNAFFIRMED", "")}


def test_an_allocation_is_affirmed_and_its_block_is_not_asked_about() -> None:
    block = trade("B-1", "BUY", "10", "10", account_id=HOUSE)
    parts = [
        {"allocation_id": name, "block_trade_id": "B-1", "trade_date": str(WEDNESDAY),
         "account_id": account, "quantity": "4"}
        for name, account in (("A-1", "C-1"), ("A-2", "C-FIFO"))
    ]  # fmt: skip
    rows = [said("A-1", "19:00", account_id="C-1"), said("A-2", "19:00", account_id="C-1")]
    house = run(trades=[block], allocations=parts, affirmations=rows)
    run(THURSDAY, house)
    # who names another account speaks of nothing that is there
    assert in_time(house) == {"A-1": ("AFFIRMED", "Y"), "A-2": ("UNAFFIRMED", "N")}
    assert case_of(house, CODE).members == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_was_said_last_stands_whatever_came_first(order: tuple[int, ...]) -> None:
    rows = [
        [said("T-1", "18:00"), said("T-2", "18:00", "UNAFFIRMED")],
        [said("T-1", "19:00", "DISPUTED"), said("T-2", "20:00")],
        [said("T-1", "20:59"), said("T-2", "22:00")],
    ]
    house = opened()
    house.drop("local", WEDNESDAY, "trades.csv", table_bytes(trades("T-1", "T-2")))
    for place in order:
        house.drop("local", WEDNESDAY, f"affirmations-{place}.csv", table_bytes(rows[place]))
    house.business_day(WEDNESDAY)
    run(THURSDAY, house, affirmations=rows[0])
    assert in_time(house) == {"T-1": ("AFFIRMED", "Y"), "T-2": ("AFFIRMED", "Y")}
    at = {row["trade_id"]: row["affirmed_at"] for row in house.table("affirmations")}
    assert at["T-1"].startswith("2026-10-08T00:59")
    assert at["T-2"].startswith("2026-10-08T00:00")


def test_before_any_such_file_nobody_is_asked() -> None:
    house = run(trades=trades("T-1"))
    run(THURSDAY, house)
    assert house.table("affirmations") == house.table("affirmation-rates") == []
    run(FRIDAY, house, affirmations=[said("T-1", "20:00")])
    assert house.table("affirmations") == []
    assert [row for row in house.table("cases") if row["code"] == CODE] == []


def test_what_is_said_of_another_account_hides_nothing_of_this_one() -> None:
    rows = [
        said("T-1", "17:00"),
        said("T-1", "19:00", "DISPUTED", account_id=HOUSE, reason="not ours"),
    ]
    house = run(trades=trades("T-1"), affirmations=rows)
    assert in_time(house) == {"T-1": ("AFFIRMED", "Y")}


def test_a_file_without_a_row_begins_nothing() -> None:
    house = opened()
    header = b"trade_id,trade_date,status,affirmed_at\n"
    house.drop("local", WEDNESDAY, "affirmations-1.csv", header)
    run(WEDNESDAY, house, trades=trades("T-1"))
    run(THURSDAY, house, affirmations=[said("T-2", "17:00", trade_date=str(THURSDAY))])
    assert [row for row in house.table("cases") if row["code"] == CODE] == []
    assert in_time(house) == {}
