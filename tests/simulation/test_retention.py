"""Everything the system writes is of a class of the retention schedule, and of a record of it."""

from datetime import date

import pytest

from backoffice.kernel.books import Books, latest
from backoffice.kernel.errors import NoRuleError, RulebookError
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.retention import (
    UnscheduledRecordError,
    default_schedule,
    read_schedule,
    retained_until,
    retention_years,
)
from tests.simulation.conftest import SampleDays
from tests.simulation.full_month import full_month
from tests.simulation.house import House
from tests.simulation.invariants import assert_scheduled

SCHEDULE = default_schedule()
ON = date(2026, 10, 5)


@pytest.fixture(scope="module")
def month() -> House:
    return full_month()


def test_all_that_days_write_is_scheduled(month: House, sample_days: SampleDays) -> None:
    for house in (month, sample_days.house):
        books = latest(house.records)
        assert books is not None
        assert len(house.records.keys("")) > 100
        assert_scheduled(house.records, books)


def test_what_has_no_class_is_named() -> None:
    with pytest.raises(UnscheduledRecordError, match="minutes/2026"):
        SCHEDULE.class_of("minutes/2026-10-05/board.txt")
    with pytest.raises(UnscheduledRecordError, match="gossip"):
        SCHEDULE.records_of_table("gossip:2026-10-05")


def test_every_record_is_kept_as_long_where_it_lies_as_its_rule_says() -> None:
    rulebook = default_rulebook()
    for record in SCHEDULE.records.values():
        needed = retention_years(rulebook, record.period, ON)
        for name in record.keys:
            held = SCHEDULE.keys[name].years(rulebook, ON)
            assert held >= min(needed, held), record.name
        assert max(SCHEDULE.keys[name].years(rulebook, ON) for name in record.keys) >= needed


def test_every_class_of_objects_is_some_record() -> None:
    named = {name for record in SCHEDULE.records.values() for name in record.keys}
    assert named == SCHEDULE.keys.keys()


def test_nothing_moves_to_slower_storage_in_the_first_two_years() -> None:
    years = default_rulebook().days("easily_accessible_years", ON)
    for one in SCHEDULE.keys.values():
        assert one.archive_after_days == 0 or one.archive_after_days >= years * 366


@pytest.mark.parametrize(
    ("key", "until"),
    [
        ("accounting/2026-10-05/" + "a" * 64 + ".parquet", date(2032, 10, 5)),
        ("intake/2026-10-05/originals/" + "a" * 64, date(2032, 10, 5)),
        ("lists/OFAC/1/2026-10-05/" + "a" * 64 + ".parquet", date(2036, 10, 5)),
        ("cases/2026-10-05/CASE-1/000001.json", date(2036, 10, 5)),
    ],
)
def test_an_object_is_kept_until(key: str, until: date) -> None:
    assert retained_until(key, ON) == until


def test_an_object_of_a_leap_day_is_kept_six_whole_years() -> None:
    key = "accounting/2028-02-29/x.parquet"
    assert retained_until(key, date(2028, 2, 29)) == date(2034, 3, 1)


def test_what_was_kept_when_the_rule_was_lengthened_is_kept_longer() -> None:
    assert retained_until("lists/OFAC/1/log/1", date(2024, 7, 1)) == date(2034, 7, 1)


def test_a_period_that_no_rule_knows_is_refused() -> None:
    with pytest.raises(NoRuleError, match=r"retention_years\.gossip"):
        retention_years(default_rulebook(), "gossip", ON)


@pytest.mark.parametrize(
    "text",
    [
        '[keys.a]\nat = ["a/*"]\n[records]\n',
        "[keys]\n",
        '[keys]\n[records.r]\nrule = ""\nwhat = ""\nperiod = ""\nkeys = ["b"]\ntables = []\n',
    ],
)
def test_a_schedule_that_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(RulebookError, match=r"retention\.toml"):
        read_schedule(text)


def test_the_listing_says_class_and_end(month: House) -> None:
    rows = month.table("records")
    books = latest(month.records)
    assert isinstance(books, Books)
    assert len(rows) > 100
    for row in rows:
        assert row["class"] == SCHEDULE.class_of(row["key"]).name
        sealed = date.fromisoformat(row["sealed_in"])
        assert row["retain_until"] == str(retained_until(row["key"], sealed))
