"""Deals in currencies are owed, then paid; the firm's own positions are revalued if it says so."""

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Final

import pytest
from beancount import loader

from backoffice.records.verify_store import verify_store
from tests.reference.samples import NETTING_STREET, account, lei, standing_rows
from tests.reference.writing import table_bytes
from tests.simulation.house import VIEWS, House
from tests.simulation.test_decisions import case_of

Row = dict[str, str]
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
MONDAY, TUESDAY = date(2026, 10, 12), date(2026, 10, 13)
"""On the Monday the banks of New York are closed."""
SHOWN: Final = (*VIEWS, "fx-deals", "fx-positions", "file-rejects")
POLICY: Final = {"policy": "FX_REVALUATION", "currency": "USD", "valid_from": "2026-01-01"}


def deal(deal_id: str = "F-1", **more: str) -> Row:
    """Buy 1,000 euros for 1,100 dollars of the street."""
    row = {"deal_id": deal_id, "counterparty": NETTING_STREET, "buy_currency": "EUR"}
    row |= {"buy_amount": "1000", "sell_currency": "USD", "sell_amount": "1100"}
    return row | {"trade_date": str(WEDNESDAY), "value_date": str(FRIDAY)} | more


def sold(deal_id: str, euros: str, dollars: str, **more: str) -> Row:
    return deal(deal_id, buy_currency="USD", buy_amount=dollars, sell_currency="EUR",
                sell_amount=euros, **more)  # fmt: skip


def quote(rate: str, day: date, currency: str = "EUR", base: str = "USD") -> Row:
    return {"currency": currency, "base": base, "date": str(day), "rate": rate}


def run(day: date = WEDNESDAY, house: House | None = None, **tables: list[Row]) -> House:
    if house is None:
        house = House()
        for kind, rows in standing_rows().items():
            house.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(rows))
    for kind, rows in tables.items():
        number = house.dropped
        house.drop("local", day, f"{kind}-{number:03d}.csv", table_bytes(rows))
    house.business_day(day)
    assert verify_store(house.records)[1] == []
    return house


def booked(house: House) -> dict[tuple[str, str], Decimal]:
    rows = house.table("trial-balance")
    return {(row["account"], row["unit"]): Decimal(row["balance"]) for row in rows}


def test_a_deal_of_the_firms_own_is_owed_then_paid() -> None:
    house = run(fxdeals=[deal()])
    street = NETTING_STREET
    assert booked(house) == {
        (f"Assets:Receivable:Street:{street}", "EUR"): Decimal(1000),
        (f"Liabilities:Payable:Street:{street}", "USD"): Decimal(-1100),
        ("Equity:Conversion", "EUR"): Decimal(-1000),
        ("Equity:Conversion", "USD"): Decimal(1100),
    }
    run(THURSDAY, house)
    run(FRIDAY, house)
    assert booked(house) == {
        ("Assets:Cash:EUR", "EUR"): Decimal(1000),
        ("Assets:Cash:USD", "USD"): Decimal(-1100),
        ("Equity:Conversion", "EUR"): Decimal(-1000),
        ("Equity:Conversion", "USD"): Decimal(1100),
    }
    [row] = house.table("fx-deals")
    assert (row["status"], row["booked_on"], row["settled_on"]) == (
        "SETTLED",
        str(WEDNESDAY),
        str(FRIDAY),
    )


def test_a_clients_deal_goes_through_to_the_street() -> None:
    house = run(fxdeals=[deal(account_id="C-1")])
    street = NETTING_STREET
    assert booked(house) == {
        (f"Assets:Receivable:Street:{street}", "EUR"): Decimal(1000),
        ("Liabilities:Payable:Client:C-1", "EUR"): Decimal(-1000),
        (f"Liabilities:Payable:Street:{street}", "USD"): Decimal(-1100),
        ("Assets:Receivable:Client:C-1", "USD"): Decimal(1100),
    }
    run(FRIDAY, house)
    assert booked(house) == {
        ("Assets:Cash:EUR", "EUR"): Decimal(1000),
        ("Liabilities:ClientCash:C-1", "EUR"): Decimal(-1000),
        ("Assets:Cash:USD", "USD"): Decimal(-1100),
        ("Liabilities:ClientCash:C-1", "USD"): Decimal(1100),
    }


def test_a_client_may_deal_with_the_firm_itself() -> None:
    house = run(fxdeals=[deal(account_id="C-1", counterparty="")])
    run(FRIDAY, house)
    assert booked(house) == {
        ("Liabilities:ClientCash:C-1", "EUR"): Decimal(-1000),
        ("Equity:Conversion", "EUR"): Decimal(1000),
        ("Liabilities:ClientCash:C-1", "USD"): Decimal(1100),
        ("Equity:Conversion", "USD"): Decimal(-1100),
    }


