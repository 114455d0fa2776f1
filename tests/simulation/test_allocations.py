"""Blocks are allotted to accounts: shares and money conserve, whatever came first or twice."""

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Final

import pytest

from backoffice.records.verify_store import verify_store
from tests.reference.samples import (
    BOND,
    HOUSE,
    NETTING_STREET,
    US_SHARE,
    account,
    fee,
    standing_rows,
    trade,
)
from tests.reference.writing import table_bytes
from tests.simulation.house import VIEWS, House
from tests.simulation.test_decisions import case_of, decide

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
SHOWN: Final = (*VIEWS, "allocations", "file-rejects")
Row = dict[str, str]


def block(trade_id: str = "B-1", side: str = "BUY", quantity: str = "100", **more: str) -> Row:
    """Give a block: a trade of the firm's own account, at a price that does not divide well."""
    return trade(trade_id, side, quantity, "10.015", account_id=HOUSE) | more


def part(allocation_id: str, account_id: str, quantity: str, **more: str) -> Row:
    row = {"allocation_id": allocation_id, "block_trade_id": "B-1", "trade_date": str(WEDNESDAY)}
    return row | {"account_id": account_id, "quantity": quantity} | more


def opened(rows_per_bucket: int = 1) -> House:
    house = House(rows_per_bucket=rows_per_bucket)
    for kind, rows in standing_rows().items():
        house.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(rows))
    house.drop("local", WEDNESDAY, "fees.csv", table_bytes([fee("X", "NOTIONAL", "0.001")]))
    return house


def drop(house: House, day: date, **tables: list[Row]) -> House:
    for kind, rows in tables.items():
        number = house.dropped
        house.drop("local", day, f"{kind}-{number:03d}.csv", table_bytes(rows))
    return house


def run(day: date = WEDNESDAY, house: House | None = None, **tables: list[Row]) -> House:
    house = drop(house or opened(), day, **tables)
    house.business_day(day)
    assert verify_store(house.records)[1] == []
    return house


def states(house: House) -> dict[str, str]:
    """Give each allocation's status, with the codes that hold it."""
    rows = house.table("allocations")
    return {row["allocation_id"]: f"{row['status']} {row['hold_codes']}".strip() for row in rows}


def balance(house: House, name: str, unit: str) -> Decimal:
    rows = [r for r in house.table("trial-balance") if (r["account"], r["unit"]) == (name, unit)]
    return Decimal(rows[0]["balance"]) if rows else Decimal()


def held(house: House) -> dict[str, str]:
    """Give the traded quantity of every account that has any."""
    rows = house.table("positions")
    found = {row["account_id"]: row["traded_quantity"] for row in rows}
    return {name: quantity for name, quantity in found.items() if quantity != "0"}


def shown(house: House) -> list[bytes]:
    return [house.export(what) for what in SHOWN]


THREE: Final = [part("A-1", "C-1", "33"), part("A-2", "C-FIFO", "33"), part("A-3", "C-HIFO", "33")]


@pytest.mark.parametrize("rows_per_bucket", [1, 100_000])
def test_a_purchase_is_allotted_at_its_price_and_what_is_left_stays(rows_per_bucket: int) -> None:
    three = [THREE[0] | {"commission": "2", "currency": "USD"}, *THREE[1:]]
    house = run(house=opened(rows_per_bucket), trades=[block()], allocations=three)
    assert set(states(house).values()) == {"ALLOCATED"}
    assert held(house) == {HOUSE: "1", "C-1": "33", "C-FIFO": "33", "C-HIFO": "33"}
    # 33 x 10.015 = 330.495, half-up; a fee of a thousandth of that
    first = next(r for r in house.table("allocations") if r["allocation_id"] == "A-1")
    figures = {name: first[name] for name in ("gross", "commission", "fees", "net")}
    assert figures == {"gross": "330.50", "commission": "2.00", "fees": "0.33", "net": "332.83"}
    assert balance(house, "Assets:Receivable:Client:C-1", "USD") == Decimal("332.83")
    assert balance(house, f"Liabilities:Payable:Street:{NETTING_STREET}", "USD") == Decimal(
        "-1001.50"
    )
    assert balance(house, "Income:Commission", "USD") == Decimal("-2.00")
    # what the market charges is charged once: the accounts pay it to the block's
    assert balance(house, "Liabilities:Fees:X", "USD") == Decimal("-1.00")
    assert [r for r in house.table("trial-balance") if "Allocated" in r["account"]] == []
    run(THURSDAY, house)
    assert balance(house, "Liabilities:ClientCash:C-1", "USD") == Decimal("332.83")
    # 1001.50 + 1.00 less 3 x (330.50 + 0.33): the share that is left at its cost, and what rounding
    # left is the firm's profit
    assert balance(house, f"Assets:Inventory:{HOUSE}", "USD") == Decimal("10.02")
    assert balance(house, "Income:Trading", "USD") == Decimal("-0.01")
    assert balance(house, "Securities:Depository", US_SHARE) == Decimal(100)
    assert balance(house, "Securities:Client:C-1", US_SHARE) == Decimal(-33)


