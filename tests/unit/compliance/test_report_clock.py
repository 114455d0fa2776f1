"""When periods end, and when their reports are due."""

from datetime import UTC, date, datetime

import pytest

from backoffice.compliance.reports.clock import due_at, is_past
from backoffice.compliance.reports.periods import Cycle, ended
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook

FRIDAY, MONDAY = date(2026, 10, 30), date(2026, 11, 2)


def names(cycle: Cycle, *days: date) -> list[tuple[str, str]]:
    found = ended(cycle, days, default_calendar(), "XICE")
    return [(str(one.last), str(one.closed)) for one in found]


def test_every_closed_day_is_a_period_of_its_own() -> None:
    assert names("DAY", FRIDAY, MONDAY) == [
        ("2026-10-30", "2026-10-30"),
        ("2026-11-02", "2026-11-02"),
    ]


def test_a_month_has_ended_with_its_last_session_or_when_another_is_begun() -> None:
    thursday = date(2026, 10, 29)
    assert names("MONTH", thursday) == []
    assert names("MONTH", thursday, FRIDAY) == [("2026-10-31", "2026-10-30")]
    assert names("MONTH", thursday, MONDAY) == [("2026-10-31", "2026-10-29")]


def test_a_week_has_ended_on_its_friday() -> None:
    assert names("WEEK", date(2026, 10, 28), date(2026, 10, 29)) == []
    assert names("WEEK", date(2026, 10, 28), FRIDAY) == [("2026-11-01", "2026-10-30")]


@pytest.mark.parametrize(
    ("kind", "last", "due"),
    [
        ("RTS22", date(2026, 10, 5), datetime(2026, 10, 6, 23, 59, tzinfo=UTC)),
        ("RTS22", FRIDAY, datetime(2026, 11, 2, 23, 59, tzinfo=UTC)),
        # Maundy Thursday to Easter Monday are closed in Iceland
        ("RTS22", date(2026, 4, 1), datetime(2026, 4, 7, 23, 59, tzinfo=UTC)),
        # New York trades on Veterans Day and on Columbus Day, banks are closed
        ("RESERVE_DAILY", date(2026, 11, 9), datetime(2026, 11, 12, 15, tzinfo=UTC)),
        ("RESERVE_DAILY", date(2026, 10, 8), datetime(2026, 10, 13, 14, tzinfo=UTC)),
        ("RESERVE_WEEKLY", date(2026, 10, 11), datetime(2026, 10, 13, 14, tzinfo=UTC)),
        ("TAF", date(2026, 10, 31), datetime(2026, 11, 14, 4, 59, tzinfo=UTC)),
    ],
)
def test_a_report_is_due_by_its_own_calendar_and_zone(kind: str, last: date, due: datetime) -> None:
    assert due_at(kind, last, default_rulebook(), default_calendar()) == due


def test_a_moment_is_past_when_the_day_after_begins() -> None:
    due = datetime(2026, 10, 6, 23, 59, tzinfo=UTC)
    assert not is_past(due, date(2026, 10, 5))
    assert is_past(due, date(2026, 10, 6))
