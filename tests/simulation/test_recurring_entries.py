"""Entries that recur monthly: agreed to once with their end, booked each month, once."""

from collections.abc import Iterable
from datetime import date

import pytest
from beancount import loader

from backoffice.accounting.recurring_entries import months_later
from backoffice.records.verify_store import verify_store
from tests.simulation.house import House
from tests.simulation.test_entries import (
    RENT,
    THURSDAY,
    agree,
    codes,
    house,  # noqa: F401 - a fixture
    lock,
    propose,
    status,
    written,
)

OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)
END = "2026-12-31"
DAYS = (date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 30), date(2026, 12, 1))


def recurring(opened: House, **more: str) -> House:
    """Agree to an accrual of each month's last day, which is undone on the next day."""
    said = {"reverse_on": "2026-11-01", "repeat_until": END} | more
    propose(opened, THURSDAY, "E-1", RENT, OCTOBER, **said)
    opened.cut_off(THURSDAY)
    agree(opened)
    opened.close(THURSDAY)
    return opened


def run(opened: House, days: Iterable[date]) -> House:
    for day in days:
        opened.business_day(day)
        assert verify_store(opened.records)[1] == []
    return opened


def counted(opened: House) -> list[tuple[str, str, str]]:
    """Return what was written: entry, the day it counts from, the close."""
    return sorted({(entry, effective, close) for entry, effective, close, *_ in written(opened)})


def test_it_is_booked_each_month_and_undone(house: House) -> None:  # noqa: F811
    recurring(house)
    (case,) = [row for row in house.table("cases") if row["code"] == "MANUAL_ENTRY"]
    assert case["subject"].startswith(
        f"E-1: effective 2026-10-31, monthly until {END}, reversed on 2026-11-01: Expenses:Rent"
    )
    assert status(house) == {"E-1": "RECURRING"}
    run(house, DAYS)
    assert counted(house) == sorted(
        [
            ("2026-11-02:E:E-1/2026-10-31", "2026-10-31", "2026-11-02"),
            ("2026-11-02:R:2026-11-02:E:E-1/2026-10-31", "2026-11-01", "2026-11-02"),
            ("2026-11-30:E:E-1/2026-11-30", "2026-11-30", "2026-11-30"),
            ("2026-12-01:R:2026-11-30:E:E-1/2026-11-30", "2026-12-01", "2026-12-01"),
        ]
    )
    rows = {row["entry_id"]: row for row in house.table("entries")}
    assert rows["E-1"]["repeat_until"] == END
    one = rows["E-1/2026-11-30"]
    assert (one["status"], one["reverse_on"]) == ("REVERSED", "2026-12-01")
    assert (one["case_id"], one["approved_by"]) == (rows["E-1"]["case_id"], "checker")
    assert not [row for row in house.table("cases") if row["status"] == "OPEN"]


def test_a_ledger_program_reads_them(house: House) -> None:  # noqa: F811
    run(recurring(house), DAYS)
    text = house.export("journal", form="beancount").decode()
    assert "E-1/2026-10-31" in text
    _, errors, _ = loader.load_string(text)
    assert errors == []


def test_days_that_had_no_close_are_made_up_for(house: House) -> None:  # noqa: F811
    recurring(house, reverse_on="")
    run(house, [date(2027, 1, 4), date(2027, 1, 5), date(2027, 2, 1)])
    assert counted(house) == [
        (f"2027-01-04:E:E-1/{day}", day, "2027-01-04")
        for day in ("2026-10-31", "2026-11-30", "2026-12-31")
    ]
    assert status(house)["E-1"] == "ENDED"


def test_what_is_agreed_to_late_is_made_up_for(house: House) -> None:  # noqa: F811
    propose(house, THURSDAY, "E-1", effective=OCTOBER, repeat_until=END)
    house.business_day(THURSDAY)
    house.business_day(DAYS[2])
    assert (counted(house), status(house)) == ([], {"E-1": "REQUESTED"})
    agree(house)
    house.business_day(DAYS[3])
    assert [effective for _, effective, _ in counted(house)] == ["2026-10-31", "2026-11-30"]


def test_one_in_a_locked_period_needs_four_eyes_more(house: House) -> None:  # noqa: F811
    recurring(house, reverse_on="")
    lock(house, date(2026, 12, 1), "2026-10")
    # what the day of the decision records is not bound yet
    assert status(house)["E-1/2026-10-31"] == "BOOKED"
    lock(house, date(2026, 12, 2), "2026-11")
    propose(house, date(2026, 12, 3), "E-2", effective=NOVEMBER, repeat_until="2027-01-31")
    house.cut_off(date(2026, 12, 3))
    agree(house, about="E-2")
    house.close(date(2026, 12, 3))
    assert (status(house)["E-2"], status(house)["E-2/2026-11-30"]) == ("RECURRING", "LOCKED")
    house.cut_off(date(2026, 12, 4))
    agree(house, "LOCKED_PERIOD", about="E-2/2026-11-30: in a locked period")
    house.close(date(2026, 12, 4))
    assert status(house)["E-2/2026-11-30"] == "BOOKED"
    run(house, [date(2027, 1, 4)])
    assert status(house)["E-2/2026-12-31"] == "BOOKED"


def test_refused_it_never_is(house: House) -> None:  # noqa: F811
    propose(house, THURSDAY, "E-1", effective=OCTOBER, repeat_until=END)
    house.cut_off(THURSDAY)
    agree(house, outcome="REFUSE")
    house.close(THURSDAY)
    run(house, DAYS)
    assert (counted(house), status(house)) == ([], {"E-1": "REFUSED"})


def test_a_run_again_writes_nothing_twice(house: House) -> None:  # noqa: F811
    recurring(house)
    again = run(house.copy(), DAYS)
    for day in DAYS:
        house.business_day(day)
        house.business_day(day)
    assert house.records.objects == again.records.objects


def test_the_same_again_is_a_duplicate_and_another_end_is_refused(house: House) -> None:  # noqa: F811
    recurring(house)
    day = DAYS[0]
    propose(house, day, "E-1", effective=OCTOBER, reverse_on="2026-11-01", repeat_until=END)
    house.business_day(day)
    assert codes(house, day) == []
    later = DAYS[1]
    propose(house, later, "E-1", effective=OCTOBER, reverse_on="2026-11-01",
            repeat_until="2027-12-31")  # fmt: skip
    house.business_day(later)
    assert {code for _, _, code in codes(house, later)} == {"CONFLICTING_DUPLICATE"}


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"repeat_until": "2026-10-30"}, "BAD_FORMAT"),
        ({"repeat_until": "2036-11-01"}, "BAD_FORMAT"),
        ({"repeat_until": END, "corrects": "2026-10-07:T:local:2026-10-07:B"}, "BAD_FORMAT"),
    ],
)
def test_an_end_that_is_none_is_refused(
    house: House,  # noqa: F811
    more: dict[str, str],
    found: str,
) -> None:
    propose(house, THURSDAY, "E-1", RENT, OCTOBER, **more)
    house.business_day(THURSDAY)
    assert {(field, code) for _, field, code in codes(house, THURSDAY)} == {
        ("repeat_until", found),
    }
    assert status(house) == {}


def test_a_months_last_day_stays_one() -> None:
    assert months_later(date(2027, 2, 28), 1) == date(2027, 3, 31)
    assert months_later(date(2026, 12, 15), 14) == date(2028, 2, 15)
    assert months_later(date(2027, 1, 30), 13) == date(2028, 2, 29)
