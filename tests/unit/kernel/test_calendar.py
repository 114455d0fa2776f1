"""Sessions and settlement days, with the published schedules."""

from datetime import date

import polars as pl
import pytest

from backoffice.kernel.bank_holidays import bank_holidays
from backoffice.kernel.calendar import LAST_DAY, SettlementCalendar, default_calendar
from backoffice.kernel.errors import NoRuleError, OutOfRangeError
from backoffice.kernel.rulebook import Rulebook, default_rulebook
from tests.published_dates import AMERICAN

BOOK, CALENDAR = default_rulebook(), default_calendar()


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("venue", ["XNYS", "XNAS"])
@pytest.mark.parametrize(
    ("traded", "settles"),
    AMERICAN,
)
def test_the_published_american_schedules_are_met(venue: str, traded: str, settles: str) -> None:
    assert CALENDAR.settlement_date(venue, on(traded), BOOK) == on(settles)


@pytest.mark.parametrize(
    ("venue", "traded", "settles"),
    [
        ("XLON", "2026-12-23", "2026-12-29"),
        ("XLON", "2026-12-24", "2026-12-30"),
        ("XICE", "2026-06-16", "2026-06-19"),
        ("XETR", "2026-04-02", "2026-04-08"),
        ("XLON", "2027-10-08", "2027-10-12"),
        ("XLON", "2027-10-11", "2027-10-12"),
    ],
)
def test_european_holidays_and_the_change_of_cycle_are_met(
    venue: str, traded: str, settles: str
) -> None:
    assert CALENDAR.settlement_date(venue, on(traded), BOOK) == on(settles)


@pytest.mark.parametrize(
    ("day", "is_session", "settles"),
    [
        ("2026-10-12", True, False),  # Columbus Day
        ("2026-11-11", True, False),  # Veterans Day
        ("2018-11-12", True, False),  # Veterans Day on a Sunday, kept on Monday
        ("2023-11-10", True, True),  # Veterans Day on a Saturday is not moved
        ("1997-01-20", True, False),  # Martin Luther King Day while the exchanges traded
        ("1985-01-21", True, True),  # the year before it became a holiday
        ("1998-01-19", False, False),  # since then they close as well
        ("2026-07-03", False, False),  # Independence Day on a Saturday
        ("2026-07-04", False, False),
        ("2001-09-12", False, False),
        ("2026-01-05", True, True),
    ],
)
def test_american_bank_holidays_are_sessions_on_which_nothing_settles(
    day: str, *, is_session: bool, settles: bool
) -> None:
    assert CALENDAR.is_session("XNYS", on(day)) is is_session
    assert CALENDAR.is_settlement_day("XNYS", on(day)) is settles


def test_european_venues_settle_on_american_bank_holidays() -> None:
    assert CALENDAR.is_settlement_day("XLON", on("2026-10-12"))


def test_no_days_after_a_day_is_the_day_itself() -> None:
    assert CALENDAR.add_settlement_days("XNYS", on("2026-10-12"), 0) == on("2026-10-12")


def test_settlement_days_are_not_counted_backwards() -> None:
    with pytest.raises(OutOfRangeError):
        CALENDAR.add_settlement_days("XNYS", on("2026-10-12"), -1)


@pytest.mark.parametrize("day", ["1984-12-31", "2036-01-01", "0001-01-01", "9999-12-31"])
def test_outside_1985_to_2035_there_is_no_rule(day: str) -> None:
    for ask in (CALENDAR.is_session, CALENDAR.is_settlement_day):
        with pytest.raises(NoRuleError, match=day):
            ask("XNYS", on(day))
    with pytest.raises(NoRuleError):
        CALENDAR.settlement_date("XICE", on(day), BOOK)


def test_the_first_day_can_be_reached_from_the_day_before() -> None:
    assert CALENDAR.first_settlement_day_after("XNYS", on("1984-12-31")) == on("1985-01-02")
    with pytest.raises(NoRuleError):
        CALENDAR.first_settlement_day_after("XNYS", on("1984-12-30"))


def test_what_would_settle_after_2035_has_no_rule() -> None:
    for day in (LAST_DAY, date.max):
        with pytest.raises(NoRuleError, match="after 2035-12-31"):
            CALENDAR.first_settlement_day_after("XNYS", day)
    with pytest.raises(NoRuleError):
        CALENDAR.settlement_date("XNYS", LAST_DAY, BOOK)


def test_an_unknown_venue_has_no_calendar() -> None:
    with pytest.raises(NoRuleError, match="XKUW"):
        CALENDAR.is_session("XKUW", on("2026-01-05"))


def test_a_country_whose_bank_holidays_are_not_known_is_refused() -> None:
    assert bank_holidays(None) == frozenset()
    with pytest.raises(NoRuleError, match="'IS'"):
        bank_holidays("IS")


def test_a_calendar_holds_the_venues_of_its_rulebook() -> None:
    iceland = Rulebook({}, {"XICE": BOOK.venue("XICE")}, "one venue")
    calendar = SettlementCalendar.load(iceland)
    assert not calendar.is_session("XICE", on("2026-06-17"))
    with pytest.raises(NoRuleError):
        calendar.is_session("XNYS", on("2026-06-17"))
    assert calendar.version == CALENDAR.version


def test_distinct_venues_and_dates_are_answered_at_once() -> None:
    trades = pl.DataFrame(
        {
            "trade_id": ["1", "2", "3", "4", "5", "6", "7"],
            "venue": ["XNYS", "XNYS", "XNYS", "XNYS", "XICE", "XNYS", "XKUW"],
            "trade_date": [
                on("2026-10-09"), on("2026-10-09"), on("2026-10-10"), on("1986-06-02"),
                on("2014-10-03"), on("2036-01-02"), on("2026-01-05"),
            ],
        }
    )  # fmt: skip
    found = CALENDAR.settlement_dates(trades, BOOK)
    assert found.rows() == [
        ("XICE", on("2014-10-03"), True, None, False),
        ("XKUW", on("2026-01-05"), None, None, False),
        ("XNYS", on("1986-06-02"), True, None, False),
        ("XNYS", on("2026-10-09"), True, on("2026-10-13"), True),
        ("XNYS", on("2026-10-10"), False, on("2026-10-13"), True),
        ("XNYS", on("2036-01-02"), None, None, False),
    ]
    assert found.schema == {
        "venue": pl.String,
        "trade_date": pl.Date,
        "is_session": pl.Boolean,
        "settlement_date": pl.Date,
        "has_rule": pl.Boolean,
    }


def test_no_trades_ask_nothing() -> None:
    none = pl.DataFrame(schema={"venue": pl.String, "trade_date": pl.Date})
    assert CALENDAR.settlement_dates(none, BOOK).is_empty()
