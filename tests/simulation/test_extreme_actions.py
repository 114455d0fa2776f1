"""Actions and lots at the ends of the calendar, and lots that meet short ones: no close dies."""

from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from tests.reference.samples import ICELANDIC_SHARE, US_SHARE, account, instrument, trade
from tests.simulation.house import House
from tests.simulation.market import settle_all, silent
from tests.simulation.test_cash_dividends import (
    AT,
    EX,
    FRI,
    MON,
    NEXT,
    THU,
    TUE,
    Row,
    accounts_with,
    balance,
    dividend,
    opened,
    run,
)
from tests.simulation.test_decisions import case_of
from tests.simulation.test_share_events import NEW_SHARE, event, known

LAST: Final = str(date.max)
CLIENT: Final = "C-US"


@pytest.mark.parametrize(
    "row",
    [
        dividend(pay_date=LAST),
        dividend(record_date=LAST, pay_date=LAST),
        event("TENDER", rate="11", currency="USD", election_deadline=LAST, pay_date=LAST),
    ],
    ids=["pay date", "record date", "deadline"],
)
def test_a_date_at_the_end_of_the_calendar_waits(row: Row) -> None:
    house = run(known(), TUE, actions=[row])
    run(house, EX)
    run(house, THU)
    assert house.report_days() == (MON, TUE, EX, THU)


def us_client(method: str) -> House:
    """Make a house whose American client is long what is merged and short what it becomes."""
    return run(
        opened(),
        MON,
        instruments=[instrument(NEW_SHARE, "XNYS", "USD")],
        accounts=[account(CLIENT, country="US", lot_method=method)],
        trades=[
            trade("S", "SHORT", "10", "11", account_id=CLIENT, isin=NEW_SHARE, locate_id="L",
                  trade_time="2026-10-05T14:00:00Z"),
            trade("T", "BUY", "12", "10", account_id=CLIENT, trade_time="2026-10-05T15:00:00Z"),
        ],
    )  # fmt: skip


@pytest.mark.parametrize("method", ["FIFO", "LIFO", "HIFO", "AVERAGE"])
def test_what_a_merger_covers_of_a_short_is_the_same_on_its_day_and_after(method: str) -> None:
    told = []
    for day in (EX, THU):
        house = run(us_client(method), TUE, actions=[
            event("MERGER", new_isin=NEW_SHARE, ratio_new="1", ratio_old="1")
        ])  # fmt: skip
        terms = {"account_id": CLIENT, "isin": NEW_SHARE}
        deals = [
            trade("B", "BUY", "5", "10", trade_time=f"{day}T14:00:00Z", **terms),
            trade("X", "SELL", "5", "8", trade_time=f"{day}T15:00:00Z", **terms),
        ]
        for each in (EX, THU):
            run(house, each, trades=deals if each == day else [])
        washes = house.table("wash-sales")
        kept = sum(int(row["quantity"]) for row in house.table("lots"))
        told.append([(w["loss_id"], w["quantity"], w["disallowed"]) for w in washes])
        assert kept == 2
        assert sum(int(w["quantity"]) for w in washes) <= kept + 5
    assert told[0] == told[1]


def test_shares_that_came_on_the_first_day_there_is_end_no_close() -> None:
    came = {"movement_id": "M", "account_id": CLIENT, "kind": "TRANSFER_IN", "isin": US_SHARE}
    came |= {"quantity": "5", "value_date": "0001-01-05", "cost": "50", "cost_currency": "USD"}
    sold = trade("X", "SELL", "5", "8", account_id=CLIENT, **AT[TUE])
    house = run(us_client("FIFO"), TUE, movements=[came], trades=[sold])
    assert not house.table("file-rejects")
    assert house.report_days() == (MON, TUE)


