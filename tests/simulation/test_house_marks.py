"""The firm's own holdings are marked to the latest close, once its policy is to."""

from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl
import pytest

from backoffice.accounting.adjusted_closes import latest_closes
from tests.reference.samples import BOND, US_SHARE, instrument, isin, trade
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


SPUN: Final = isin("US", 77)
OF_SHARES: Final = {"action_id": "CA-1", "isin": US_SHARE, "ex_date": str(THURSDAY)}


def after(event: str, *more_prices: dict[str, str], **terms: str) -> House:
    """Hold 100 shares marked to 10.50 the day before an action, without a close since."""
    house = run(trades=[dealt("T-1", "BUY", "100", "10"), trade("T-2", "BUY", "7", "10")],
                policies=[POLICY], prices=[close("10.50", WEDNESDAY)])  # fmt: skip
    action = OF_SHARES | {"event": event} | terms
    share = instrument(SPUN, "XNYS", "USD")
    run(THURSDAY, house, actions=[action], instruments=[share], prices=list(more_prices))
    return house


@pytest.mark.parametrize(
    ("event", "new", "old", "quantity", "price"),
    [
        ("SPLIT", "2", "1", "200", "5.25"),
        ("REVERSE_SPLIT", "1", "8", "12.5", "84"),
        ("STOCK_DIVIDEND", "5", "100", "105", "10"),
        ("SPLIT", "7", "3", "233.33333333", "4.5"),
    ],
)
def test_a_close_from_before_a_split_is_one_of_the_old_shares(
    event: str, new: str, old: str, quantity: str, price: str
) -> None:
    house = after(event, ratio_new=new, ratio_old=old)
    assert gain(house) == Decimal(50)
    [row] = house.table("house-valuation")
    assert (row["quantity"], row["value"], row["close"]) == (quantity, "1050.00", price)
    assert not [row for row in house.table("cases") if row["code"] == "HOUSE_NOT_MARKED"]
    # a close of the ex date or later is one of the new shares
    run(FRIDAY, house, prices=[close("6", FRIDAY)])
    assert gain(house) == round(Decimal(quantity) * 6, 2) - 1000


@pytest.mark.parametrize(
    ("event", "terms", "held", "price"),
    [
        ("SPLIT", {"ratio_new": "2", "ratio_old": "1"}, US_SHARE, "5.25"),
        ("MERGER", {"ratio_new": "1", "ratio_old": "2", "new_isin": SPUN}, SPUN, "21.00"),
        ("SPIN_OFF", {"ratio_new": "1", "ratio_old": "1", "new_isin": SPUN}, US_SHARE, "10.50"),
    ],
)
def test_statements_and_margin_go_by_a_close_of_the_shares_there_are(
    event: str, terms: dict[str, str], held: str, price: str
) -> None:
    more = {"basis_share": "20"} if event == "SPIN_OFF" else {}
    house = after(event, **terms, **more)
    closes = latest_closes(house.records, house.books(THURSDAY))
    [row] = closes.filter(pl.col("isin") == held).to_dicts()
    assert (row["close_e8"], row["date"]) == (int(Decimal(price) * 10**8), WEDNESDAY)
    run(FRIDAY, house, prices=[close("6", FRIDAY, isin=held)])
    after_it = latest_closes(house.records, house.books(FRIDAY))
    [row] = after_it.filter(pl.col("isin") == held).to_dicts()
    assert (row["close_e8"], row["date"]) == (6 * 10**8, FRIDAY)


@pytest.mark.parametrize(
    ("event", "terms"),
    [
        ("SPIN_OFF", {"basis_share": "20"}),
        ("RIGHTS", {"basis_share": "20"}),
        ("RIGHTS", {}),
    ],
)
def test_a_close_from_before_something_was_taken_out_of_shares_is_stale(
    event: str, terms: dict[str, str]
) -> None:
    house = after(event, new_isin=SPUN, ratio_new="1", ratio_old="1", **terms)
    waits = [row for row in house.table("cases") if row["code"] == "HOUSE_NOT_MARKED"]
    assert {row["subject"] for row in waits} == {US_SHARE, SPUN}
    assert gain(house) == Decimal(50)
    run(FRIDAY, house, prices=[close("8", FRIDAY), close("3", FRIDAY, isin=SPUN)])
    assert {row["status"] for row in house.table("cases")} == {"CLOSED"}
    assert gain(house) == Decimal(100)


