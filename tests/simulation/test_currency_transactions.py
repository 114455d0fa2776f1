"""Cash over $10,000 of one person on one business day is reported, and a case until it is taken."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from backoffice.compliance.currency_transactions.report import CTR
from backoffice.compliance.reports.documents import Report
from backoffice.kernel.rulebook import default_rulebook
from tests.reference.samples import account, lei, standing_rows
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.reporting import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    of_kind,
    report,
    run,
)

Row = dict[str, str]
ENTITY: Final = lei(71)
AFTER: Final = date(2026, 10, 12)


def moved(name: str, amount: str, day: date, account_id: str = "C-1", **more: str) -> Row:
    """Return a movement of currency: money in, or out where the amount is negative."""
    return {
        "movement_id": name,
        "account_id": account_id,
        "kind": "WITHDRAWAL" if amount.startswith("-") else "DEPOSIT",
        "currency": "USD",
        "amount": amount.removeprefix("-"),
        "value_date": str(day),
        "channel": "CASH",
        **more,
    }


def opened(*movements: Row, **tables: list[Row]) -> House:
    """Run Monday on movements of four accounts, two of them one entity's."""
    house = House()
    accounts = [account("C-1"), account("C-2"), account("E-1", lei=ENTITY)]
    rows = {**standing_rows(), "accounts": [*accounts, account("E-2", lei=ENTITY)]}
    run(house, MONDAY, **rows, **tables, movements=list(movements))
    return house


def made(house: House) -> Report:
    return of_kind(report(house), CTR)[-1]


def told(house: House, view: str = "currency-transactions") -> list[Row]:
    return house.table(view)


def stands(house: House) -> dict[str, str]:
    return {r["report_id"]: r["status"] for r in house.table("reports") if r["kind"] == CTR}


def cases(house: House, code: str = "CTR_DUE") -> list[tuple[str, str, str]]:
    rows = [row for row in house.table("cases") if row["code"] == code]
    return [(row["subject"], row["status"], row["due"]) for row in rows]


def test_above_the_threshold_and_not_at_it_is_reported() -> None:
    house = opened(moved("M-1", "10000", MONDAY), moved("M-2", "10000.01", MONDAY, "C-2"))
    made(house)
    (row,) = told(house)
    assert (row["owner"], row["way"], row["amount"]) == ("C-2", "IN", "10000.01")
    assert (row["business_day"], row["movements"], row["amends"]) == (str(MONDAY), "1", "N")


@pytest.mark.parametrize("channel", ["", "WIRE", "CHEQUE", "INTERNAL"])
def test_what_is_no_currency_is_not_reported(channel: str) -> None:
    house = opened(moved("M-1", "50000", MONDAY, channel=channel))
    assert made(house).files == ()
    assert stands(house) == {f"{CTR}-{MONDAY}": "MADE"}
    assert cases(house) == []


def test_a_channel_that_nobody_knows_is_a_case() -> None:
    house = opened(moved("M-1", "50000", MONDAY, channel="cash"))
    found = made(house)
    assert [(one.code, one.subject) for one in found.causes] == [
        ("REPORT_DATA_MISSING", "movement M-1 channel")
    ]


def test_accounts_of_one_person_count_together_and_ways_apart() -> None:
    house = opened(
        moved("M-1", "6000", MONDAY, "E-1"),
        moved("M-2", "4000.50", MONDAY, "E-2"),
        moved("M-3", "6000", MONDAY, "C-1"),
        moved("M-4", "-6000", MONDAY, "C-1"),
        moved("M-5", "9000", MONDAY, "C-2"),
        moved("M-6", "9000", TUESDAY, "C-2"),
    )
    made(house)
    (row,) = told(house)
    assert (row["owner"], row["accounts"], row["amount"]) == ("E-1", "E-1;E-2", "10000.50")
    run(house, TUESDAY)
    assert made(house).files == ()


def test_cash_of_a_weekend_is_the_next_business_days() -> None:
    saturday = date(2026, 10, 10)
    house = opened(moved("M-1", "6000", saturday), moved("M-2", "6000", date(2026, 10, 13)))
    for day in (FRIDAY, AFTER):
        run(house, day)
        assert made(house).files == ()  # the twelfth is a holiday of the banks
    run(house, date(2026, 10, 13))
    made(house)
    (row,) = told(house)
    assert (row["business_day"], row["amount"]) == ("2026-10-13", "12000.00")


def test_another_currency_counts_at_its_rate_and_without_one_is_a_case() -> None:
    rate = {"currency": "EUR", "base": "USD", "date": str(MONDAY), "rate": "1.25"}
    euro, krona = moved("M-1", "8001", MONDAY), moved("M-2", "1000", MONDAY)
    house = opened(euro | {"currency": "EUR"}, krona | {"currency": "JPY"}, fx=[rate])
    found = made(house)
    (row,) = told(house)
    assert (row["amount"], row["currency"]) == ("10001.25", "USD")
    assert [one.subject for one in found.causes] == ["movement M-2 rate"]


