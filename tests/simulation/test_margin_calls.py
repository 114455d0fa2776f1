"""A margin call is a case from the next cut-off on, by its own date, until it is met."""

import json
from datetime import date
from typing import Any, Final

import pytest

from backoffice.accounting.risk.assess import NothingClosedError, assess_risk
from backoffice.accounting.risk.report import RiskReport, report_key
from backoffice.accounting.risk.tables import COLUMNS, to_csv
from backoffice.intake.day_documents import Cause
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.verify_store import verify_store
from backoffice.risk.margin_calls import MARGIN_NOT_ASSESSED
from tests.reference.samples import (
    NETTING_STREET,
    US_SHARE,
    account,
    counterparty,
    instrument,
    trade,
)
from tests.reference.writing import table_bytes
from tests.simulation.house import House

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
MONDAY: Final = date(2026, 10, 12)
LENT, BARE, SHORT, PLAIN = "M-LENT", "M-BARE", "M-SHORT", "C-PLAIN"
Table = list[dict[str, str]]


def drop(house: House, day: date, **tables: Table) -> None:
    for name, rows in tables.items():
        house.drop("local", day, f"{name}-{day}.csv", table_bytes(rows))


def price(day: date, close: str) -> Table:
    return [{"isin": US_SHARE, "date": str(day), "close": close, "currency": "USD"}]


def deposit(account_id: str, amount: str, day: date) -> Table:
    row = {"movement_id": f"D-{account_id}-{day}", "account_id": account_id, "kind": "DEPOSIT"}
    return [row | {"currency": "USD", "amount": amount, "value_date": str(day)}]


def assess(house: House) -> RiskReport:
    return assess_risk(house.records, default_rulebook(), default_calendar())


def opened(**more: Table) -> House:
    """Run Wednesday: one buys for 16,000 on a loan of 8,000, a cash account likewise."""
    house = House(rows_per_bucket=2)
    on_margin = [account(name, account_type="MARGIN") for name in (LENT, BARE, SHORT)]
    drop(
        house,
        WEDNESDAY,
        accounts=[*on_margin, account(PLAIN)],
        instruments=[instrument(US_SHARE, "XNYS", "USD")],
        counterparties=[counterparty(NETTING_STREET)],
        prices=price(WEDNESDAY, "100"),
        movements=[*deposit(LENT, "8000", WEDNESDAY), *more.get("movements", [])],
        trades=[
            trade("T-1", "BUY", "160", "100", account_id=LENT),
            trade("T-2", "BUY", "160", "100", account_id=PLAIN),
            *more.get("trades", []),
        ],
    )
    house.business_day(WEDNESDAY)
    return house


def run(house: House, day: date, close: str, movements: Table | None = None) -> None:
    drop(house, day, prices=price(day, close), movements=movements or [])
    house.business_day(day)


def cases(house: House, code: str = "MARGIN_CALL") -> list[tuple[str, ...]]:
    found = [row for row in house.table("cases") if row["code"] == code]
    return [(row["subject"], row["status"], row["due"]) for row in found]


def margin(report: RiskReport, account_id: str = LENT) -> dict[str, Any]:
    (row,) = [row for row in report.margin if row["account_id"] == account_id]
    return row


def is_sound(house: House) -> bool:
    return verify_store(house.records)[1] == []


def test_16000_bought_on_a_loan_of_8000_is_within_both_requirements() -> None:
    house = opened()
    report = assess(house)
    at = margin(report)
    assert (at["debit"], at["equity"], at["excess"]) == ("8000.00", "8000.00", "0.00")
    assert [row["account_id"] for row in report.margin] == [LENT]
    assert (report.calls, report.causes, report.cured) == ((), (), ())
    run(house, THURSDAY, "75")
    report = assess(house)
    at = margin(report)
    assert (at["long_market_value"], at["equity"]) == ("12000.00", "4000.00")
    assert (at["maintenance_requirement"], report.calls) == ("3000.00", ())
    assert report.since == WEDNESDAY
    assert is_sound(house)


def test_a_call_is_a_case_from_the_next_cut_off_on_and_closes_once_it_is_met() -> None:
    house = opened()
    assess(house)
    run(house, THURSDAY, "60")
    report = assess(house)
    (called,) = report.calls
    assert (called["amount"], called["reg_t"], called["due"]) == ("800.00", "0.00", "2026-10-15")
    assert cases(house) == []
    assert is_sound(house)
    run(house, FRIDAY, "59")
    assert cases(house) == [(LENT, "OPEN", "2026-10-15")]
    (called,) = assess(house).calls
    # 160 at 59 are 9,440: equity 1,440, needed 2,360; the call keeps its date
    assert (called["amount"], called["due"]) == ("920.00", "2026-10-15")
    run(house, MONDAY, "59", deposit(LENT, "920", MONDAY))
    assert cases(house) == [(LENT, "OPEN", "2026-10-15")]
    report = assess(house)
    assert (report.calls, [one.subject for one in report.cured]) == ((), [LENT])
    house.business_day(date(2026, 10, 13))
    assert cases(house) == [(LENT, "CLOSED", "2026-10-15")]
    assert is_sound(house)