def test_a_value_date_on_a_bank_holiday_of_either_currency_is_the_next_day_of_both() -> None:
    house = run(fxdeals=[deal(value_date=str(MONDAY))])
    run(MONDAY, house)
    assert house.table("fx-deals")[0]["status"] == "BOOKED"
    run(TUESDAY, house)
    [row] = house.table("fx-deals")
    assert (row["settles_on"], row["status"]) == (str(TUESDAY), "SETTLED")


def test_a_deal_that_comes_late_is_paid_with_its_own_value_date() -> None:
    house = run(fxdeals=[])
    run(MONDAY, house, fxdeals=[deal(account_id="C-1")])
    dates = {row["effective_date"] for row in house.table("journal")}
    assert dates == {str(WEDNESDAY), str(FRIDAY)}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (deal(account_id="C-9"), "UNKNOWN_ACCOUNT"),
        (deal(counterparty=lei(9)), "UNKNOWN_COUNTERPARTY"),
        (deal(sell_currency="AUD"), "NO_RULE"),
    ],
)
def test_a_deal_that_cannot_be_booked_waits_whole(row: Row, why: str) -> None:
    house = run(fxdeals=[row])
    assert case_of(house, "FX_DEAL_NOT_BOOKED").subject == f"F-1: {why}"
    assert booked(house) == {}
    if why == "UNKNOWN_ACCOUNT":
        run(THURSDAY, house, accounts=[account("C-9")])
        assert case_of(house, "FX_DEAL_NOT_BOOKED").status == "CLOSED"
        assert house.table("fx-deals")[0]["status"] == "BOOKED"


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (deal(sell_currency="EUR"), "sell_currency", "BAD_FORMAT"),
        (deal(counterparty=""), "counterparty", "BAD_FORMAT"),
        (deal(value_date="2026-10-06"), "value_date", "BAD_FORMAT"),
        (deal(buy_amount="0"), "buy_amount", "BAD_FORMAT"),
        (deal(buy_currency="ISK", buy_amount="1.5"), "buy_amount", "BAD_FORMAT"),
        (deal(counterparty="5493008KLP92CC1Y8810"), "counterparty", "BAD_LEI"),
    ],
)
def test_rows_that_are_no_deal_are_rejected(row: Row, field: str, code: str) -> None:
    house = run(fxdeals=[row])
    assert [(r["field"], r["code"]) for r in house.table("file-rejects")] == [(field, code)]


def position(house: House) -> tuple[str, ...]:
    names = ("position", "cost", "value", "unrealised", "realised")
    [row] = house.table("fx-positions")
    return tuple(row[name] for name in names)


def gains(house: House) -> tuple[Decimal, Decimal]:
    found = booked(house)
    names = ("Income:FX:Unrealised", "Income:FX:Realised")
    unrealised, realised = (-found.get((name, "USD"), Decimal()) for name in names)
    revalued = found.get(("Equity:Revaluation:EUR", "USD"), Decimal())
    assert revalued == unrealised + realised
    return unrealised, realised


def test_a_position_is_revalued_daily_and_realised_when_it_is_sold() -> None:
    house = run(fxdeals=[deal()], policies=[POLICY], fx=[quote("1.2", WEDNESDAY)])
    assert position(house) == ("1000.00", "1100.00", "1200.00", "100.00", "0.00")
    assert gains(house) == (Decimal(100), Decimal(0))
    run(THURSDAY, house, fx=[quote("1.15", THURSDAY)])
    assert gains(house) == (Decimal(50), Decimal(0))
    # 400 of the 1,000 are sold for 480: they cost 440
    half = sold("F-2", "400", "480", trade_date=str(FRIDAY), value_date=str(TUESDAY))
    run(FRIDAY, house, fxdeals=[half], fx=[quote("1.25", FRIDAY)])
    assert position(house) == ("600.00", "660.00", "750.00", "90.00", "40.00")
    assert gains(house) == (Decimal(90), Decimal(40))
    # 900 more: 600 close the position, 300 open a short one
    more = sold("F-3", "900", "1080", trade_date=str(TUESDAY), value_date=str(TUESDAY))
    run(TUESDAY, house, fxdeals=[more], fx=[quote("1.3", TUESDAY)])
    assert position(house) == ("-300.00", "-360.00", "-390.00", "-30.00", "100.00")
    assert gains(house) == (Decimal(-30), Decimal(100))
    lines = [row for row in house.table("journal") if row["kind"] == "FX_REVALUATION"]
    assert lines[0]["source"] == "EUR 1000.00 at 1.2 USD of 2026-10-07"


def test_what_the_firm_earns_in_a_currency_is_a_position_at_the_days_rate() -> None:
    house = run(fxdeals=[deal(account_id="C-1", counterparty="")], policies=[POLICY],
                fx=[quote("1.2", WEDNESDAY)])  # fmt: skip
    # the firm sold 1,000 euros for 1,100 that are worth 1,200
    assert position(house) == ("-1000.00", "-1100.00", "-1200.00", "-100.00", "0.00")
    run(THURSDAY, house, fxdeals=[deal("F-2", sell_amount="1150", trade_date=str(THURSDAY))],
        fx=[quote("1.3", THURSDAY)])  # fmt: skip
    assert position(house) == ("0.00", "0.00", "0.00", "0.00", "-50.00")
    assert gains(house) == (Decimal(0), Decimal(-50))


