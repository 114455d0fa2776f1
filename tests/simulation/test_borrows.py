"""Shares are borrowed, given back and paid for; what is borrowed is owed to its lender."""

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Final

import pytest

from backoffice.records.verify_store import verify_store
from tests.reference.samples import JAPANESE_SHARE, US_SHARE, lei, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import VIEWS, House
from tests.simulation.test_decisions import case_of

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
MONDAY: Final = date(2026, 10, 12)
LENDER: Final = lei(7)
SHOWN: Final = (*VIEWS, "borrows", "file-rejects")
Row = dict[str, str]


def loan(borrow_id: str = "L-1", quantity: str = "100", day: date = WEDNESDAY, **more: str) -> Row:
    row = {"borrow_id": borrow_id, "lender": LENDER, "isin": US_SHARE, "quantity": quantity}
    return row | {"date": str(day)} | more


def back(quantity: str, day: date = THURSDAY, **more: str) -> Row:
    return loan(quantity=quantity, day=day, action="RETURN") | more


def close(price: str, day: date, **more: str) -> Row:
    return {"isin": US_SHARE, "date": str(day), "close": price, "currency": "USD"} | more


def opened() -> House:
    house = House()
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


def balance(house: House, name: str, unit: str = "USD") -> Decimal:
    rows = [r for r in house.table("trial-balance") if (r["account"], r["unit"]) == (name, unit)]
    return Decimal(rows[0]["balance"]) if rows else Decimal()


def stands(house: House) -> dict[str, tuple[str, str]]:
    return {row["borrow_id"]: (row["status"], row["outstanding"]) for row in house.table("borrows")}


def rejects(house: House) -> list[str]:
    return [row["code"] for row in house.table("file-rejects")]


def test_what_is_borrowed_is_at_the_depository_and_owed_to_its_lender() -> None:
    house = run(borrows=[loan(collateral="1000.01", currency="USD")])
    assert balance(house, "Securities:Depository", US_SHARE) == Decimal(100)
    assert balance(house, f"Securities:Lender:{LENDER}", US_SHARE) == Decimal(-100)
    assert balance(house, f"Assets:Collateral:{LENDER}") == Decimal("1000.01")
    assert balance(house, "Assets:Cash:USD") == Decimal("-1000.01")
    run(THURSDAY, house, borrows=[back("33")])
    # 1000.01 x 33 / 100 = 330.0033
    assert balance(house, f"Assets:Collateral:{LENDER}") == Decimal("670.01")
    run(FRIDAY, house, borrows=[back("67", FRIDAY)])
    assert stands(house) == {"L-1": ("RETURNED", "0")}
    for account in (
        f"Assets:Collateral:{LENDER}",
        "Assets:Cash:USD",
        f"Securities:Lender:{LENDER}",
    ):
        assert [r for r in house.table("trial-balance") if r["account"] == account] == []


def test_the_fee_is_counted_by_days_and_rounded_once_a_close() -> None:
    rows = [loan(fee_rate="3.6")]
    house = run(borrows=rows, prices=[close("200", WEDNESDAY)])
    assert balance(house, "Expenses:BorrowFees") == 0
    run(THURSDAY, house)
    # 100 x 200 x 3.6 % / 360
    assert balance(house, "Expenses:BorrowFees") == Decimal("2.00")
    run(FRIDAY, house, prices=[close("100.555", FRIDAY)], borrows=[back("50", FRIDAY)])
    assert balance(house, "Expenses:BorrowFees") == Decimal("3.01")
    run(MONDAY, house)
    # three days on what is left
    assert balance(house, f"Liabilities:BorrowFees:{LENDER}") == Decimal("-4.52")
    [row] = house.table("borrows")
    assert (row["fees_accrued"], row["accrued_until"]) == ("4.52", str(MONDAY))


@pytest.mark.parametrize("isin", [US_SHARE, JAPANESE_SHARE], ids=["no close", "no rule"])
def test_a_fee_that_cannot_be_told_is_a_case_until_it_can(isin: str) -> None:
    yen = close("200", WEDNESDAY, isin=JAPANESE_SHARE, currency="JPY")
    house = run(borrows=[loan(fee_rate="3.6", isin=isin)], prices=[yen])
    run(THURSDAY, house)
    case = case_of(house, "BORROW_FEE_NOT_ACCRUED")
    assert (case.subject, case.members) == (isin, 1)
    run(FRIDAY, house, prices=[close("200", FRIDAY)])
    is_told = isin == US_SHARE
    assert balance(house, "Expenses:BorrowFees") == (Decimal("4.00") if is_told else 0)
    status = case_of(house, "BORROW_FEE_NOT_ACCRUED").status
    assert status == ("CLOSED" if is_told else "OPEN")