@pytest.mark.parametrize("side", ["SELL", "SHORT"])
def test_a_sale_is_allotted_the_other_way(side: str) -> None:
    whole = block(side=side, locate_id="L-1")
    house = run(trades=[whole], allocations=[part("A-1", "C-1", "60"), part("A-2", "C-LIFO", "40")])
    assert held(house) == {"C-1": "-60", "C-LIFO": "-40"}
    assert balance(house, "Liabilities:Payable:Client:C-1", "USD") == Decimal("-600.30")
    run(THURSDAY, house)
    assert balance(house, "Liabilities:ClientCash:C-1", "USD") == Decimal("-600.30")
    assert balance(house, f"Assets:Inventory:{HOUSE}", "USD") == Decimal("0.00")


def test_accrued_interest_is_shared_by_quantity() -> None:
    bond = block(isin=BOND, currency="EUR", venue="XETR", quantity="300", accrued="1.00")
    accounts = [account("C-1", currency="EUR")]
    parts = [part(f"A-{n}", name, "100") for n, name in enumerate(("C-1", "C-FIFO", "C-LIFO"))]
    house = run(trades=[bond], accounts=accounts, allocations=parts)
    # 100 x 10.015 % = 10.015, half-up, and a third of the interest
    assert {row["gross"] for row in house.table("allocations")} == {"10.35"}


def test_no_order_of_files_and_no_cut_of_accounts_changes_what_is_allotted() -> None:
    tables = [
        {"trades": [block(), block("B-2", "SELL", "10")]},
        {"allocations": THREE},
        {"allocations": [part("A-3", "C-HIFO", "30", action="AMEND"),
                         part("A-4", "C-LIFO", "3"), part("A-2", "C-FIFO", "33", action="CANCEL")]},
    ]  # fmt: skip
    found = set()
    for order in permutations(range(len(tables))):
        for rows_per_bucket in (1, 100_000):
            house = opened(rows_per_bucket)
            for place in order:
                for kind, rows in tables[place].items():
                    house.drop("local", WEDNESDAY, f"{kind}-{place}.csv", table_bytes(rows))
            house.business_day(WEDNESDAY)
            assert held(house)[HOUSE] == "24"
            found.add(b"".join(shown(house)))
    assert len(found) == 1


def test_what_comes_before_its_block_waits_and_what_comes_twice_counts_once() -> None:
    house = run(allocations=THREE)
    assert set(states(house).values()) == {"HELD UNKNOWN_BLOCK"}
    assert case_of(house, "UNKNOWN_BLOCK").members == 3
    run(THURSDAY, house, trades=[block()], allocations=[*THREE, part("A-9", "C-1", "1")])
    assert set(states(house).values()) == {"ALLOCATED"}
    assert HOUSE not in held(house)
    before = shown(house)
    assert case_of(house, "UNKNOWN_BLOCK").status == "CLOSED"
    run(FRIDAY, house, allocations=THREE)
    assert [one["field"] for one in house.table("file-rejects")] == []
    assert shown(house)[-2] == before[-2]


def test_what_is_asked_of_a_block_beyond_it_waits_and_what_was_booked_stays() -> None:
    house = run(trades=[block()], allocations=THREE[:2])
    run(THURSDAY, house, allocations=[part("A-3", "C-HIFO", "30"), part("A-4", "C-LIFO", "5")])
    over = "HELD OVER_ALLOCATED"
    assert states(house) == {"A-1": "ALLOCATED", "A-2": "ALLOCATED", "A-3": over, "A-4": over}
    run(FRIDAY, house, allocations=[part("A-4", "C-LIFO", "4", action="AMEND")])
    assert set(states(house).values()) == {"ALLOCATED"}
    assert HOUSE not in held(house)
    assert case_of(house, "OVER_ALLOCATED").status == "CLOSED"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"block_trade_id": "B-2"}, "UNKNOWN_BLOCK"),
        ({"block_trade_id": "T-1"}, "NOT_A_BLOCK"),
        ({"account_id": HOUSE}, "NOT_A_BLOCK"),
        ({"account_id": "C-NEW"}, "UNKNOWN_ACCOUNT"),
        ({"account_id": "C-LATE"}, "KYC_NOT_APPROVED"),
        ({"commission": "1", "currency": "EUR"}, "WRONG_CURRENCY"),
        ({"quantity": "100.00000001"}, "OVER_ALLOCATED"),
    ],
)
def test_why_an_allocation_waits(change: Row, code: str) -> None:
    late = account("C-LATE", kyc_status="PENDING")
    trades = [block(), trade("T-1", "BUY", "100", "10")]
    house = run(trades=trades, accounts=[late], allocations=[part("A-1", "C-1", "5") | change])
    assert states(house) == {"A-1": f"HELD {code}"}
    assert case_of(house, code).members == 1
    assert held(house)[HOUSE] == "100"


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ([part("A-1", "C-1", "5"), part("A-1", "C-1", "6")], "CONFLICTING_DUPLICATE",
         "allocation_id"),
        ([part("A-1", "C-1", "5", action="CANCEL")], "UNKNOWN_ALLOCATION", "allocation_id"),
        ([part("A-1", "C-1", "0")], "BAD_FORMAT", "quantity"),
        ([part("A-1", "C-1", "5", commission="1")], "BAD_FORMAT", "commission"),
        ([part("A-1", "", "5")], "MISSING_FIELD", "account_id"),
    ],
)  # fmt: skip
def test_rows_that_are_no_allocations_are_rejected(rows: list[Row], code: str, field: str) -> None:
    house = run(trades=[block()], allocations=rows)
    rejects = [(row["kind"], row["code"], row["field"]) for row in house.table("file-rejects")]
    assert rejects == [("allocations", code, field)]