def test_without_a_rate_nothing_of_a_currency_is_booked_until_there_is_one() -> None:
    backwards = quote("0.8", WEDNESDAY, "USD", "EUR")
    house = run(fxdeals=[deal()], policies=[POLICY], fx=[backwards])
    assert case_of(house, "FX_NOT_REVALUED").subject == "EUR/USD"
    assert position(house) == ("0.00", "0.00", "0.00", "0.00", "0.00")
    run(THURSDAY, house, fxdeals=[sold("F-2", "400", "480", trade_date=str(THURSDAY))],
        fx=[quote("1.2", THURSDAY)])  # fmt: skip
    assert case_of(house, "FX_NOT_REVALUED").status == "CLOSED"
    # the first deal is still what it was: 400 of its euros cost 440
    assert position(house) == ("600.00", "660.00", "720.00", "60.00", "40.00")


def test_a_cross_deal_is_valued_at_the_days_rates() -> None:
    cross = deal(sell_currency="GBP", sell_amount="900")
    rates = [quote("1.2", WEDNESDAY), quote("1.35", WEDNESDAY, "GBP")]
    house = run(fxdeals=[cross], policies=[POLICY], fx=rates)
    shown = [(row["currency"], row["cost"], row["value"]) for row in house.table("fx-positions")]
    assert shown == [("EUR", "1200.00", "1200.00"), ("GBP", "-1215.00", "-1215.00")]


def test_a_day_with_no_change_posts_nothing() -> None:
    house = run(fxdeals=[deal()], policies=[POLICY], fx=[quote("1.2", WEDNESDAY)])
    before = len(house.table("journal"))
    run(THURSDAY, house)
    assert len(house.table("journal")) == before


def test_without_deals_and_a_policy_nothing_is_kept() -> None:
    house = run()
    assert not [name for name in house.books(WEDNESDAY).tables if "fx" in name or "polic" in name]
    assert [house.table(what) for what in ("fx-deals", "fx-positions")] == [[], []]


def test_the_books_are_the_same_whatever_came_first() -> None:
    tables = {
        "fxdeals-1": [deal(), deal("F-3", account_id="C-1")],
        "fxdeals-2": [sold("F-2", "300", "330"), deal("F-3", account_id="C-1")],
        "policies": [POLICY],
        "fx": [quote("1.2", WEDNESDAY)],
    }
    found = set()
    for order in permutations(tables):
        house = House()
        for kind, rows in standing_rows().items():
            house.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(rows))
        for name in order:
            house.drop("local", WEDNESDAY, f"{name}.csv", table_bytes(tables[name]))
        house.business_day(WEDNESDAY)
        house.business_day(FRIDAY)
        found.add(b"".join(house.export(what) for what in SHOWN))
    assert len(found) == 1


def test_the_cash_ladder_expects_what_was_dealt_with_the_street() -> None:
    house = run(fxdeals=[deal(), deal("F-2", account_id="C-1", counterparty="")])
    rungs = [
        (row["currency"], row["value_date"], row["receipts"], row["payments"])
        for row in house.table("cash-ladder")
    ]
    assert rungs == [
        ("EUR", str(FRIDAY), "1000.00", "0.00"),
        ("USD", str(FRIDAY), "0.00", "1100.00"),
    ]


def test_a_rate_that_no_currency_has_stops_no_close() -> None:
    huge = deal(buy_amount="9" * 17, sell_amount="9" * 17)
    house = run(fxdeals=[huge], policies=[POLICY], fx=[quote("9" * 18, WEDNESDAY)])
    assert case_of(house, "FX_NOT_REVALUED").subject == "EUR/USD"
    run(THURSDAY, house, fx=[quote("1.1", THURSDAY)])
    assert case_of(house, "FX_NOT_REVALUED").status == "CLOSED"


def test_a_value_date_beyond_every_calendar_waits() -> None:
    house = run(fxdeals=[deal(value_date="9999-12-31")])
    assert case_of(house, "FX_DEAL_NOT_BOOKED").subject == "F-1: NO_RULE"


def test_beancount_loads_deals_revaluation_and_interest_and_agrees_on_every_balance() -> None:
    rate = {"currency": "EUR", "side": "CREDIT", "rate": "3.6", "valid_from": "2026-01-01"}
    deals = [deal(), deal("F-2", account_id="C-1", value_date=str(THURSDAY))]
    house = run(fxdeals=deals, policies=[POLICY], rates=[rate], fx=[quote("1.2", WEDNESDAY)])
    run(FRIDAY, house, fx=[quote("1.3", FRIDAY)])
    text = house.export("journal", form="beancount").decode()
    assert "Equity:Revaluation:EUR" in text
    assert "Liabilities:Accrued:Interest" in text
    assert loader.load_string(text)[1] == []
