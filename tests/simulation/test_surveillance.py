"""What accounts do is surveyed after the close; each alert is a case from the next cut-off on."""

from datetime import date
from typing import Final

import pytest

from backoffice.clearance.act_rules import Person
from backoffice.clearance.confidential import COMPLIANCE
from backoffice.clearance.trails import CHECKERS
from backoffice.compliance.surveillance.backtest import Outcome, Tried, try_out
from backoffice.compliance.surveillance.report import SurveillanceReport
from backoffice.compliance.surveillance.survey import NotClosedError, survey_trading
from backoffice.compliance.surveillance.thresholds import UnknownThresholdError
from backoffice.front_office.case_desk import UnknownCaseError
from backoffice.front_office.open_cases import open_cases
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.verify_store import verify_store
from tests.reference.samples import (
    NETTING_STREET,
    US_SHARE,
    account,
    counterparty,
    instrument,
    trade,
)
from tests.reference.writing import table_bytes
from tests.simulation.desk import Desk
from tests.simulation.house import House

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
ONE, OTHER, PLAIN, SAVER = "W-ONE", "W-OTHER", "C-PLAIN", "S-SAVER"
Table = list[dict[str, str]]
NOON: Final = "2026-10-07T16:0{}:00Z"


def drop(house: House, day: date, **tables: Table) -> None:
    for name, rows in tables.items():
        house.drop("local", day, f"{name}-{day}.csv", table_bytes(rows))


def at(minute: int) -> dict[str, str]:
    return {"trade_time": NOON.format(minute)}


def deposit(number: int, amount: str, day: date, account_id: str = SAVER) -> dict[str, str]:
    row = {"movement_id": f"D-{number}", "account_id": account_id, "kind": "DEPOSIT"}
    return row | {"currency": "USD", "amount": amount, "value_date": str(day)}


def survey(house: House, day: date | None = None) -> SurveillanceReport:
    return survey_trading(house.records, default_rulebook(), day)


def opened() -> House:
    """Run Wednesday: two accounts of one owner deal with each other by way of the street."""
    house = House(rows_per_bucket=2)
    owners = [
        {"owned": name, "owner": "P-1", "owner_name": "A Person", "percent": "100"}
        for name in (ONE, OTHER)
    ]
    drop(
        house,
        WEDNESDAY,
        accounts=[account(name) for name in (ONE, OTHER, PLAIN, SAVER)],
        owners=owners,
        instruments=[instrument(US_SHARE, "XNYS", "USD")],
        counterparties=[counterparty(NETTING_STREET)],
        movements=[deposit(1, "9500", WEDNESDAY), deposit(2, "200", WEDNESDAY, PLAIN)],
        trades=[
            trade("T-1", "BUY", "300", "100", account_id=ONE, **at(1)),
            trade("T-2", "SELL", "200", "100.05", account_id=OTHER, **at(3)),
            trade("T-3", "SELL", "110", "100.10", account_id=OTHER, **at(4)),
            trade("T-4", "BUY", "500", "100", account_id=PLAIN, **at(2)),
            trade("T-5", "BUY", "7", "99", account_id=ONE, **at(2)),
        ],
    )
    house.business_day(WEDNESDAY)
    return house


def cases(house: House) -> list[tuple[str, ...]]:
    found = [row for row in house.table("cases") if row["code"].startswith("SURVEILLANCE_")]
    return [(row["code"], row["subject"], row["status"], row["members"]) for row in found]


def test_a_wash_trade_is_a_case_from_the_next_cut_off_on_with_its_trades() -> None:
    house = opened()
    report = survey(house)
    (alert,) = report.alerts
    assert (alert.pattern, alert.accounts, alert.isin) == ("WASH_TRADE", (ONE, OTHER), US_SHARE)
    assert alert.subject == f"{ONE}+{OTHER} {US_SHARE} 2026-10-07"
    assert cases(house) == []
    drop(house, THURSDAY, prices=[])
    house.business_day(THURSDAY)
    assert cases(house) == [("SURVEILLANCE_WASH_TRADE", alert.subject, "OPEN", "4")]
    members = house.records.read(house.books(THURSDAY).tables["case_members"])
    assert members["trade_id"].sort().to_list() == ["T-1", "T-2", "T-3", "T-5"]
    assert verify_store(house.records)[1] == []