@pytest.mark.parametrize(
    "row",
    [
        event("SPLIT", ratio_new="1000000", ratio_old="1"),
        event("MERGER", rate="999999999999", currency="USD", pay_date=str(EX)),
        event("EXERCISE", new_isin=NEW_SHARE, ratio_new="1000000", ratio_old="1", rate="1",
              currency="USD", election_deadline=str(EX), default_option="EXERCISE"),
    ],
    ids=["split", "merger", "exercise"],
)  # fmt: skip
@pytest.mark.parametrize("settled", [True, False])
def test_what_no_book_can_hold_is_a_case_and_all_else_goes_on(row: Row, *, settled: bool) -> None:
    vast = {"quantity": "900000000000000000", "price": "0.00000001", **AT[MON]}
    deals = [trade("T-9", "BUY", vast.pop("quantity"), vast.pop("price"), **vast)]
    house = run(known(), TUE, settle_all if settled else silent, trades=deals)
    paid = dividend(isin=ICELANDIC_SHARE, currency="ISK")
    own = trade("T-8", "BUY", "10", "100", isin=ICELANDIC_SHARE, currency="ISK", venue="XICE",
                **AT[TUE])  # fmt: skip
    run(house, EX, actions=[row, paid], trades=[own])
    for day in (THU, FRI):
        run(house, day)
    [waits] = [c for c in house.table("cases") if c["code"] == "ACTION_OUT_OF_RANGE"]
    assert waits["subject"] == "local/CA-1"
    status = {r["action_id"]: r["status"] for r in house.table("actions")}
    assert status == {"CA-1": "WAITS", "DIV-1": "PAID"}
    run(house, NEXT, actions=[row | {"action": "CANCEL"}])
    assert case_of(house, "ACTION_OUT_OF_RANGE").status == "CLOSED"


@pytest.mark.parametrize(
    ("new", "old"), [("1000000.1", "1"), ("999999999", "0.00000001"), ("0.9", "1000000")]
)
def test_a_ratio_that_no_issuer_sets_is_no_row(new: str, old: str) -> None:
    house = run(known(), TUE, actions=[event("SPLIT", ratio_new=new, ratio_old=old)])
    [reject] = house.table("file-rejects")
    assert (reject["field"], reject["code"]) == ("ratio_new", "BAD_FORMAT")
    assert "1000000" in reject["message"]
    assert "0.000001" in reject["message"]


@pytest.mark.parametrize(("new", "old"), [("1000000", "1"), ("0.000001", "1"), ("1", "1000000")])
def test_a_ratio_at_its_bounds_is_taken(new: str, old: str) -> None:
    house = run(known(), TUE, actions=[event("MERGER", ratio_new=new, ratio_old=old)])
    assert not house.table("file-rejects")


def test_a_fraction_too_dear_to_be_rounding_is_a_case_and_stays_due() -> None:
    bought = [trade(f"T-{n}", "BUY", "1", "10", account_id=f"X-{n}", **AT[MON]) for n in range(3)]
    house = run(opened(), MON, accounts=[account(f"X-{n}") for n in range(3)], trades=bought)
    third = event("REVERSE_SPLIT", ratio_new="1", ratio_old="3", lieu_price="900000000000",
                  currency="USD", pay_date=str(EX))  # fmt: skip
    run(house, TUE, actions=[third])
    run(house, EX)
    # three times 0.33333333 of a share for 900,000,000,000.00 lack 9,000.00
    waits = case_of(house, "ACTION_LEFT_OVER")
    assert (waits.subject, waits.status) == ("local/CA-1", "OPEN")
    assert balance(house, "Assets:Receivable:Actions:CA-1") == Decimal(-9000)
    assert accounts_with(house, "Rounding") == {}
    assert [(r["status"], r["code"]) for r in house.table("actions")] == [
        ("PAID", "ACTION_LEFT_OVER")
    ]
    run(house, THU, actions=[third | {"action": "AMEND", "lieu_price": "9"}])
    assert case_of(house, "ACTION_LEFT_OVER").status == "CLOSED"
    assert balance(house, "Assets:Receivable:Actions:CA-1") == 0


@pytest.mark.parametrize("kind", ["SPLIT", "EXERCISE", "MERGER"])
def test_a_part_of_a_holding_is_of_what_is_redeemed_or_tendered(kind: str) -> None:
    row = event(kind, ratio_new="2", ratio_old="1", new_isin=NEW_SHARE, percent="50", rate="1",
                currency="USD", pay_date=str(FRI), election_deadline=str(THU))  # fmt: skip
    house = run(known(), TUE, actions=[row])
    for day in (EX, THU):
        run(house, day)
    assert case_of(house, "ACTION_INCOMPLETE").status == "OPEN"