def test_cash_that_is_told_late_is_reported_late_and_amends_what_was() -> None:
    house = opened(moved("M-1", "10000", MONDAY), moved("M-2", "11000", MONDAY, "C-2"))
    made(house)
    late = [moved("M-3", "1", MONDAY), moved("M-4", "2", MONDAY, "C-2")]
    run(house, TUESDAY, movements=late)
    made(house)
    rows = [r for r in told(house) if r["report_id"] == f"{CTR}-{TUESDAY}"]
    assert [(r["owner"], r["amount"], r["amends"]) for r in rows] == [
        ("C-1", "10001.00", "N"),
        ("C-2", "11002.00", "Y"),
    ]


def answered(house: House, found: Report, day: date, status: str) -> None:
    row = {"message_id": found.files[0].message_id, "status": status, "reason": "said"}
    house.drop("fincen", day, f"reportstatus-{day}.csv", table_bytes([row]))
    run(house, day)
    report(house)


def test_a_case_with_the_clock_stands_until_the_report_is_acknowledged() -> None:
    house = opened(moved("M-1", "20000", MONDAY))
    found = made(house)
    assert str(found.due) == "2026-10-21 03:59:00+00:00"
    run(house, TUESDAY)
    name = f"{CTR}-{MONDAY}"
    assert cases(house) == [(name, "OPEN", "2026-10-21")]
    answered(house, found, WEDNESDAY, "RJCT")
    run(house, THURSDAY)
    assert [one[1] for one in cases(house)] == ["OPEN"]
    assert cases(house, "REPORT_REJECTED")[0][:2] == (name, "OPEN")
    assert stands(house)[name] == "REJECTED"
    answered(house, found, FRIDAY, "ACPT")
    run(house, AFTER)
    assert [one[1] for one in cases(house)] == ["CLOSED"]
    assert stands(house)[name] == "ACKNOWLEDGED"


def test_after_fifteen_days_it_is_overdue() -> None:
    house = opened(moved("M-1", "20000", MONDAY))
    made(house)
    for day, state in ((date(2026, 10, 20), "SUBMITTED"), (date(2026, 10, 21), "OVERDUE")):
        run(house, day)
        report(house)
        assert stands(house)[f"{CTR}-{MONDAY}"] == state


def test_rows_sum_to_the_movements_and_the_movements_to_the_journal() -> None:
    rows = [
        moved(f"M-{day}-{n}", f"{sign}{1000 * (n % 4 + 1)}.{n:02d}", day, f"C-{n % 2 + 1}")
        for day in (MONDAY, TUESDAY)
        for n in range(24)
        for sign in ("", "-")[n % 3 == 0 :][:1]
    ]
    house = opened(*rows)
    made(house)
    run(house, TUESDAY)
    assert made(house).differences == ()
    journal = {
        row["source"]: Decimal(row["amount"])
        for row in house.table("journal")
        if row["account"] == "Assets:Cash:USD"
    }
    summed: dict[str, Decimal] = {}
    for part in told(house, "currency-movements"):
        assert abs(journal[part["movement_id"]]) == Decimal(part["amount"])
        summed[part["ctr_id"]] = summed.get(part["ctr_id"], Decimal()) + Decimal(part["amount"])
    assert summed == {row["ctr_id"]: Decimal(row["amount"]) for row in told(house)}
    assert len(summed) > 3
    assert _expected(rows) == {
        (row["owner"], row["way"], row["business_day"]): Decimal(row["amount"])
        for row in told(house)
    }


def _expected(rows: list[Row]) -> Mapping[tuple[str, str, str], Decimal]:
    sums: dict[tuple[str, str, str], Decimal] = {}
    for row in rows:
        way = "IN" if row["kind"] == "DEPOSIT" else "OUT"
        key = (row["account_id"], way, row["value_date"])
        sums[key] = sums.get(key, Decimal()) + Decimal(row["amount"])
    return {key: total for key, total in sums.items() if total > 10_000}


def test_days_made_up_for_come_to_the_same_and_nothing_is_made_twice() -> None:
    rows = [moved("M-1", "20000", MONDAY), moved("M-2", "30000", TUESDAY)]
    one, other = opened(*rows), opened(*rows)
    made(one)
    run(one, TUESDAY)
    made(one)
    run(other, TUESDAY)
    report(other)
    for view in ("currency-transactions", "currency-movements"):
        assert one.export(view) == other.export(view)
    assert report(one) == []


def test_the_clock_is_the_rules() -> None:
    rules = default_rulebook()
    assert rules.days("report_due.CTR.days", MONDAY) == rules.days("ctr_days", MONDAY)