def test_what_goes_back_before_its_fee_can_be_told_is_charged_when_it_can() -> None:
    house = run(borrows=[loan(fee_rate="3.6")])
    run(THURSDAY, house, borrows=[back("100", THURSDAY)])
    assert balance(house, "Expenses:BorrowFees") == 0
    assert case_of(house, "BORROW_FEE_NOT_ACCRUED").status == "OPEN"
    run(FRIDAY, house, prices=[close("200", FRIDAY)])
    # a day of 100 shares: on Friday there were none any more
    assert balance(house, "Expenses:BorrowFees") == Decimal("2.00")
    assert case_of(house, "BORROW_FEE_NOT_ACCRUED").status == "CLOSED"
    run(MONDAY, house)
    assert balance(house, "Expenses:BorrowFees") == Decimal("2.00")


def test_a_loan_told_of_once_it_is_over_has_its_fee() -> None:
    rows = [loan(fee_rate="3.6"), back("40", THURSDAY), back("60", FRIDAY)]
    house = run(FRIDAY, borrows=rows, prices=[close("200", FRIDAY)])
    # 100 shares for a day, and 60 for another
    assert balance(house, "Expenses:BorrowFees") == Decimal("3.20")
    assert stands(house) == {"L-1": ("RETURNED", "0")}


def test_no_more_goes_back_than_came_whatever_came_first() -> None:
    tables = [
        [back("60"), back("50", FRIDAY)],
        [back("40", FRIDAY, return_id="R-2"), back("1", FRIDAY)],
        [back("60")],
    ]
    found = set()
    for order in permutations(range(len(tables))):
        house = run(borrows=[loan()])
        for place in order:
            house.drop("local", FRIDAY, f"borrows-{place}.csv", table_bytes(tables[place]))
        house.business_day(FRIDAY)
        assert rejects(house) == ["OVER_RETURNED", "OVER_RETURNED"]
        assert stands(house) == {"L-1": ("RETURNED", "0")}
        found.add(b"".join(house.export(what) for what in SHOWN))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (loan("L-9", action="RETURN"), "UNKNOWN_BORROW"),
        (loan(quantity="5"), "CONFLICTING_DUPLICATE"),
        (back("5", isin=JAPANESE_SHARE), "WRONG_BORROW"),
        (back("5", lender=lei(8)), "WRONG_BORROW"),
        (loan("L-2", collateral="5"), "BAD_FORMAT"),
        (loan("L-2", lender="5493008KLP92CC1Y8810"), "BAD_LEI"),
    ],
)
def test_rows_that_are_no_part_of_a_loan_are_rejected(row: Row, code: str) -> None:
    house = run(borrows=[loan()])
    run(THURSDAY, house, borrows=[row, loan()])
    assert rejects(house) == [code]
    assert stands(house) == {"L-1": ("OPEN", "100")}


def test_a_cancelled_loan_leaves_nothing() -> None:
    house = run(borrows=[loan(fee_rate="3.6", collateral="10", currency="USD")],
                prices=[close("200", WEDNESDAY)])  # fmt: skip
    run(THURSDAY, house, borrows=[back("30")])
    run(FRIDAY, house, borrows=[loan(action="CANCEL")])
    assert stands(house) == {"L-1": ("CANCELLED", "0")}
    assert house.table("trial-balance") == []


def test_a_loan_of_a_later_date_waits_for_it_and_one_cancelled_before_never_was() -> None:
    rows = [loan(day=FRIDAY), loan("L-2", day=FRIDAY), loan("L-2", day=FRIDAY, action="CANCEL")]
    house = run(borrows=rows)
    assert stands(house) == {}
    run(THURSDAY, house)
    run(FRIDAY, house)
    assert stands(house) == {"L-1": ("OPEN", "100")}


def test_a_loan_kept_too_long_is_a_case() -> None:
    house = run(borrows=[loan(return_date=str(THURSDAY))])
    run(THURSDAY, house)
    assert [row for row in house.table("cases") if row["code"] == "BORROW_OVERDUE"] == []
    run(FRIDAY, house)
    assert case_of(house, "BORROW_OVERDUE").subject == "local/L-1"
    run(MONDAY, house, borrows=[back("100", MONDAY)])
    assert case_of(house, "BORROW_OVERDUE").status == "CLOSED"


def test_a_short_sale_is_delivered_of_what_is_borrowed() -> None:
    short = trade("S-1", "SHORT", "100", "10", locate_id="L")
    house = run(trades=[short], borrows=[loan()])
    assert balance(house, "Securities:Depository", US_SHARE) == Decimal(100)
    run(THURSDAY, house)
    assert balance(house, "Securities:Depository", US_SHARE) == Decimal(0)
    assert balance(house, "Securities:Client:C-1", US_SHARE) == Decimal(100)


def test_without_a_file_of_borrows_the_books_know_nothing_of_them() -> None:
    house = run(trades=[trade("T-1", "BUY", "5", "10")])
    assert not [name for name in house.books(WEDNESDAY).tables if "borrow" in name]
    assert house.table("borrows") == []
