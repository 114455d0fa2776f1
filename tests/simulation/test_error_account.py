"""What the error account took stays with it: the client does not get it, whatever is corrected."""

from datetime import date
from typing import Final

import pytest

from backoffice.records.verify_store import verify_store
from tests.reference.samples import CLIENT, US_SHARE, account, trade
from tests.reference.samples import HOUSE as FIRM
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.test_decisions import (
    FRIDAY,
    OUT_OF_BAND,
    THURSDAY,
    case_of,
    cut_off,
    decide,
    go_on,
    statuses,
)

OTHER: Final = "H-2"
MONDAY: Final = date(2026, 10, 12)


def booked(*, at_once: bool = True) -> House:
    """Return a house after a day whose dear trades went to the error account."""
    house = cut_off() if at_once else go_on(cut_off())
    decide(house, OUT_OF_BAND, "ERROR_ACCOUNT", account=FIRM)
    if at_once:
        return go_on(house)
    # a correction of another trade comes on the day that takes the decision
    send(house, THURSDAY, trade("S-3", "SELL", "4", "99", action="AMEND", version="1"))
    house.business_day(THURSDAY)
    return house


def send(house: House, day: date, *rows: dict[str, str]) -> None:
    for number, row in enumerate(rows):
        house.drop("local", day, f"trades-{number}-{row['trade_id']}.csv", table_bytes([row]))


def amended(quantity: str, price: str = "110", **more: str) -> dict[str, str]:
    return trade("S-1", "BUY", quantity, price, action="AMEND", version="1", **more)


def shown(house: House, name: str = "S-1") -> tuple[str, str, str]:
    (row,) = [row for row in house.table("trades") if row["trade_id"] == name]
    return row["account_id"], row["status"], row["quantity"]


def held(house: House) -> dict[str, str]:
    rows = [row for row in house.table("positions") if row["isin"] == US_SHARE]
    return {row["account_id"]: row["traded_quantity"] for row in rows}


def is_sound(house: House) -> bool:
    return verify_store(house.records)[1] == []


@pytest.mark.parametrize("at_once", [True, False])
def test_an_amended_version_stays_with_the_error_account(at_once: bool) -> None:  # noqa: FBT001
    house = booked(at_once=at_once)
    send(house, FRIDAY, amended("7"), trade("S-2", "BUY", "5", "151"))
    house.business_day(FRIDAY)
    assert shown(house) == (FIRM, "CLEARED", "7")
    # 5 and 3 are the other two; the client has sold its own 4
    assert held(house) == {FIRM: "15", CLIENT: "-4"}
    assert {row["account"] for row in house.table("journal") if row["source"] == "S-1"}.isdisjoint(
        {f"Assets:Receivable:Client:{CLIENT}", f"Securities:Client:{CLIENT}"}
    )
    send(house, MONDAY, amended("7"))
    house.business_day(MONDAY)
    assert house.report(MONDAY)["trades"]["duplicates"] == 1
    assert shown(house) == (FIRM, "CLEARED", "7")
    assert is_sound(house)


def test_a_later_version_does_so_too_though_one_named_the_error_account_itself() -> None:
    house = booked()
    send(house, THURSDAY, amended("7", account_id=FIRM))
    house.business_day(THURSDAY)
    send(house, FRIDAY, amended("6") | {"version": "2"})
    house.business_day(FRIDAY)
    assert shown(house) == (FIRM, "CLEARED", "6")
    assert held(house) == {FIRM: "14", CLIENT: "-4"}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_cancellation_reverses_it_from_there(at_once: bool) -> None:  # noqa: FBT001
    house = booked(at_once=at_once)
    cancel = trade("S-1", "BUY", "10", "150", action="CANCEL")
    send(house, FRIDAY, amended("7"), cancel)
    house.business_day(FRIDAY)
    assert shown(house)[:2] == (FIRM, "CANCELLED")
    assert held(house) == {FIRM: "8", CLIENT: "-4"}
    assert is_sound(house)


def test_an_amended_version_that_is_held_again_is_decided_anew() -> None:
    house = booked()
    own = [account(OTHER, kind="HOUSE")]
    house.drop("local", THURSDAY, "accounts-2.csv", table_bytes(own))
    send(house, THURSDAY, amended("7", "160"))
    house.business_day(THURSDAY)
    assert shown(house) == (FIRM, "HELD", "7")
    assert held(house) == {FIRM: "8", CLIENT: "-4"}
    decide(house, OUT_OF_BAND, "ERROR_ACCOUNT", account=OTHER)
    send(house, FRIDAY, trade("S-3", "SELL", "4", "99", action="AMEND", version="1"))
    house.business_day(FRIDAY)
    assert shown(house) == (OTHER, "CLEARED", "7")
    send(house, MONDAY, amended("9") | {"version": "2"})
    house.business_day(MONDAY)
    assert shown(house) == (OTHER, "CLEARED", "9")
    assert held(house) == {FIRM: "8", OTHER: "9", CLIENT: "-4"}
    assert is_sound(house)


def test_an_account_stays_the_firms_once_it_took_something() -> None:
    house = booked()
    house.drop("local", THURSDAY, "accounts-2.csv", table_bytes([account(FIRM)]))
    send(house, THURSDAY, amended("7"))
    house.business_day(THURSDAY)
    assert shown(house) == (FIRM, "CLEARED", "7")
    assert case_of(house, "ACCOUNT_KIND_REFUSED").status == "OPEN"
    assert is_sound(house)


def test_a_trade_that_was_released_is_amended_for_its_client() -> None:
    house = go_on(decide(cut_off(), OUT_OF_BAND, "RELEASE"))
    send(house, THURSDAY, amended("7"))
    house.business_day(THURSDAY)
    assert shown(house) == (CLIENT, "CLEARED", "7")
    assert statuses(house)["S-2"] == "CLEARED"
