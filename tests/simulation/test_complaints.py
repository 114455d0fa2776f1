"""Complaints: a register, each a case with its clocks until it closes, counted every quarter."""

from collections import Counter
from datetime import date
from typing import Final

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.compliance.complaints.report import COMPLAINTS_QUARTERLY
from backoffice.compliance.reports.documents import Report
from tests.reference.samples import CLIENT, standing_rows
from tests.simulation.desk import MAKER, Desk
from tests.simulation.house import House
from tests.simulation.reporting import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, of_kind, report, run

Row = dict[str, str]
LAST, END = date(2026, 12, 30), date(2026, 12, 31)
"""The last session of the firm's calendar in the quarter, and the quarter's last day."""
SUMMARY: Final = "ab" * 32


def told(name: str, kind: str = "RECEIVED", on: date = MONDAY, **more: str) -> Row:
    row = {"complaint_id": name, "kind": kind, "on_date": str(on)}
    said = {"account_id": CLIENT, "channel": "EMAIL", "problem": "FEES", "product": "EQUITY"}
    return {**row, **(said if kind == "RECEIVED" else dict.fromkeys(said, "")), **more}


def opened(*rows: Row) -> House:
    house = House()
    run(house, MONDAY, **standing_rows(), complaints=list(rows))
    return house


def stands(house: House) -> dict[str, tuple[str, str]]:
    return {r["complaint_id"]: (r["status"], r["due"]) for r in house.table("complaints")}


def cases(house: House) -> list[tuple[str, str, str]]:
    rows = [row for row in house.table("cases") if row["code"] == "COMPLAINT"]
    return [(row["subject"], row["status"], row["due"]) for row in rows]


def statistics(house: House) -> list[Report]:
    return of_kind(report(house), COMPLAINTS_QUARTERLY)


def test_a_complaint_is_a_case_until_it_is_closed() -> None:
    house = opened(told("K-1", person="BROKER-7", summary=SUMMARY))
    # ten weekdays, and sixty days
    assert stands(house) == {"K-1": ("RECEIVED", "2026-10-19")}
    (case,) = cases(house)
    assert case[:2] == ("K-1", "OPEN")
    run(house, TUESDAY, complaints=[told("K-1", "ACKNOWLEDGED", TUESDAY)])
    assert stands(house) == {"K-1": ("ACKNOWLEDGED", "2026-12-04")}
    run(house, WEDNESDAY, complaints=[told("K-1", "ANSWERED", WEDNESDAY)])
    assert stands(house) == {"K-1": ("ANSWERED", "2026-12-04")}
    assert [one[1] for one in cases(house)] == ["OPEN"]
    run(house, THURSDAY, complaints=[told("K-1", "CLOSED", THURSDAY)])
    assert stands(house) == {"K-1": ("CLOSED", "")}
    assert [one[1] for one in cases(house)] == ["CLOSED"]
    (row,) = house.table("complaints")
    assert (row["person"], row["summary"], row["account_id"]) == ("BROKER-7", SUMMARY, CLIENT)
    assert (row["received_on"], row["answered_on"]) == (str(MONDAY), str(WEDNESDAY))


@pytest.mark.parametrize("summary", ["They overcharged me.", SUMMARY[1:], SUMMARY.upper()])
def test_what_a_complaint_says_is_no_column(summary: str) -> None:
    house = opened(told("K-1", summary=summary), told("K-2"))
    assert list(stands(house)) == ["K-2"]
    (reject,) = house.table("file-rejects")
    assert (reject["field"], reject["code"]) == ("summary", "BAD_FORMAT")


def test_rows_in_any_order_come_to_the_same() -> None:
    rows = [told("K-1"), told("K-1", "ANSWERED", TUESDAY), told("K-2")]
    one, other = opened(*rows), opened(*reversed(rows))
    assert one.export("complaints") == other.export("complaints")
    late = opened(rows[2])
    run(late, TUESDAY, complaints=[rows[1]])
    assert list(stands(late)) == ["K-2"]
    run(late, WEDNESDAY, complaints=[rows[0]])
    assert stands(late) == stands(one)


def test_nobody_lets_the_case_rest() -> None:
    house = opened(told("K-1"))
    with pytest.raises(ActRefusedError, match="no way out of COMPLAINT"):
        Desk(house).act("COMPLAINT", MAKER, "PROPOSE", outcome="ACKNOWLEDGE", text="why")


@pytest.mark.parametrize("field", ["account_id", "channel", "problem"])
def test_what_is_received_says_whose_and_what_it_is(field: str) -> None:
    house = opened({**told("K-1"), field: ""})
    (row,) = [one for one in house.table("file-rejects") if one["kind"] == "complaints"]
    assert (row["code"], row["field"]) == ("MISSING_FIELD", field)


def test_the_statistics_of_a_quarter_come_to_the_register() -> None:
    problems, channels = ("FEES", "SERVICE", "ADVICE"), ("EMAIL", "PHONE")
    rows = [told(f"K-{n}", problem=problems[n % 3], channel=channels[n % 2]) for n in range(11)]
    house = opened(*rows, told("K-3", "CLOSED", MONDAY))
    assert statistics(house) == []
    run(house, date(2026, 12, 29))
    assert statistics(house) == []
    run(house, LAST, complaints=[told("K-NEXT", on=date(2027, 1, 4))])
    (made,) = statistics(house)
    assert made.report_id == f"{COMPLAINTS_QUARTERLY}-2026-Q4"
    assert (made.first, made.last) == (date(2026, 10, 1), END)
    assert str(made.due) == "2027-01-16 04:59:00+00:00"
    assert made.differences == ()
    assert made.figures == {"complaints": "11", "reported_in_all": "11", "register": "11"}
    counted = {
        (row["problem"], row["channel"]): int(row["complaints"])
        for row in house.table("complaint-statistics")
    }
    received = [row for row in house.table("complaints") if row["received_on"] <= str(END)]
    assert counted == Counter((row["problem"], row["channel"]) for row in received)
    assert sum(int(row["closed"]) for row in house.table("complaint-statistics")) == 1


def test_what_is_told_late_is_in_the_next_quarter_and_counted_once() -> None:
    house = opened(told("K-1"))
    run(house, LAST)
    statistics(house)
    spring = date(2027, 3, 31)
    run(house, spring, complaints=[told("K-0"), told("K-2", on=date(2027, 2, 1))])
    (made,) = statistics(house)
    assert made.figures == {"complaints": "2", "reported_in_all": "3", "register": "3"}
    rows = [r for r in house.table("complaint-statistics") if r["report_id"] == made.report_id]
    assert [(row["complaints"], row["late"]) for row in rows] == [("2", "1")]
    assert statistics(house) == []


def test_a_step_of_a_complaint_nobody_received_is_said() -> None:
    house = opened(told("K-1", "ANSWERED", MONDAY))
    run(house, LAST)
    (made,) = statistics(house)
    assert made.differences == ("complaint K-1 was never received",)