def test_calls_made_and_met_between_two_cut_offs_open_nothing() -> None:
    house = opened()
    run(house, THURSDAY, "60")
    assess(house)
    house.cut_off(FRIDAY)
    house.close(FRIDAY)
    assert cases(house) == [(LENT, "OPEN", "2026-10-15")]
    run(house, MONDAY, "100")
    assess(house)
    assess(house)
    house.business_day(date(2026, 10, 13))
    assert cases(house) == [(LENT, "CLOSED", "2026-10-15")]
    assert is_sound(house)


def test_a_purchase_without_the_money_is_called_for_by_regulation_t() -> None:
    house = opened(
        movements=deposit(BARE, "2000", WEDNESDAY),
        trades=[trade("T-3", "BUY", "100", "100", account_id=BARE)],
    )
    (called,) = assess(house).calls
    assert called == {
        "account_id": BARE,
        "currency": "USD",
        "amount": "3000.00",
        "due": "2026-10-12",
        "reg_t": "3000.00",
        "reg_t_due": "2026-10-12",
        "maintenance": "500.00",
        "maintenance_due": "2026-10-14",
    }
    run(house, THURSDAY, "100", deposit(BARE, "1000", THURSDAY))
    (called,) = assess(house).calls
    assert (called["reg_t"], called["maintenance"]) == ("2000.00", "0.00")
    assert cases(house) == [(BARE, "OPEN", "2026-10-12")]


def test_what_cannot_be_valued_is_told_and_leaves_a_call_as_it_is() -> None:
    house = opened()
    run(house, THURSDAY, "60")
    (called,) = assess(house).calls
    moved = {"movement_id": "X", "account_id": LENT, "kind": "TRANSFER_IN", "quantity": "1"}
    moved |= {
        "isin": "IS0000000024",
        "cost": "1",
        "cost_currency": "USD",
        "value_date": "2026-10-09",
    }
    run(house, FRIDAY, "100", [moved])
    report = assess(house)
    assert (report.calls, report.cured) == ((called,), ())
    assert report.causes[1:] == (Cause(code=MARGIN_NOT_ASSESSED, subject=LENT),)
    assert [row["account_id"] for row in report.unassessed] == [LENT]
    assert report.margin == ()
    other = [{"isin": "IS0000000024", "date": "2026-10-12", "close": "1", "currency": "USD"}]
    known = [instrument("IS0000000024", "XICE", "USD")]
    drop(house, MONDAY, prices=other, instruments=known)
    house.business_day(MONDAY)
    assert cases(house, MARGIN_NOT_ASSESSED) == [(LENT, "OPEN", "2026-10-14")]
    assert cases(house)[0][1] == "OPEN"
    report = assess(house)
    assert report.unassessed == ()
    assert {(one.code, one.subject) for one in report.cured} == {
        ("MARGIN_CALL", LENT),
        (MARGIN_NOT_ASSESSED, LENT),
    }
    house.business_day(date(2026, 10, 13))
    assert [row[1] for row in cases(house, MARGIN_NOT_ASSESSED)] == ["CLOSED"]
    assert is_sound(house)


def test_the_report_tells_exposures_locates_and_concentrations() -> None:
    sold = [
        trade(f"S-{n}", "SHORT", "10", "100", account_id=SHORT, locate_id="L-1") for n in (1, 2)
    ]
    report = assess(opened(trades=sold, movements=deposit(SHORT, "5000", WEDNESDAY)))
    (locate,) = report.locates
    assert (locate["locate_id"], locate["quantity"], locate["trades"]) == ("L-1", "20", 2)
    (exposure,) = report.exposures
    # 320 bought less 20 sold, all at the close
    assert (exposure["money"], exposure["replacement_cost"]) == ("30000.00", "0.00")
    assert [(row["account_id"], row["share_percent"]) for row in report.concentrations] == [
        (None, "100"),
        (LENT, "100"),
    ]
    at = margin(report, SHORT)
    assert (at["short_market_value"], at["credit"], at["equity"]) == (
        "2000.00",
        "7000.00",
        "5000.00",
    )
    assert at["maintenance_requirement"] == "600.00"
    for name in COLUMNS:
        lines = to_csv(name, getattr(report, name)).decode().splitlines()
        assert lines[0] == ",".join(COLUMNS[name])
        assert len(lines) == 1 + len(getattr(report, name))


def test_a_day_is_reported_once_and_nothing_of_the_day_reports_it() -> None:
    house = opened()
    assert house.records.keys("risk/") == []
    first = assess(house)
    written = dict(house.records.objects)
    assert assess(house) == first
    assert house.records.objects == written
    assert json.loads(written[report_key(WEDNESDAY)])["business_date"] == str(WEDNESDAY)


def test_a_report_that_was_changed_after_its_seal_is_found() -> None:
    house = opened()
    assess(house)
    run(house, THURSDAY, "100")
    assert is_sound(house)
    house.records.objects[report_key(WEDNESDAY)] = b"{}"
    faults = {(one.fault, one.subject) for one in verify_store(house.records)[1]}
    assert faults == {("WRONG_HASH", report_key(WEDNESDAY))}
    del house.records.objects[report_key(WEDNESDAY)]
    faults = {(one.fault, one.subject) for one in verify_store(house.records)[1]}
    assert faults == {("MISSING", report_key(WEDNESDAY))}


def test_before_any_close_there_is_nothing_to_assess() -> None:
    with pytest.raises(NothingClosedError):
        assess(House())