def test_what_is_redeemed_in_part_is_marked_to_the_close_there_is() -> None:
    more = {"rate": "10", "percent": "40", "currency": "USD", "pay_date": str(FRIDAY)}
    house = after("REDEMPTION", **more)
    assert gain(house) == Decimal(30)
    assert not [row for row in house.table("cases") if row["code"] == "HOUSE_NOT_MARKED"]


@pytest.mark.parametrize(
    ("event", "terms", "quantity", "price"),
    [
        ("ISIN_CHANGE", {}, "100", "10.5"),
        ("MERGER", {"ratio_new": "1", "ratio_old": "2"}, "50", "21"),
    ],
)
def test_what_has_taken_the_place_of_shares_goes_by_their_close_until_it_has_one(
    event: str, terms: dict[str, str], quantity: str, price: str
) -> None:
    house = after(event, new_isin=SPUN, **terms)
    assert gain(house) == Decimal(50)
    [row] = house.table("house-valuation")
    assert (row["isin"], row["quantity"], row["close"]) == (SPUN, quantity, price)
    assert not [row for row in house.table("cases") if row["code"] == "HOUSE_NOT_MARKED"]
    split = OF_SHARES | {"action_id": "CA-2", "isin": SPUN, "event": "SPLIT", "ratio_new": "3"}
    run(FRIDAY, house, actions=[split | {"ratio_old": "1", "ex_date": str(FRIDAY)}])
    assert gain(house) == Decimal(50)


def test_what_came_for_shares_and_money_is_marked_once_it_has_a_close() -> None:
    cash = {"rate": "1", "currency": "USD", "pay_date": str(FRIDAY), "basis_share": "90"}
    house = after("MERGER", new_isin=SPUN, ratio_new="1", ratio_old="1", **cash)
    assert (case_of(house, "HOUSE_NOT_MARKED").subject, gain(house)) == (SPUN, Decimal(0))


def test_shares_that_took_the_place_of_bonds_go_by_a_close_that_is_per_cent() -> None:
    of_bond = {"isin": BOND, "currency": "EUR", "venue": "XETR"}
    price = close("99.5", WEDNESDAY, isin=BOND, currency="EUR")
    house = run(trades=[dealt("T-1", "BUY", "100000", "99", **of_bond)], policies=[POLICY],
                prices=[price])  # fmt: skip
    action = OF_SHARES | {"isin": BOND, "event": "MERGER", "new_isin": SPUN}
    action |= {"ratio_new": "1", "ratio_old": "100"}
    run(THURSDAY, house, actions=[action], instruments=[instrument(SPUN, "XETR", "EUR")])
    [row] = house.table("house-valuation")
    assert (row["quantity"], row["value"], row["close"]) == ("1000", "99500.00", "99.5")
    closes = latest_closes(house.records, house.books(THURSDAY))
    assert closes.filter(pl.col("isin") == SPUN)["close_e8"].to_list() == [9_950_000_000]


def test_a_close_that_reverse_splits_took_beyond_any_figure_is_none() -> None:
    house = run(trades=[trade("T-1", "BUY", "7", "10")], prices=[close("900000000000", WEDNESDAY)])
    days = (THURSDAY, FRIDAY, date(2026, 10, 13), date(2026, 10, 14))
    for number, day in enumerate(days):
        row = {"action_id": f"CA-{number}", "isin": US_SHARE, "event": "REVERSE_SPLIT"}
        row |= {"ex_date": str(day), "ratio_new": "1", "ratio_old": "1000000"}
        run(day, house, actions=[row])
    assert latest_closes(house.records, house.books(days[-1])).is_empty()
