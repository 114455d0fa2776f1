"""What was counted is told by business date, and a day that was not measured is said to be none."""

import json
from datetime import date
from pathlib import Path

import pytest

from backoffice.costs.usage import Usage
from cli.measured import choose
from cli.platform import PlatformError
from infra.local.home import Home
from infra.local.usage import measured_days

FIRST, SECOND = "2026-10-09", "2026-10-12"


def line(work: str, day: str | None = None, caller: str = "platform", **more: str) -> str:
    """Write a line of the book: one request at one step."""
    counts = {"": {"s3_read_requests": 1}}
    document = {"caller": caller, "work": work, "day": day, "status": "SUCCEEDED", "counts": counts}
    return json.dumps(document | more)


def booked(folder: Path, *lines: str) -> Home:
    home = Home(folder)
    home.usage.write_text("".join(f"{each}\n" for each in lines))
    return home


def works(home: Home, day: str) -> list[tuple[str, str]]:
    return sorted({(caller, work) for caller, work, _, _ in measured_days(home)[day].counts})


def test_an_execution_belongs_to_the_date_it_says(tmp_path: Path) -> None:
    home = booked(tmp_path, line("cut_off", FIRST), line("cut_off", SECOND))
    assert works(home, FIRST) == works(home, SECOND) == [("platform", "cut_off")]


def test_what_an_app_did_belongs_to_the_cut_off_that_takes_its_trades(tmp_path: Path) -> None:
    trades = line("POST /trades", caller="app")
    home = booked(
        tmp_path, trades, line("cut_off", FIRST), trades, line("close_business_day", FIRST)
    )
    assert works(home, FIRST) == [
        ("app", "POST /trades"),
        ("platform", "close_business_day"),
        ("platform", "cut_off"),
    ]
    assert sum(measured_days(home)[FIRST].counts.values()) == 4


def test_what_comes_after_the_cut_off_of_an_app_is_the_next_day_s(tmp_path: Path) -> None:
    home = booked(
        tmp_path,
        line("cut_off", FIRST),
        line("close_business_day", FIRST),
        line("POST /trades", caller="app"),
        line("cut_off", SECOND, status="FAILED"),
        line("cut_off", SECOND),
    )
    assert ("app", "POST /trades") not in works(home, FIRST)
    assert ("app", "POST /trades") in works(home, SECOND)


def test_partners_and_the_operator_belong_to_the_close_that_follows(tmp_path: Path) -> None:
    home = booked(
        tmp_path,
        line("partner", caller="partner"),
        line("cut_off", FIRST),
        line("operator", caller="operator"),
        line("close_business_day", FIRST),
        line("operator", caller="operator"),
    )
    assert works(home, FIRST)[:2] == [("operator", "operator"), ("partner", "partner")]
    assert sum(measured_days(home)[FIRST].counts.values()) == 4


def test_a_day_is_closed_when_its_close_succeeded(tmp_path: Path) -> None:
    home = booked(
        tmp_path, line("close_business_day", FIRST, status="FAILED"), line("cut_off", SECOND)
    )
    assert not any(day.is_closed for day in measured_days(home).values())


def test_a_home_in_which_nothing_ran_has_no_days(tmp_path: Path) -> None:
    assert measured_days(Home(tmp_path)) == {}


def day(on: str, trades: int = 10) -> Usage:
    return Usage(business_date=date.fromisoformat(on), file_trades=trades, app_trades=0, uses=())


def test_the_latest_measured_day_is_taken_unless_one_is_named(tmp_path: Path) -> None:
    days = [day(FIRST), day(SECOND)]
    assert choose(days, None, Home(tmp_path)) == days[1]
    assert choose(days, date.fromisoformat(FIRST), Home(tmp_path)) == days[0]


def test_without_a_measured_day_the_sentence_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match=r"no business day has been measured .*backoffice day"):
        choose([], None, Home(tmp_path))


def test_a_date_that_was_not_measured_is_told_with_those_that_were(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match=rf"2026-10-13 was not measured .*{FIRST}, {SECOND}"):
        choose([day(FIRST), day(SECOND)], date(2026, 10, 13), Home(tmp_path))


def test_a_day_without_trades_has_no_cost_a_trade(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match=f"{FIRST} took no trades"):
        choose([day(FIRST, 0)], None, Home(tmp_path))
