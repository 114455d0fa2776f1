"""Published settlement dates."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.published_dates import AMERICAN
from tests.reference import calendars


@pytest.mark.parametrize(
    ("traded", "settles"),
    AMERICAN,
)
def test_the_published_us_schedules_are_met(traded: str, settles: str) -> None:
    found = calendars.settlement_date("XNYS", dt.date.fromisoformat(traded))
    assert found == dt.date.fromisoformat(settles)


@pytest.mark.parametrize(
    ("venue", "traded", "cycle"),
    [
        ("XNAS", "1987-12-31", None),
        ("XNAS", "1988-01-04", 5),
        ("XNYS", "1995-06-06", 5),
        ("XNYS", "1995-06-07", 3),
        ("XNYS", "2017-09-01", 3),
        ("XNYS", "2017-09-05", 2),
        ("XNYS", "2024-05-24", 2),
        ("XNYS", "2024-05-28", 1),
        ("XICE", "2014-10-03", None),
        ("XICE", "2014-10-06", 2),
        ("XSWX", "2027-10-08", 2),
        ("XSWX", "2027-10-11", 1),
        ("XNYS", "2036-01-02", None),
        ("XNYS", "1984-12-31", None),
    ],
)
def test_the_cycle_is_the_one_of_the_trade_date(venue: str, traded: str, cycle: int | None) -> None:
    assert calendars.cycle(venue, dt.date.fromisoformat(traded)) == cycle


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        ("2018-11-12", True),  # Veterans Day on a Sunday is kept on Monday
        ("2017-11-10", False),  # on a Saturday it is not moved
        ("2026-11-11", True),
        ("2026-10-12", True),
        ("1997-01-20", True),  # the exchanges traded on Martin Luther King Day before 1998
        ("1998-01-19", False),  # from then on it is no session at all
    ],
)
def test_us_banks_close_on_their_own_days(day: str, closed: bool) -> None:  # noqa: FBT001
    found = dt.date.fromisoformat(day)
    assert (found in calendars.us_bank_holidays(found.year)) is closed


def test_an_icelandic_trade_waits_out_easter() -> None:
    # 2026-04-02 Maundy Thursday, 04-03 Good Friday, 04-06 Easter Monday are no sessions
    assert calendars.settlement_date("XICE", dt.date(2026, 4, 1)) == dt.date(2026, 4, 8)


def test_what_clears_on_its_settlement_date_is_due_on_the_next_settlement_day() -> None:
    friday = dt.date(2026, 10, 9)
    assert calendars.due_date("XNYS", friday, friday) == dt.date(2026, 10, 13)
    assert calendars.due_date("XNYS", dt.date(2026, 10, 13), friday) == dt.date(2026, 10, 13)
