"""Financial statements, period ends and closing entries, on days that run by the real steps."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from beancount import loader

from backoffice.records.export import Asked, export
from backoffice.records.statement_views import NoStatementError
from backoffice.records.verify_store import verify_store
from tests.reference.samples import CLIENT, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.test_entries import agree, lock, propose

DECEMBER: Final = tuple(date(2026, 12, day) for day in (28, 29, 30))
JANUARY: Final = tuple(date(2027, 1, day) for day in (4, 5, 6, 7))
YEAR_END: Final = date(2026, 12, 31)
ACCRUAL: Final = (("Expenses:Rent", "USD", "40"), ("Liabilities:Accrued:Rent", "USD", "-40"))
CAPITAL: Final = (("Assets:Cash:USD", "USD", "5000"), ("Equity:Capital", "USD", "-5000"))


@pytest.fixture
def house() -> House:
    """Make a house with capital, a client's money, a trade that earns, and rent accrued."""
    opened = House()
    day = DECEMBER[0]
    for kind, rows in standing_rows().items():
        opened.drop("local", day, f"{kind}.csv", table_bytes(rows))
    rate = {"currency": "USD", "base": "ISK", "date": str(day), "rate": "125.5"}
    opened.drop("local", day, "fx.csv", table_bytes([rate]))
    deposit = {"movement_id": "M-1", "account_id": CLIENT, "kind": "DEPOSIT", "currency": "USD"}
    deposit |= {"amount": "2000.00", "value_date": str(day)}
    opened.drop("local", day, "movements.csv", table_bytes([deposit]))
    row = trade("B", "BUY", "10", "100", trade_time="2026-12-28T15:00:00Z", commission="7.50")
    opened.drop("local", day, "trades.csv", table_bytes([row]))
    propose(opened, day, "E-1", CAPITAL, day)
    propose(opened, day, "E-2", ACCRUAL, YEAR_END, reverse_on="2027-01-01")
    opened.cut_off(day)
    agree(opened)
    opened.close(day)
    for each in DECEMBER[1:]:
        opened.business_day(each)
    opened.business_day(JANUARY[0])
    return opened


def shown(house: House, what: str, until: date | None, **more: object) -> list[dict[str, Any]]:
    asked = Asked.model_validate({"what": what, "format": "json", "date": until, **more})
    rows: list[dict[str, Any]] = json.loads(export(house.records, asked))
    return rows


