"""Statements of custodians and banks: compared at the close, whenever they came."""

from collections.abc import Mapping
from datetime import date

from tests.simulation.house import House
from tests.simulation.market import settle_all
from tests.simulation.small_days import DAYS, FIRST, SECOND, drop_all

HOLDINGS = b"isin,quantity\nUS0378331005,5\n"
CASH = b"currency,closing_balance\nUSD,1.00\n"


def _day(early: Mapping[str, bytes], late: Mapping[str, bytes]) -> House:
    """Run a day with statements before its cut-off and some that come after."""
    house = House()
    drop_all(house, FIRST)
    for name, body in early.items():
        house.drop("bank", FIRST, name, body)

    def market(house: House, day: date) -> Mapping[str, bytes]:
        return {**settle_all(house, day), **late}

    house.business_day(FIRST, market)
    return house


def test_a_statement_that_comes_after_the_cut_off_is_compared_as_one_before_it() -> None:
    both = {"holdings-1.csv": HOLDINGS, "cash-1.csv": CASH}
    early, late, mixed = (
        _day(both, {}),
        _day({}, both),
        _day({"cash-1.csv": CASH}, {"holdings-1.csv": HOLDINGS}),
    )
    none = _day({}, {})
    breaks = [house.report(FIRST)["breaks"] for house in (early, late, mixed)]
    assert none.report(FIRST)["breaks"] == 0
    assert breaks[0] > 1
    assert len(set(breaks)) == 1
    for house in (early, late, mixed):
        statuses = {file["name"]: file["status"] for file in house.report(FIRST)["files"]}
        assert statuses["holdings-1.csv"] == statuses["cash-1.csv"] == "COMMITTED"


def test_statements_before_and_after_the_cut_off_add_up() -> None:
    euros = b"currency,closing_balance\nEUR,7.00\n"
    one = _day({"cash-1.csv": CASH}, {})
    two = _day({"cash-1.csv": CASH}, {"cash-2.csv": euros})
    assert two.report(FIRST)["breaks"] == one.report(FIRST)["breaks"] + 1


def test_statements_of_a_day_say_nothing_of_the_next() -> None:
    house = _day({"cash-1.csv": CASH}, {})
    drop_all(house, SECOND)
    house.business_day(SECOND)
    assert house.report(FIRST)["breaks"] > house.report(SECOND)["breaks"] == 0
    assert DAYS[:2] == house.report_days()


def test_a_late_statement_of_another_day_makes_no_break_today() -> None:
    house = House()
    drop_all(house, FIRST)
    house.business_day(FIRST)
    house.drop("bank", FIRST, "holdings-1.csv", HOLDINGS)
    drop_all(house, SECOND)
    house.business_day(SECOND)
    assert house.report(SECOND)["breaks"] == 0


def test_a_statement_without_a_row_says_that_nothing_is_held() -> None:
    none = b"isin,quantity\n"
    early, late = _day({"holdings-1.csv": none}, {}), _day({}, {"holdings-1.csv": none})
    held = {
        row["isin"]
        for row in early.table("stock-record")
        if row["account"].startswith("Securities:Depository")
    }
    assert held
    for house in (early, late):
        assert house.report(FIRST)["breaks"] == len(held)
