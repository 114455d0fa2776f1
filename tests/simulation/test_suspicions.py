"""Suspicious activity: two of compliance decide, it is filed in time, nobody else learns of it."""

from datetime import date, timedelta
from typing import Final

import pytest

from backoffice.clearance.act_rules import Person
from backoffice.clearance.confidential import COMPLIANCE
from backoffice.clearance.trails import CHECKERS, MAKERS
from backoffice.compliance.suspicious_activity.report import SAR
from backoffice.front_office.case_desk import UnknownCaseError, act, act_on_many, show_case
from backoffice.front_office.case_models import ActRequest, BulkRequest
from backoffice.front_office.open_cases import open_cases
from tests.reference.samples import CLIENT, standing_rows
from tests.reference.writing import table_bytes
from tests.simulation.desk import NOW, Desk
from tests.simulation.house import House
from tests.simulation.reporting import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, of_kind, report, run

Row = dict[str, str]
SECOND: Final = Person(name="second", groups=(MAKERS, CHECKERS, COMPLIANCE))
FIRST: Final = Person(name="first", groups=(MAKERS, CHECKERS, COMPLIANCE))
OTHER: Final = Person(name="other", groups=(MAKERS, CHECKERS))


def suspicion(sar_id: str = "S-1", kind: str = "FILE", **more: str) -> Row:
    return {
        "sar_id": sar_id,
        "account_id": CLIENT,
        "detected_on": str(MONDAY),
        "activity": "STRUCTURING",
        "amount": "9500.50",
        "currency": "USD",
        "kind": kind,
        **more,
    }


def opened(*rows: Row) -> House:
    """Take suspicions on Monday."""
    house = House()
    run(house, MONDAY, **standing_rows(), sars=list(rows))
    return house


def decide(house: House, outcome: str = "RELEASE", *, now: bool = True) -> None:
    """Let two people of compliance decide every suspicion that waits."""
    desk = Desk(house)
    for item in [one for one in desk.cases.items.values() if one["code"] == "SAR_DECISION"]:
        case_id = str(item["sk"])
        said = {"verb": "PROPOSE", "outcome": outcome, "text": "why"}
        done = act(desk.desk, case_id, FIRST, ActRequest.model_validate(said), NOW)
        if now:
            said = {"verb": "APPROVE", "proposal": str(done.number)}
            act(desk.desk, case_id, SECOND, ActRequest.model_validate(said), NOW)


def stands(house: House) -> dict[str, tuple[str, str]]:
    return {row["sar_id"]: (row["status"], row["due"]) for row in house.table("sars")}


def cases(house: House) -> list[tuple[str, str, str, str]]:
    rows = [row for row in house.table("cases") if row["code"].startswith("SAR_")]
    return [(row["code"], row["subject"], row["status"], row["due"]) for row in rows]


@pytest.mark.parametrize(("suspect", "days"), [("Y", 30), ("N", 60), ("", 30)])
def test_the_clock_runs_from_the_detection_and_longer_without_a_suspect(
    suspect: str, days: int
) -> None:
    house = opened(suspicion(has_suspect=suspect))
    assert stands(house) == {"S-1": ("OPEN", str(MONDAY + timedelta(days=days)))}
    (case,) = cases(house)
    # a case is due as any is, unless the law's own day comes before
    assert case[:3] == (
        "SAR_DECISION",
        f"S-1: FILE STRUCTURING of {CLIENT}, 9500.50 USD, detected {MONDAY}",
        "OPEN",
    )


def test_it_takes_two_people_of_compliance() -> None:
    house = opened(suspicion())
    decide(house, now=False)
    run(house, TUESDAY)
    assert stands(house)["S-1"][0] == "OPEN"
    desk = Desk(house)
    (case_id,) = [str(one["sk"]) for one in desk.cases.items.values()]
    number = str(show_case(desk.desk, case_id, FIRST, NOW).trail[0].number)
    asked = ActRequest.model_validate({"verb": "APPROVE", "proposal": number})
    with pytest.raises(UnknownCaseError):
        act(desk.desk, case_id, OTHER, asked, NOW)
    act(desk.desk, case_id, SECOND, asked, NOW)
    run(house, WEDNESDAY)
    assert stands(house)["S-1"][0] == "TO_FILE"


def test_nobody_else_learns_that_there_is_a_case() -> None:
    house = opened(suspicion())
    desk = Desk(house)
    (item,) = desk.cases.items.values()
    case_id = str(item["sk"])
    for person in (OTHER, Person(name="", groups=())):
        with pytest.raises(UnknownCaseError):
            show_case(desk.desk, case_id, person, NOW)
        comment = {"verb": "COMMENT", "text": "who is it"}
        bulk = BulkRequest.model_validate({"case_ids": [case_id], "act": comment})
        (outcome,) = act_on_many(desk.desk, person, bulk, NOW)
        assert outcome.status == 404
        assert open_cases(desk.cases.items.values(), person.groups).cases == ()
    assert len(open_cases(desk.cases.items.values(), FIRST.groups).cases) == 1
    surveyed = {**item, "code": "SURVEILLANCE_STRUCTURING"}
    assert open_cases([surveyed], OTHER.groups).cases == ()


