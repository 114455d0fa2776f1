"""A front-office app's trade: accepted in an answer, in the books with the next cut-off."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.home import Home
from samples.app import TRADES_WRITE, App, Credentials
from samples.make_days import DAYS, write_day

pytestmark = pytest.mark.local

DAY = DAYS[0]
TRADE = {
    "trade_id": "APP-1",
    "account_id": "IS-002",
    "side": "BUY",
    "isin": "US0378331005",
    "quantity": "10",
    "price": "254",
    "currency": "USD",
    "trade_time": "2026-10-09T15:00:00Z",
    "venue": "XNAS",
    "counterparty": "8I5DZWZKVSZI1NUHU748",
    "capacity": "AGENCY",
}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    home = Home(tmp_path_factory.mktemp("app"))
    yield Platform.ensure_up(home.folder, _ignore)
    take_down(home, wipe=True, tell=_ignore)


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


@pytest.fixture(scope="module")
def app(platform: Platform) -> Iterator[App]:
    credentials = Credentials.of_app(platform.client("cognito-idp"), platform.outputs)
    token = credentials.token(platform.endpoint, TRADES_WRITE)
    with closing(App(platform.api_url, token)) as connected:
        yield connected


def test_an_apps_trade_is_accepted_once_and_enters_the_books_at_the_cut_off(
    platform: Platform, app: App, tmp_path: Path
) -> None:
    status, answer = app.send("/trades", TRADE)
    assert (status, answer["status"], answer["trade_date"]) == (201, "ACCEPTED", str(DAY))
    assert app.send("/trades", TRADE)[1]["status"] == "DUPLICATE"
    assert app.send("/trades", TRADE | {"quantity": "11"})[0] == 409
    status, refused = app.send("/trades", TRADE | {"trade_id": "APP-2", "isin": "US0378331004"})
    assert (status, refused["code"], refused["field"]) == (422, "BAD_ISIN", "isin")
    assert app.send(f"/trades/{DAY}/APP-1")[0] == 200
    write_day(tmp_path / "day", DAY, 0)
    run_day(platform, DayRequest(tmp_path / "day", DAY, "local", "settle-all"), _ignore)
    rows = csv.DictReader(io.StringIO(view(platform, "trades", "csv").decode()))
    booked = [row for row in rows if row["trade_id"] == "APP-1"]
    assert [row["status"] for row in booked] == ["CLEARED"]
    assert booked[0]["partner"] != "local"
    assert booked[0]["trade_date"] == date(2026, 10, 9).isoformat()