def lines(rows: list[dict[str, Any]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows if row["line"] == "ACCOUNT"]


def totals(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    names = ("section", "currency", "amount", "base_amount")
    return [tuple(row[name] for name in names) for row in rows if row["line"] == "TOTAL"]


def test_a_balance_sheet_balances_and_says_it_in_the_firms_currency(house: House) -> None:
    sheet = shown(house, "balance-sheet", YEAR_END)
    assert lines(sheet, "section", "account", "amount", "base_amount", "base_rate_date") == [
        ("Assets", "Assets:Cash", "6000.00", "753000", "2026-12-28"),
        ("Liabilities", "Liabilities:Accrued", "40.00", "5020", "2026-12-28"),
        ("Liabilities", "Liabilities:ClientCash", "992.50", "124559", "2026-12-28"),
        ("Equity", "Equity:Capital", "5000.00", "627500", "2026-12-28"),
        ("Equity", "Equity:Result", "-32.50", "-4079", "2026-12-28"),
    ]
    assert totals(sheet) == [
        ("Assets", "USD", "6000.00", "753000"),
        ("Liabilities", "USD", "1032.50", "129579"),
        ("Equity", "USD", "4967.50", "623421"),
        ("Liabilities and equity", "USD", "6000.00", "753000"),
        ("Difference", "USD", "0.00", "0"),
    ]


def test_an_income_statement_is_of_its_time(house: House) -> None:
    since = date(2026, 12, 1)
    told = shown(house, "income", YEAR_END, since=since)
    assert lines(told, "section", "account", "amount") == [
        ("Income", "Income:Commission", "7.50"),
        ("Expenses", "Expenses:Rent", "40.00"),
    ]
    assert totals(told)[-1][:3] == ("Result", "USD", "-32.50")
    january = shown(house, "income", JANUARY[0], since=date(2027, 1, 1))
    assert lines(january, "account", "amount") == [("Expenses:Rent", "-40.00")]
    before = shown(house, "income", YEAR_END, since=since, known_at=DECEMBER[2])
    assert lines(before, "account", "amount") == [("Income:Commission", "7.50")]
    for wrong, says in (
        ({}, "--from"),
        ({"since": JANUARY[0]}, "of no time"),
        ({"since": since, "base": "XYZ"}, "no currency"),
    ):
        with pytest.raises(NoStatementError, match=says):
            shown(house, "income", YEAR_END, **wrong)


def test_a_cash_flow_says_what_moved_the_cash(house: House) -> None:
    told = shown(house, "cash-flow", YEAR_END, since=DECEMBER[0])
    assert lines(told, "section", "account", "amount") == [
        ("Flow", "Equity:Capital", "5000.00"),
        ("Flow", "Liabilities:ClientCash", "2000.00"),
        ("Flow", "Liabilities:Payable:Street", "-1000.00"),
        ("Closing", "Assets:Cash", "6000.00"),
    ]
    assert totals(told)[-1][2] == "0.00"


def test_a_ledger_runs_from_opening_to_closing(house: House) -> None:
    told = shown(house, "ledger", YEAR_END, since=DECEMBER[1], account="Assets:Cash")
    assert [
        (row["line"], row["date"], row["debit"], row["credit"], row["balance"]) for row in told
    ] == [
        ("OPENING", "2026-12-29", None, None, "7000.00"),
        ("ENTRY", "2026-12-29", None, "1000.00", "6000.00"),
        ("CLOSING", "2026-12-31", None, None, "6000.00"),
    ]
    whole = shown(house, "ledger", YEAR_END, since=date(2026, 12, 1))
    assert {row["account"] for row in whole} >= {"Income:Commission", "Expenses:Rent"}
    assert not any(row["account"].startswith("Securities") for row in whole)


def test_a_year_is_closed_once_its_lock_binds(house: House, tmp_path: Path) -> None:
    lock(house, JANUARY[1], "2026")
    assert not [row for row in house.table("journal") if row["kind"] == "CLOSING"]
    house.business_day(JANUARY[2])
    closing = [row for row in house.table("journal") if row["kind"] == "CLOSING"]
    assert [(row["effective_date"], row["account"], row["amount"]) for row in closing] == [
        (str(YEAR_END), "Equity:RetainedEarnings", "32.50"),
        (str(YEAR_END), "Expenses:Rent", "-40.00"),
        (str(YEAR_END), "Income:Commission", "7.50"),
    ]
    income = shown(house, "income", YEAR_END, since=date(2026, 1, 1))
    assert totals(income)[-1][:3] == ("Result", "USD", "-32.50"), "closing entries are left out"
    sheet = shown(house, "balance-sheet", YEAR_END)
    assert ("Equity", "Equity:RetainedEarnings", "-32.50") in lines(
        sheet, "section", "account", "amount"
    )
    assert not [row for row in sheet if row["account"] == "Equity:Result"]
    house.business_day(JANUARY[3])
    assert len([row for row in house.table("journal") if row["kind"] == "CLOSING"]) == len(closing)
    path = tmp_path / "journal.beancount"
    path.write_bytes(house.export("journal", form="beancount"))
    assert loader.load_file(str(path))[1] == []
    assert verify_store(house.records)[1] == []


def test_a_year_that_was_opened_is_closed_again_by_the_lock_of_a_later_month(house: House) -> None:
    lock(house, JANUARY[1], "2026")
    lock(house, JANUARY[2], "2026", "UNLOCK")
    more = (("Expenses:Audit", "USD", "10"), ("Liabilities:Accrued:Audit", "USD", "-10"))
    propose(house, JANUARY[3], "E-9", more, YEAR_END)
    house.cut_off(JANUARY[3])
    agree(house)
    house.close(JANUARY[3])
    lock(house, date(2027, 2, 1), "2027-01")
    sheet = shown(house, "balance-sheet", YEAR_END)
    assert [row["amount"] for row in sheet if row["account"] == "Equity:Result"] == ["-10.00"]
    house.business_day(date(2027, 2, 2))
    sheet = shown(house, "balance-sheet", YEAR_END)
    assert ("Equity:RetainedEarnings", "-42.50") in lines(sheet, "account", "amount")
    assert not [row for row in sheet if row["account"] == "Equity:Result"]


def test_what_is_let_into_a_closed_year_is_closed_too(house: House) -> None:
    lock(house, JANUARY[1], "2026")
    more = (("Expenses:Audit", "USD", "10"), ("Liabilities:Accrued:Audit", "USD", "-10"))
    propose(house, JANUARY[2], "E-9", more, YEAR_END)
    house.cut_off(JANUARY[2])
    agree(house)
    agree(house, "LOCKED_PERIOD")
    house.close(JANUARY[2])
    house.business_day(JANUARY[3])
    closing = [row for row in house.table("journal") if row["recorded_on"] == str(JANUARY[3])]
    assert [(row["account"], row["amount"]) for row in closing if row["kind"] == "CLOSING"] == [
        ("Equity:RetainedEarnings", "10.00"),
        ("Expenses:Audit", "-10.00"),
    ]
    sheet = shown(house, "balance-sheet", YEAR_END)
    assert ("Equity:RetainedEarnings", "-42.50") in lines(sheet, "account", "amount")
    assert not [row for row in sheet if row["account"] == "Equity:Result"]


def test_a_checklist_says_what_is_missing_and_who_it_waits_for(house: House) -> None:
    propose(house, JANUARY[1], "E-3", ACCRUAL, YEAR_END)
    stuck = (("Assets:Suspense", "USD", "3"), ("Assets:Cash:USD", "USD", "-3"))
    propose(house, JANUARY[1], "E-4", stuck, YEAR_END)
    house.cut_off(JANUARY[1])
    agree(house)
    house.close(JANUARY[1])
    rows = {row["check"]: row for row in shown(house, "checklist", YEAR_END, period="2026-12")}
    days = rows["business days closed"]
    assert (days["status"], days["waits_for"]) == ("MISSING", "operations")
    assert days["detail"].startswith("2026-12-01; 2026-12-02")
    assert rows["suspense accounts at zero"]["detail"] == "Assets:Suspense 3.00 USD"
    assert rows["period locked"]["detail"] == "2026-12 is open"
    for name in ("stock record at zero", "books in balance", "breaks explained"):
        assert (rows[name]["status"], rows[name]["detail"]) == ("DONE", None)
    january = {row["check"]: row for row in shown(house, "checklist", YEAR_END, period="2027-01")}
    assert (
        "Liabilities:Accrued:Rent was accrued for 2026-12" in january["accruals posted"]["detail"]
    )


def test_reserves_are_reviewed_by_an_entry_of_the_period(house: House) -> None:
    reserve = "Liabilities:General:Reserve:Claims"
    lines = (("Expenses:Claims", "USD", "90"), (reserve, "USD", "-90"))
    propose(house, JANUARY[1], "E-3", lines, YEAR_END)
    house.cut_off(JANUARY[1])
    agree(house)
    house.close(JANUARY[1])

    def left(period: str) -> tuple[str, str | None]:
        rows = shown(house, "checklist", YEAR_END, period=period)
        (row,) = [row for row in rows if row["check"] == "reserves reviewed"]
        return row["status"], row["detail"]

    assert left("2026-11") == ("DONE", None), "there was none yet"
    assert left("2026-12") == ("DONE", None)
    assert left("2026") == ("DONE", None)
    assert left("2027-01") == ("MISSING", f"{reserve} was not posted to in 2027-01")
    stands = ((reserve, "USD", "90"), (reserve, "USD", "-90"))
    propose(house, JANUARY[2], "E-4", stands, JANUARY[2])
    house.cut_off(JANUARY[2])
    agree(house)
    house.close(JANUARY[2])
    assert left("2027-01") == ("DONE", None)


def test_the_base_currency_is_the_policys_where_there_is_one(house: House) -> None:
    def bases(until: date, **more: str) -> set[str | None]:
        rows = shown(house, "balance-sheet", until, **more)
        return {row["base_currency"] for row in rows} - {None}

    assert bases(YEAR_END) == {"ISK"}, "the rule"
    policy = {"policy": "FX_REVALUATION", "currency": "USD", "valid_from": str(JANUARY[1])}
    house.drop("local", JANUARY[1], "policies.csv", table_bytes([policy]))
    house.business_day(JANUARY[1])
    assert bases(JANUARY[1]) == {"USD"}
    assert bases(YEAR_END) == {"ISK"}, "the policy began later"
    assert bases(JANUARY[1], known_at=str(JANUARY[0])) == {"ISK"}, "nobody knew of it"
    assert bases(JANUARY[1], base="EUR") <= {"EUR"}
