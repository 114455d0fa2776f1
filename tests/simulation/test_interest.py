"""Clients' money bears interest by value date, is accrued daily and capitalised at month's end."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Final

import pytest

from backoffice.records.verify_store import verify_store
from tests.reference.samples import account, standing_rows
from tests.reference.writing import table_bytes
from tests.simulation.house import VIEWS, House
from tests.simulation.test_decisions import case_of

Row = dict[str, str]
TUESDAY: Final = date(2026, 10, 27)
FRIDAY: Final = date(2026, 10, 30)
"""The last bank day of October, which ends on a Saturday."""
MONDAY: Final = date(2026, 11, 2)
SHOWN: Final = (*VIEWS, "interest")


def rate(side: str, percent: str, **more: str) -> Row:
    row = {"currency": "USD", "side": side, "rate": percent, "valid_from": "2026-01-01"}
    return row | more


def cash(movement_id: str, amount: str, day: date, **more: str) -> Row:
    kind = "WITHDRAWAL" if amount.startswith("-") else "DEPOSIT"
    row = {"movement_id": movement_id, "account_id": "C-1", "kind": kind, "currency": "USD"}
    return row | {"amount": amount.removeprefix("-"), "value_date": str(day)} | more


RATES: Final = [rate("CREDIT", "3.6"), rate("DEBIT", "7.2")]


def opened(house: House | None = None) -> House:
    house = house or House()
    rows = standing_rows()
    rows["accounts"].append(account("M-1", account_type="MARGIN"))
    for kind, table in rows.items():
        house.drop("local", TUESDAY, f"{kind}.csv", table_bytes(table))
    return house


def run(day: date, house: House, **tables: list[Row]) -> House:
    for kind, rows in tables.items():
        number = house.dropped
        house.drop("local", day, f"{kind}-{number:03d}.csv", table_bytes(rows))
    house.business_day(day)
    assert verify_store(house.records)[1] == []
    return house


def balance(house: House, name: str, unit: str = "USD", day: date | None = None) -> Decimal:
    rows = house.table("trial-balance", day)
    found = [row for row in rows if (row["account"], row["unit"]) == (name, unit)]
    return Decimal(found[0]["balance"]) if found else Decimal()


def owed(house: House, account_id: str = "C-1") -> Decimal:
    return -balance(house, f"Liabilities:ClientCash:{account_id}")


def interest(house: House, account_id: str = "C-1") -> list[tuple[str, ...]]:
    names = ("period", "until", "credit_interest", "credit_capitalised")
    rows = house.table("interest")
    return [tuple(row[n] for n in names) for row in rows if row["account_id"] == account_id]


def test_a_month_is_accrued_daily_and_capitalised_on_its_last_bank_day() -> None:
    house = run(TUESDAY, opened(), rates=RATES, movements=[cash("D", "100000", TUESDAY)])
    # 100,000 x 3.6 % / 360 = 10 a day, the first close's own day included
    assert balance(house, "Liabilities:Accrued:Interest") == Decimal(-10)
    assert balance(house, "Expenses:Interest:Credit") == Decimal(10)
    for day in range(28, 30):
        run(date(2026, 10, day), house)
    assert balance(house, "Liabilities:Accrued:Interest") == Decimal(-30)
    assert owed(house) == Decimal(100000)
    run(FRIDAY, house)
    # the close of the last bank day takes Saturday the 31st, too
    assert interest(house) == [("2026-10", "2026-10-31", "50.00", "50.00")]
    assert owed(house) == Decimal(100050)
    assert balance(house, "Liabilities:Accrued:Interest") == 0
    assert balance(house, "Expenses:Interest:Credit") == Decimal(50)
    run(MONDAY, house)
    # two days of 100,050: 20.01
    assert interest(house)[1] == ("2026-11", "2026-11-02", "20.01", "0.00")
    assert balance(house, "Liabilities:Accrued:Interest") == Decimal("-20.01")


def test_a_month_whose_last_bank_day_had_no_close_is_capitalised_by_the_next() -> None:
    house = run(TUESDAY, opened(), rates=RATES, movements=[cash("D", "100000", TUESDAY)])
    run(MONDAY, house)
    assert interest(house) == [
        ("2026-10", "2026-10-31", "50.00", "50.00"),
        ("2026-11", "2026-11-02", "20.00", "0.00"),
    ]
    assert owed(house) == Decimal(100050)


def test_what_is_owed_to_the_firm_pays_margin_interest() -> None:
    moves = [cash("W", "-50000", TUESDAY, account_id="M-1"), cash("D", "100", TUESDAY)]
    house = run(TUESDAY, opened(), rates=RATES, movements=moves)
    # 50,000 x 7.2 % / 360
    assert balance(house, "Assets:Accrued:Interest") == Decimal(10)
    assert balance(house, "Income:Interest:Margin") == Decimal(-10)
    run(FRIDAY, house)
    assert owed(house, "M-1") == Decimal(-50050)
    assert balance(house, "Assets:Accrued:Interest") == 0
    # 100 x 3.6 % x 5 days / 360 is exactly 5 cents; none of the days' cents was rounded away
    assert owed(house) == Decimal("100.05")


def test_each_tier_pays_its_own_slice_and_an_account_type_may_have_its_own_schedule() -> None:
    rates = [
        rate("CREDIT", "3.6", tier_from="10000"),
        rate("CREDIT", "7.2", tier_from="50000"),
        rate("CREDIT", "36", account_type="MARGIN"),
    ]
    moves = [cash("D", "60000", TUESDAY), cash("E", "1000", TUESDAY, account_id="M-1")]
    house = run(TUESDAY, opened(), rates=rates, movements=moves)
    # nothing on 10,000; 40,000 at 3.6 %: 4; 10,000 at 7.2 %: 2
    assert interest(house)[0][2] == "6.00"
    assert interest(house, "M-1")[0][2] == "1.00"


def test_a_new_schedule_takes_the_place_of_the_one_before_from_its_day() -> None:
    rates = [*RATES, rate("CREDIT", "7.2", valid_from="2026-10-29")]
    house = run(TUESDAY, opened(), rates=rates, movements=[cash("D", "100000", TUESDAY)])
    run(FRIDAY, house)
    assert interest(house)[0][2] == "80.00"


def test_money_with_an_earlier_value_date_changes_what_was_accrued() -> None:
    house = run(TUESDAY, opened(), rates=RATES, movements=[cash("D", "100000", TUESDAY)])
    run(date(2026, 10, 28), house)
    run(date(2026, 10, 29), house, movements=[cash("L", "100000", TUESDAY)])
    # three days of 10 and, of what came late, three days of 10
    assert balance(house, "Liabilities:Accrued:Interest") == Decimal(-60)
    assert interest(house) == [("2026-10", "2026-10-29", "60.00", "0.00")]


def test_money_of_a_month_that_is_capitalised_is_adjusted_by_an_entry_that_names_it() -> None:
    house = run(TUESDAY, opened(), rates=RATES, movements=[cash("D", "100000", TUESDAY)])
    run(FRIDAY, house)
    run(MONDAY, house, movements=[cash("L", "100000", date(2026, 10, 29))])
    assert interest(house)[0] == ("2026-10", "2026-10-31", "80.00", "80.00")
    [line] = [
        row
        for row in house.table("journal")
        if row["kind"] == "INTEREST_ADJUSTMENT" and row["account"].startswith("Liabilities:Client")
    ]
    assert (line["source"], line["amount"]) == ("USD 2026-10", "-30.00")
    # two November days of 200,050, and the adjustment bears interest from the next close on
    assert interest(house)[1][2] == "40.01"
    run(date(2026, 11, 3), house)
    assert interest(house)[1][2] == "60.02"


def test_a_currency_without_a_rate_bears_nothing_and_says_so() -> None:
    euros = cash("E", "100000", TUESDAY, currency="EUR")
    house = run(TUESDAY, opened(), rates=RATES, movements=[euros])
    case = case_of(house, "INTEREST_NOT_ACCRUED")
    assert (case.subject, case.members) == ("EUR", 1)
    assert interest(house) == []
    zero = {"currency": "EUR", "side": "CREDIT", "rate": "0", "valid_from": "2026-01-01"}
    run(FRIDAY, house, rates=[zero])
    assert case_of(house, "INTEREST_NOT_ACCRUED").status == "CLOSED"


def test_a_day_without_a_rate_waits_for_one_and_is_caught_up() -> None:
    ends = rate("CREDIT", "3.6", valid_to="2026-10-27")
    house = run(TUESDAY, opened(), rates=[ends], movements=[cash("D", "100000", TUESDAY)])
    run(date(2026, 10, 28), house, movements=[cash("E", "50000", date(2026, 10, 28))])
    assert case_of(house, "INTEREST_NOT_ACCRUED").subject == "USD 2026-10-28"
    assert balance(house, "Liabilities:Accrued:Interest") == Decimal(-10)
    run(date(2026, 10, 29), house, rates=[rate("CREDIT", "7.2", valid_from="2026-10-28")],
        movements=[cash("F", "50000", date(2026, 10, 29))])  # fmt: skip
    # 10, then 150,000 at 7.2 %: 30, then 200,000: 40
    assert balance(house, "Liabilities:Accrued:Interest") == Decimal(-80)
    assert case_of(house, "INTEREST_NOT_ACCRUED").status == "CLOSED"


def test_the_books_are_the_same_whatever_came_first_and_however_accounts_are_cut() -> None:
    accounts = [account(f"N-{n}") for n in range(9)]
    moves = [cash(f"X-{n}", str(1000 + 777 * n), TUESDAY, account_id=f"N-{n}") for n in range(9)]
    late = [cash(f"Y-{n}", str(500 + n), TUESDAY, account_id=f"N-{n}") for n in range(9)]
    found = set()
    for order in permutations(range(3)):
        for rows in (2, 80_000):
            house = opened(House(rows_per_bucket=rows))
            tables = [("accounts-2", accounts), ("rates", RATES), ("movements", moves)]
            for place in order:
                name, table = tables[place]
                house.drop("local", TUESDAY, f"{name}.csv", table_bytes(table))
            run(TUESDAY, house)
            run(date(2026, 10, 28), house, movements=late)
            run(FRIDAY, house)
            run(MONDAY, house, movements=[cash("Z", "5", FRIDAY, account_id="N-3")])
            found.add(b"".join(house.export(what) for what in SHOWN))
    assert len(found) == 1


def test_without_rates_nothing_is_known_of_interest() -> None:
    house = run(TUESDAY, opened(), movements=[cash("D", "100000", TUESDAY)])
    books = house.books(TUESDAY)
    assert not [name for name in (*books.tables, *books.bucketed) if "interest" in name]
    assert house.table("interest") == []
    # the cut-off's part, the bucket's and the street's: none more
    assert len(books.journal) == 3


@pytest.mark.parametrize("days", [1, 30, 360])
def test_interest_of_a_whole_year_is_that_of_its_days(days: int) -> None:
    first = date(2026, 10, 27)
    house = run(first, opened(), rates=RATES,
                movements=[cash("W", "-100000", first, account_id="M-1")])  # fmt: skip
    run(first + timedelta(days=days - 1), house)
    rows = house.table("interest")
    exact = sum(Decimal(row["debit_interest"]) for row in rows)
    # compounding begins with what the last close capitalised: all but that is simple interest
    assert exact == Decimal(20) * days


def test_rates_of_all_time_stop_no_close() -> None:
    rates = [
        rate("CREDIT", "3.6", valid_from="0001-01-01", valid_to="9999-12-31"),
        rate("DEBIT", "999.999999", valid_from="9999-12-31", tier_from="9" * 18),
    ]
    house = run(TUESDAY, opened(), rates=rates, movements=[cash("D", "100000", TUESDAY)])
    assert interest(house)[0][2] == "10.00"
    most = [cash(f"X-{n}", "9" * 18, TUESDAY) for n in range(200)]
    run(FRIDAY, house, movements=most)
    assert len(interest(house)) == 1


def test_rates_without_any_account_bear_nothing() -> None:
    house = House()
    run(TUESDAY, house, rates=RATES)
    run(FRIDAY, house)
    assert house.table("interest") == []