def test_what_partners_fetch_says_nothing_of_it_but_to_who_files() -> None:
    house = opened(suspicion())
    decide(house)
    run(house, TUESDAY)
    report(house)
    told = [key for key, body in house.outbox.objects.items() if b"STRUCTURING" in body]
    assert told == [f"outbox/fincen/{TUESDAY}/SAR-{TUESDAY}-001.csv"]
    (account,) = [row for row in standing_rows()["accounts"] if row["account_id"] == CLIENT]
    assert account["name"].encode() not in house.outbox.objects[told[0]]


def test_what_is_agreed_to_is_put_out_once_and_is_a_case_until_it_is_filed() -> None:
    house = opened(suspicion(), suspicion("S-2", amount="4999.99"))
    decide(house)
    run(house, TUESDAY)
    (made,) = of_kind(report(house), SAR)[-1:]
    assert made.figures == {"rows": "2", "TO_FILE": "2"}
    due = str(MONDAY + timedelta(days=30))
    # no case of one is decided later than the law's own day
    assert _filing(house) == [("SAR_FILING", name, "OPEN", due) for name in ("S-1", "S-2")]
    filed = {"sar_id": "S-1", "bsa_id": "31000123", "filed_on": str(WEDNESDAY)}
    run(house, WEDNESDAY, sarfilings=[filed])
    assert of_kind(report(house), SAR)[-1].files == ()
    told = {row["sar_id"]: (row["status"], row["bsa_id"]) for row in house.table("sars")}
    assert told == {"S-1": ("FILED", "31000123"), "S-2": ("TO_FILE", "")}
    assert [row["above_threshold"] for row in house.table("sars")] == ["Y", "N"]
    assert sorted(one[1:3] for one in _filing(house)) == [("S-1", "CLOSED"), ("S-2", "OPEN")]


def _filing(house: House) -> list[tuple[str, str, str, str]]:
    return sorted(one for one in cases(house) if one[0] == "SAR_FILING")


@pytest.mark.parametrize(
    ("kind", "outcome", "status"),
    [("NO_FILE", "RELEASE", "NOT_FILED"), ("FILE", "REFUSE", "REFUSED")],
)
def test_what_is_not_filed_is_kept_with_who_decided(kind: str, outcome: str, status: str) -> None:
    house = opened(suspicion(kind=kind, reason="EXPLAINED"))
    decide(house, outcome)
    run(house, TUESDAY)
    (row,) = house.table("sars")
    assert (row["status"], row["due"], row["reason"]) == (status, "", "EXPLAINED")
    assert {row["proposed_by"], row["approved_by"]} == {"first", "second"}
    assert of_kind(report(house), SAR)[-1].files == ()


def test_not_to_file_without_a_reason_is_a_reject() -> None:
    house = opened(suspicion(kind="NO_FILE"))
    (row,) = [one for one in house.table("file-rejects") if one["kind"] == "sars"]
    assert (row["code"], row["field"]) == ("MISSING_FIELD", "reason")


def test_what_goes_on_is_looked_at_again_by_the_hundred_and_twentieth_day() -> None:
    house = opened(suspicion())
    decide(house)
    run(house, TUESDAY)
    filed = {"sar_id": "S-1", "bsa_id": "31000123", "filed_on": str(WEDNESDAY)}
    run(house, WEDNESDAY, sarfilings=[filed])
    last, review = (WEDNESDAY + timedelta(days=n) for n in (120, 90))
    run(house, review - timedelta(days=1))
    assert stands(house)["S-1"] == ("FILED", str(last))
    run(house, review)
    assert stands(house)["S-1"] == ("CONTINUING", str(last))
    assert ("SAR_CONTINUING", "S-1", "OPEN") in [one[:3] for one in cases(house)]
    after = date(2027, 1, 7)
    again = suspicion("S-3", continues="S-1", detected_on=str(review))
    run(house, after, sars=[again])
    decide(house)
    run(house, after + timedelta(days=1))
    assert stands(house)["S-1"] == ("CONTINUED", "")
    assert ("SAR_CONTINUING", "S-1", "CLOSED") in [one[:3] for one in cases(house)]


def test_a_filing_that_nobody_agreed_to_is_said_of_the_report() -> None:
    house = opened(suspicion())
    filed = {"sar_id": "S-1", "bsa_id": "31000123", "filed_on": str(TUESDAY)}
    run(house, TUESDAY, sarfilings=[filed])
    made = of_kind(report(house), SAR)[-1]
    assert made.differences == ("S-1 is filed and was not agreed to",)


def test_days_made_up_for_put_out_the_same() -> None:
    one, other = opened(suspicion()), opened(suspicion())
    for house in (one, other):
        decide(house)
        run(house, TUESDAY)
        if house is one:
            report(house)
        run(house, WEDNESDAY)
        run(house, THURSDAY)
        report(house)
    files = [
        {key: body for key, body in house.outbox.objects.items() if "/fincen/" in key}
        for house in (one, other)
    ]
    assert files[0] == files[1]
    assert len(files[0]) == 1
    assert report(one) == []
    path = table_bytes([suspicion()])
    one.drop("local", date(2026, 10, 9), "sars-again.csv", path)
    one.business_day(date(2026, 10, 9))
    assert [row["sar_id"] for row in one.table("sars")] == ["S-1"]
