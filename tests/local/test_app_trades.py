"""A front-office app's trade: accepted in an answer, in the books with the next cut-off."""

import base64
import csv
import io
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.home import Home
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


class App:
    """A front-office app with its token."""

    def __init__(self, platform: Platform) -> None:
        self._url = platform.api_url
        self._token = _token(platform, "backoffice/trades.write")

    def send(self, path: str, trade: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        """Call a route with the token; return status and document."""
        headers = {"content-type": "application/json", "authorization": f"Bearer {self._token}"}
        body = json.dumps(trade).encode() if trade else None
        request = urllib.request.Request(self._url + path, body, headers)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request) as reply:  # noqa: S310 - loopback
                return int(reply.status), json.loads(reply.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read())


def _token(platform: Platform, scope: str) -> str:
    outputs = platform.outputs
    client = platform.client("cognito-idp").describe_user_pool_client(
        UserPoolId=outputs["UserPoolId"], ClientId=outputs["AppClientId"]
    )["UserPoolClient"]
    basic = base64.b64encode(f"{client['ClientId']}:{client['ClientSecret']}".encode()).decode()
    form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": scope}).encode()
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{platform.endpoint}/oauth2/token",
        form,
        {
            "authorization": f"Basic {basic}",
            "content-type": "application/x-www-form-urlencoded",
        },
    )
    with urllib.request.urlopen(request) as reply:  # noqa: S310 - loopback
        return str(json.loads(reply.read())["access_token"])


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    home = Home(tmp_path_factory.mktemp("app"))
    yield Platform.ensure_up(home.folder, _ignore)
    take_down(home, wipe=True, tell=_ignore)


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


def test_an_apps_trade_is_accepted_once_and_enters_the_books_at_the_cut_off(
    platform: Platform, tmp_path: Path
) -> None:
    app = App(platform)
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
