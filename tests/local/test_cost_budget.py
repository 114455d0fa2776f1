"""Budgets of a million trades, from days run on the embedded AWS: a change that breaks one fails.

Two days of two sizes are run, so that what a trade adds is seen, call by call and unit by unit.
The larger is no smaller, because obligations are made by counterparty, instrument and date: of few
trades nearly every one makes another, of many they are netted into those that are there.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backoffice.costs.growth import growth_between
from backoffice.costs.meters import AMOUNTS, METERS
from backoffice.costs.usage import Side, Usage, total
from bench.population import DAYS, FIRST_DAY, Population, write_day
from cli.business_day import DayRequest, run_day
from cli.main import run
from cli.measured import closed_days
from cli.output import DONE
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.home import HOME_VARIABLE, Home
from samples.app import TRADES_WRITE, App, Credentials
from tests.patience import wait_until

pytestmark = pytest.mark.local

SMALL, LARGE, OF_APPS = 2_000, 40_000, 150
A_MILLION_BY_FILE = Decimal("0.05")
A_MILLION_BY_APP = Decimal(6)
WRITE_UNITS_OF_AN_APP_S_TRADE = 3
TRADE = {
    "account_id": "A-000007",
    "side": "BUY",
    "isin": "US0000000002",
    "quantity": "10",
    "price": "254.25",
    "currency": "USD",
    "trade_time": f"{DAYS[0]}T15:00:00Z",
    "venue": "XNAS",
    "counterparty": "549300000000000000098",
    "capacity": "AGENCY",
    "commission": "1.95",
}


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Run a small day, send trades of an app, run a larger day that takes them."""
    folder = tmp_path_factory.mktemp("budget")
    home = Home(folder / "home")
    platform = Platform.ensure_up(home.folder, _ignore)
    _day(platform, folder, FIRST_DAY, SMALL, 0)
    _send(platform)
    _day(platform, folder, DAYS[0], LARGE, 1)
    yield home
    take_down(home, wipe=True, tell=_ignore)


def _day(platform: Platform, folder: Path, day: date, trades: int, number: int) -> None:
    population = Population(trades=trades, accounts=800)
    files = write_day(folder / str(day), population, day, number)
    run_day(platform, DayRequest(files, day, "local", "settle-all"), _ignore)


def _send(platform: Platform) -> None:
    credentials = Credentials.of_app(platform.client("cognito-idp"), platform.outputs)
    token = credentials.token(platform.endpoint, TRADES_WRITE)
    lei = _a_counterparty(platform)
    with closing(App(platform.api_url, token)) as app:
        for number in range(OF_APPS):
            trade = {**TRADE, "trade_id": f"APP-{number}", "counterparty": lei}
            status, answer = app.send("/trades", trade)
            assert status == 201, answer


def _a_counterparty(platform: Platform) -> str:
    body = platform.read(platform.drops_bucket, f"drops/local/{FIRST_DAY}/counterparties.csv")
    return body.decode().splitlines()[1].split(",")[0]


@pytest.fixture(scope="module")
def days(home: Home) -> list[Usage]:
    platform = Platform.connect(home.folder)
    wait_until("the count of both days", lambda: len(closed_days(platform, home)) == 2)
    return closed_days(platform, home)


def _cost(home: Home, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(home.folder))
        assert run(["cost", "--json", *more]) == DONE
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_the_days_took_the_trades_that_were_sent(days: list[Usage]) -> None:
    small, large = days
    assert (small.file_trades, small.app_trades) == (SMALL, 0)
    # a partner sends one trade in a thousand once more
    assert LARGE <= large.file_trades <= LARGE * 1.01
    assert large.app_trades == OF_APPS


def test_every_call_of_the_platform_was_made_by_somebody_known(days: list[Usage]) -> None:
    for day in days:
        assert {use.meter for use in day.uses} <= METERS
        assert not [use for use in day.uses if use.work == "untraced"]
        callers = {use.caller for use in day.uses}
        assert {"platform", "partner", "operator"} <= callers


def test_no_call_grows_with_the_trades(days: list[Usage]) -> None:
    growth = growth_between(days)
    assert growth is not None
    calls = {
        kind: count
        for kind, count in growth.a_million.items()
        if kind.rpartition("|")[2] not in AMOUNTS | {"lambda_init_mb_ms", "log_bytes"}
    }
    # a few of a day's thousand: one in a thousand trades would be a thousand a million
    assert {kind: count for kind, count in calls.items() if count > 3_000} == {}


def test_a_million_trades_by_file_cost_at_most_five_cents(
    home: Home, days: list[Usage], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = _cost(home, capsys, "--date", str(days[-1].business_date))
    assert answer["growth"]["source"] == "the days measured here"
    assert 0 < Decimal(answer["million"]["files"]["usd"]) <= A_MILLION_BY_FILE, answer["million"]


def test_a_million_trades_by_app_cost_at_most_six_dollars(
    home: Home, days: list[Usage], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = _cost(home, capsys, "--date", str(days[-1].business_date))
    assert 1 < Decimal(answer["million"]["apps"]["usd"]) <= A_MILLION_BY_APP, answer["million"]


def test_an_app_s_trade_takes_at_most_three_write_units_and_no_workflow(days: list[Usage]) -> None:
    uses = [use for use in days[-1].of(Side.APPS) if use.work == "POST /trades"]
    assert OF_APPS <= total(uses, "dynamodb_write_units") <= WRITE_UNITS_OF_AN_APP_S_TRADE * OF_APPS
    assert total(uses, "states_transitions") == 0
    assert total(uses, "lambda_requests") == total(uses, "api_requests") == OF_APPS


def test_a_function_logs_here_as_it_does_in_the_cloud(days: list[Usage]) -> None:
    uses = [use for use in days[-1].of(Side.APPS) if use.step == "accept_trade"]
    lines_of_the_platform = 338
    assert total(uses, "log_bytes") > OF_APPS * (lines_of_the_platform + 150)


def test_what_was_measured_stands_after_a_stop(
    home: Home, days: list[Usage], capsys: pytest.CaptureFixture[str]
) -> None:
    before = _cost(home, capsys, "--trades-per-day", "1000000")
    take_down(home, wipe=False, tell=_ignore)
    platform = Platform.ensure_up(home.folder, _ignore)
    assert [day.uses for day in closed_days(platform, home)] == [day.uses for day in days]
    assert _cost(home, capsys, "--trades-per-day", "1000000") == before


def test_a_day_that_was_not_measured_is_said_to_be_none(
    home: Home, days: list[Usage], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(home.folder))
        assert run(["cost", "--date", "2026-01-05"]) == 1
    said = capsys.readouterr().err
    assert "2026-01-05 was not measured" in said
    assert str(days[-1].business_date) in said
