"""The firm's own holdings are marked to the latest close, once its policy is to."""

from datetime import date
from decimal import Decimal
from typing import Final

from tests.reference.samples import BOND, US_SHARE, trade
from tests.simulation.house import House
from tests.simulation.test_borrows import balance, close, run
from tests.simulation.test_decisions import case_of

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
POLICY: Final = {"policy": "MARK_TO_MARKET", "valid_from": "2026-01-01"}
HELD: Final = "Assets:Revaluation:House:H-1"


def dealt(trade_id: str, side: str, quantity: str, price: str, **more: str) -> dict[str, str]:
    return trade(trade_id, side, quantity, price, account_id="H-1", capacity="PRINCIPAL", **more)


def gain(house: House) -> Decimal:
    found = balance(house, HELD)
    assert found == -balance(house, "Income:Trading:Unrealised")
    return found


def test_a_holding_is_marked_daily_and_what_is_sold_is_marked_no_more() -> None:
    bought = [dealt("T-1", "BUY", "100", "10"), trade("T-2", "BUY", "7", "10")]
    house = run(trades=bought, policies=[POLICY], prices=[close("10.50", WEDNESDAY)])
    assert gain(house) == Decimal(50)
    run(THURSDAY, house, prices=[close("9", THURSDAY)])
    assert gain(house) == Decimal(-100)
    at = {"trade_time": "2026-10-09T14:00:00Z"}
    run(FRIDAY, house, trades=[dealt("T-3", "SELL", "60", "9", **at)])
    assert gain(house) == Decimal(-40)
    [row] = house.table("house-valuation")
    assert (row["quantity"], row["cost"], row["value"]) == ("40", "400.00", "360.00")
    assert (row["unrealised"], row["close_date"]) == ("-40.00", str(THURSDAY))


def test_a_short_holding_loses_when_its_price_rises() -> None:
    short = dealt("T-1", "SHORT", "100", "10", locate_id="L")
    house = run(trades=[short], policies=[POLICY], prices=[close("10.50", WEDNESDAY)])
    assert gain(house) == Decimal(-50)


def test_a_bonds_close_is_per_cent() -> None:
    of_bond = {"isin": BOND, "currency": "EUR", "venue": "XETR"}
    price = close("99.5", WEDNESDAY, isin=BOND, currency="EUR")
    house = run(trades=[dealt("T-1", "BUY", "100000", "99", **of_bond)], policies=[POLICY],
                prices=[price])  # fmt: skip
    assert balance(house, HELD, "EUR") == Decimal(500)


def test_what_has_no_close_in_its_currency_is_a_case_and_stays_as_it_was() -> None:
    house = run(trades=[dealt("T-1", "BUY", "100", "10")], policies=[POLICY])
    assert (case_of(house, "HOUSE_NOT_MARKED").subject, gain(house)) == (US_SHARE, Decimal(0))
    run(THURSDAY, house, prices=[close("11", THURSDAY)])
    assert (case_of(house, "HOUSE_NOT_MARKED").status, gain(house)) == ("CLOSED", Decimal(100))
    run(FRIDAY, house, prices=[close("12", FRIDAY, currency="EUR")])
    assert (case_of(house, "HOUSE_NOT_MARKED").status, gain(house)) == ("OPEN", Decimal(100))


def test_without_a_policy_nothing_is_marked() -> None:
    house = run(trades=[dealt("T-1", "BUY", "100", "10")], prices=[close("10.50", WEDNESDAY)])
    assert gain(house) == 0
    assert "house_marks" not in house.books(WEDNESDAY).tables
