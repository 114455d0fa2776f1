"""A bond's trades state what its terms come to, or a case says that they do not."""

from datetime import date
from typing import Final

from tests.reference.samples import BOND, instrument, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.test_decisions import case_of

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
TERMS: Final = {
    "coupon_rate": "3.6",
    "coupon_frequency": "2",
    "day_count": "30E/360",
    "maturity_date": "2031-03-29",
}


def bought(trade_id: str, accrued: str, **more: str) -> dict[str, str]:
    """Buy 1,000,000 nominal, settled on Friday: ten days after a coupon, 1,000.00."""
    of_bond = {"isin": BOND, "currency": "EUR", "venue": "XETR", "accrued": accrued}
    return trade(trade_id, "BUY", "1000000", "99", **of_bond) | more


def run(*rows: dict[str, str], terms: dict[str, str] = TERMS) -> House:
    house = House()
    for kind, table in standing_rows().items():
        house.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(table))
    bond = instrument(BOND, "XETR", "EUR", asset_class="BOND", **terms)
    house.drop("local", WEDNESDAY, "instruments_2.csv", table_bytes([bond]))
    house.drop("local", WEDNESDAY, "trades.csv", table_bytes(list(rows)))
    house.business_day(WEDNESDAY)
    return house


def differs(house: House) -> list[dict[str, str]]:
    return [row for row in house.table("cases") if row["code"] == "ACCRUED_DIFFERS"]


def test_a_trade_that_states_what_the_terms_come_to_is_no_case() -> None:
    house = run(bought("B-1", "1000"), bought("B-2", "1000.01"), bought("B-3", "999.99"))
    assert differs(house) == []
    assert "bond_trades" not in house.books(WEDNESDAY).tables


def test_one_that_states_more_is_a_case_until_it_is_corrected_and_clears_all_the_same() -> None:
    house = run(bought("B-1", "1000.02"), bought("B-2", "1000"), bought("B-3", ""))
    assert (case_of(house, "ACCRUED_DIFFERS").subject, differs(house)[0]["members"]) == (BOND, "2")
    assert {row["status"] for row in house.table("trades")} == {"CLEARED"}
    rows = [
        bought("B-1", "1000", action="AMEND", version="1"),
        bought("B-3", "", action="CANCEL"),
    ]
    house.drop("local", THURSDAY, "trades.csv", table_bytes(rows))
    house.business_day(THURSDAY)
    assert case_of(house, "ACCRUED_DIFFERS").status == "CLOSED"


def test_one_that_settles_is_no_case_any_more() -> None:
    house = run(bought("B-1", "1"))
    house.business_day(THURSDAY)
    assert case_of(house, "ACCRUED_DIFFERS").status == "OPEN"
    house.business_day(FRIDAY)
    assert case_of(house, "ACCRUED_DIFFERS").status == "CLOSED"


def test_a_bond_without_terms_is_not_looked_at() -> None:
    house = run(bought("B-1", "1"), terms={"coupon_rate": "3.6"})
    assert differs(house) == []
    assert not [name for name in house.books(WEDNESDAY).tables if "bond" in name]