def test_a_day_has_one_survey_and_tells_of_it_once() -> None:
    house = opened()
    report = survey(house)
    before = dict(house.records.objects)
    assert survey(house, WEDNESDAY) == report
    assert house.records.objects == before
    house.business_day(THURSDAY)
    later = survey(house)
    assert (later.alerts, later.new) == ((), ())
    with pytest.raises(NotClosedError, match="2026-10-09 is not closed"):
        survey(house, FRIDAY)


def test_cash_in_parts_is_found_once_it_comes_to_more_than_is_reported() -> None:
    house = opened()
    assert [one.pattern for one in survey(house).alerts] == ["WASH_TRADE"]
    drop(house, THURSDAY, movements=[deposit(3, "9000", THURSDAY)])
    house.business_day(THURSDAY)
    report = survey(house)
    (alert,) = report.alerts
    assert (alert.pattern, alert.subject) == ("STRUCTURING", f"{SAVER} DEPOSIT 2026-10-07")
    assert alert.figures["total_minor"] == "1850000"
    cash = house.records.read(report.cash)
    assert cash.rows() == [(SAVER, "DEPOSIT", 900000, 1850000, 2)]
    house.business_day(FRIDAY)
    assert ("SURVEILLANCE_STRUCTURING", alert.subject, "OPEN", "2") in cases(house)
    assert verify_store(house.records)[1] == []


def test_nothing_that_leaves_the_house_tells_of_an_alert() -> None:
    house = opened()
    survey(house)
    house.business_day(THURSDAY)
    assert cases(house)
    for key, body in house.outbox.objects.items():
        assert b"SURVEILLANCE" not in body, key
        assert b"surveillance" not in key.encode(), key


def test_other_thresholds_are_tried_on_a_past_day_and_leave_nothing_behind() -> None:
    house = opened()
    told = survey(house)
    house.business_day(THURSDAY)
    before = dict(house.records.objects)

    def tried(**thresholds: int) -> Outcome:
        named = {f"wash_trades.{name}": value for name, value in thresholds.items()}
        asked = Tried(day=WEDNESDAY, thresholds=named)
        return try_out(house.records, default_rulebook(), asked)

    same = tried()
    assert (same.alerts, same.added, same.gone) == (told.alerts, (), ())
    strict = tried(between_accounts_seconds=10)
    assert (strict.alerts, strict.gone) == ((), (told.alerts[0].alert_id,))
    assert house.records.objects == before
    with pytest.raises(UnknownThresholdError, match=r"wash_trades\.colour"):
        tried(colour=1)
    with pytest.raises(UnknownThresholdError, match="WASHING"):
        try_out(house.records, default_rulebook(), Tried(patterns=("WASHING",)))


def test_the_alerts_of_all_surveys_are_a_view_and_what_was_dealt_stays_as_it_is() -> None:
    house = opened()
    survey(house)
    (row,) = house.table("alerts")
    assert (row["pattern"], row["accounts"], row["told"]) == (
        "WASH_TRADE",
        f"{ONE};{OTHER}",
        "Y",
    )
    house.business_day(THURSDAY)
    assert {trade["status"] for trade in house.table("trades")} == {"CLEARED"}


def test_a_late_trade_makes_an_alert_of_its_own_date() -> None:
    house = opened()
    survey(house)
    late = [
        trade("T-8", "BUY", "400", "101", account_id=PLAIN, **at(8)),
        trade("T-9", "SELL", "400", "101", account_id=PLAIN, **at(8)),
    ]
    drop(house, THURSDAY, trades=late)
    house.business_day(THURSDAY)
    report = survey(house)
    assert report.dates == (WEDNESDAY, THURSDAY)
    assert [one.subject for one in report.alerts if one.alert_id in report.new] == [
        f"{PLAIN} {US_SHARE} 2026-10-07"
    ]
    assert len(report.alerts) == 2


def test_who_is_not_of_the_desk_as_an_app_sees_no_case_of_an_alert() -> None:
    house = opened()
    survey(house)
    house.business_day(THURSDAY)
    desk = Desk(house)
    knows = Person(name="checker", groups=(CHECKERS, COMPLIANCE))
    assert desk.show("SURVEILLANCE_WASH_TRADE", knows).case.code == "SURVEILLANCE_WASH_TRADE"
    with pytest.raises(UnknownCaseError):
        desk.show("SURVEILLANCE_WASH_TRADE", Person(name="", groups=()))
    shown = open_cases(desk.cases.items.values()).cases
    assert [one for one in shown if one.code.startswith("SURVEILLANCE_")] == []
