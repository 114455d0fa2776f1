"""All seven patterns from the files dropped to the cases decided, and none on a clean day."""

import pytest

from backoffice.compliance.surveillance.backtest import Tried, try_out
from backoffice.compliance.surveillance.patterns import PATTERNS
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.verify_store import verify_store
from tests.reference.samples import trade
from tests.simulation.desk import Desk
from tests.simulation.house import House
from tests.simulation.watched_days import (
    ACCOUNTS,
    CLEAN,
    EVIDENCE,
    FIRST,
    MONDAY,
    PLAIN,
    PLANTED,
    SECOND,
    TUESDAY,
    run,
    survey,
    watched_house,
)


@pytest.fixture(scope="module")
def watched() -> House:
    house = watched_house()
    run(house, MONDAY)
    return house


def _cases(house: House) -> dict[str, dict[str, str]]:
    code = "SURVEILLANCE_"
    rows = [row for row in house.table("cases") if row["code"].startswith(code)]
    assert len(rows) == len({row["code"] for row in rows})
    return {row["code"].removeprefix(code): row for row in rows}


def test_a_clean_day_gives_none(watched: House) -> None:
    report = survey(watched, CLEAN)
    assert (report.alerts, report.new) == ((), ())


def test_each_pattern_is_found_once_on_a_half_day_and_is_exported(watched: House) -> None:
    report = survey(watched, PLANTED)
    assert {one.pattern: set(one.accounts) for one in report.alerts} == ACCOUNTS
    assert sorted(one.pattern for one in report.alerts) == sorted(PATTERNS)
    shown = {row["alert_id"]: row for row in watched.table("alerts")}
    assert shown.keys() == {one.alert_id for one in report.alerts}
    assert {row["told"] for row in shown.values()} == {"Y"}


def test_each_is_a_case_whose_members_are_its_evidence(watched: House) -> None:
    known = _cases(watched)
    assert known.keys() == set(PATTERNS)
    told = {one.pattern: one for one in survey(watched, PLANTED).alerts}
    evidence = watched.records.read(survey(watched, PLANTED).evidence)
    desk = Desk(watched)
    for pattern, case in known.items():
        alert = told[pattern]
        own = evidence.filter(alert_id=alert.alert_id)
        assert set(own["reference"]) == EVIDENCE[pattern], pattern
        assert (case["status"], case["subject"]) == ("OPEN", alert.subject)
        members = desk.show(case["code"], FIRST).members
        places = {(one.file, one.row) for one in members}
        assert places == set(own.select("file", "row").iter_rows()), pattern
        trades = {one.trade_id for one in members} - {None}
        assert trades == set(own.filter(kind="TRADE")["reference"]), pattern


def test_what_is_dealt_and_comes_late_wakes_an_account_too() -> None:
    house = watched_house()
    at = f"{PLANTED}T16:00:00Z"
    late = [
        trade(f"LATE-{n}", "BUY", "100", "30", account_id="SLEEPER-2", isin=PLAIN, trade_time=at)
        for n in range(4)
    ]
    run(house, MONDAY, trades=late)
    (alert,) = [one for one in survey(house).alerts if one.pattern == "DORMANT_REACTIVATION"]
    assert (alert.accounts, alert.evidence, alert.day) == (("SLEEPER-2",), 4, MONDAY)
    run(
        house,
        TUESDAY,
        trades=[{**late[0], "trade_id": "NEXT", "trade_time": f"{TUESDAY}T16:00:00Z"}],
    )
    report = survey(house)
    evidence = house.records.read(report.evidence)
    assert set(evidence["reference"]) == {"NEXT", *(row["trade_id"] for row in late)}


def test_the_day_tried_again_later_gives_the_same_alerts(watched: House) -> None:
    told = survey(watched, PLANTED)
    tried = try_out(watched.records, default_rulebook(), Tried(day=PLANTED))
    assert (tried.alerts, tried.added, tried.gone) == (told.alerts, (), ())
    again = watched_house()
    assert survey(again, PLANTED).alerts == told.alerts


def test_two_of_compliance_decide_them_and_nothing_is_told_twice(watched: House) -> None:
    house = watched.copy()
    desk = Desk(house)
    for case in _cases(house).values():
        done = desk.act(case["code"], FIRST, "PROPOSE", outcome="ACKNOWLEDGE", text="seen")
        desk.act(case["code"], SECOND, "APPROVE", proposal=str(done.number))
    run(house, TUESDAY)
    assert {case["status"] for case in _cases(house).values()} == {"CLOSED"}
    assert verify_store(house.records)[1] == []
    assert (survey(house).alerts, survey(house).new) == ((), ())