def test_a_block_that_is_amended_is_allotted_anew() -> None:
    house = run(trades=[block()], allocations=THREE)
    run(THURSDAY, house)
    amended = block(price="10.5", action="AMEND")
    run(FRIDAY, house, trades=[amended])
    assert {row["price"] for row in house.table("allocations")} == {"10.5"}
    assert balance(house, "Liabilities:ClientCash:C-1", "USD") == Decimal("346.85")
    assert balance(house, "Assets:Receivable:Client:C-1", "USD") == Decimal(0)
    assert held(house) == {HOUSE: "1", "C-1": "33", "C-FIFO": "33", "C-HIFO": "33"}


@pytest.mark.parametrize("day", [WEDNESDAY, THURSDAY])
def test_a_block_that_is_cancelled_gives_nothing_and_takes_back(day: date) -> None:
    house = run(trades=[block()], allocations=THREE)
    if day == THURSDAY:
        run(THURSDAY, house)
    run(date(2026, 10, day.day + 1), house, trades=[block(action="CANCEL")])
    assert set(states(house).values()) == {"HELD BLOCK_CANCELLED"}
    assert held(house) == {}
    assert balance(house, "Liabilities:ClientCash:C-1", "USD") == Decimal(0)
    assert balance(house, "Securities:Client:C-1", US_SHARE) == Decimal(0)
    assert balance(house, f"Assets:Inventory:{HOUSE}", "USD") == Decimal(0)
    assert balance(house, "Liabilities:Fees:X", "USD") == Decimal(0)


def test_an_allocation_that_is_cancelled_after_it_settled_gives_its_shares_back() -> None:
    house = run(trades=[block()], allocations=THREE)
    run(THURSDAY, house)
    run(FRIDAY, house, allocations=[part("A-1", "C-1", "33", action="CANCEL")])
    assert states(house)["A-1"] == "CANCELLED"
    assert held(house) == {HOUSE: "34", "C-FIFO": "33", "C-HIFO": "33"}
    assert balance(house, "Liabilities:ClientCash:C-1", "USD") == Decimal(0)
    again = [row for row in house.table("journal") if row["source"] == "B-1:A-1"]
    assert {row["reverses"] != "" for row in again if row["recorded_on"] == str(FRIDAY)} == {True}


@pytest.mark.parametrize("outcome", ["RELEASE", "REFUSE", "ERROR_ACCOUNT"])
def test_two_people_decide_what_an_account_gets(outcome: str) -> None:
    late = account("C-LATE", kyc_status="PENDING")
    house = drop(opened(), WEDNESDAY, trades=[block()], accounts=[late],
                 allocations=[part("A-1", "C-LATE", "60")])  # fmt: skip
    house.cut_off(WEDNESDAY)
    more = {"account": HOUSE} if outcome == "ERROR_ACCOUNT" else {}
    decide(house, "KYC_NOT_APPROVED", outcome, **more)
    house.close(WEDNESDAY)
    assert verify_store(house.records)[1] == []
    assert states(house) == {"A-1": "ALLOCATED" if outcome == "RELEASE" else "REFUSED"}
    assert held(house)[HOUSE] == ("40" if outcome == "RELEASE" else "100")
    assert case_of(house, "KYC_NOT_APPROVED").status == "CLOSED"


def test_a_block_that_is_released_before_the_close_is_allotted_the_same_day() -> None:
    prices = [{"isin": US_SHARE, "date": "2026-10-06", "close": "100", "currency": "USD"}]
    house = drop(opened(), WEDNESDAY, trades=[block()], prices=prices, allocations=THREE)
    house.cut_off(WEDNESDAY)
    assert set(states(house).values()) == {"HELD BLOCK_NOT_CLEARED"}
    decide(house, "PRICE_OUT_OF_BAND", "RELEASE")
    house.close(WEDNESDAY)
    assert set(states(house).values()) == {"ALLOCATED"}
    assert held(house)[HOUSE] == "1"


def test_the_past_is_shown_as_it_stood() -> None:
    house = run(trades=[block()], allocations=THREE)
    before = shown(house)
    run(THURSDAY, house, allocations=[part("A-2", "C-FIFO", "33", action="CANCEL")])
    assert [house.export(what, WEDNESDAY) for what in SHOWN] == before


def test_without_a_file_of_allocations_the_books_know_nothing_of_them() -> None:
    house = run(trades=[block(), trade("T-1", "BUY", "5", "10")])
    assert not [
        name for name in house.books(WEDNESDAY).tables if "alloc" in name or "affirm" in name
    ]
    assert house.table("allocations") == []
