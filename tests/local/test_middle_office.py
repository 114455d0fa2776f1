"""The middle office on the deployed platform: reviews, margin calls and checks by command."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.main import run
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.home import HOME_VARIABLE, Home
from samples.app import TRADES_WRITE, App, Credentials
from tests.reference.samples import (
    NETTING_STREET,
    US_SHARE,
    account,
    counterparty,
    instrument,
    trade,
)
from tests.reference.writing import table_bytes

pytestmark = pytest.mark.local

DAY, NEXT = date(2026, 10, 7), date(2026, 10, 8)
LENT, PAID, DUE = "M-LENT", "C-PAID", "C-DUE"


def _price(day: date, close: str) -> bytes:
    return table_bytes([{"isin": US_SHARE, "date": str(day), "close": close, "currency": "USD"}])


def _deposit(name: str, amount: str) -> dict[str, str]:
    row = {"movement_id": f"D-{name}", "account_id": name, "kind": "DEPOSIT", "currency": "USD"}
    return {**row, "amount": amount, "value_date": str(DAY)}


FILES = {
    "accounts.csv": table_bytes(
        [
            account(LENT, account_type="MARGIN", kyc_review_date=""),
            account(PAID, kyc_review_date=""),
            account(DUE, kyc_review_date=str(NEXT)),
        ]
    ),
    "instruments.csv": table_bytes([instrument(US_SHARE, "XNYS", "USD")]),
    "counterparties.csv": table_bytes([counterparty(NETTING_STREET)]),
    "prices.csv": _price(DAY, "100"),
    "movements.csv": table_bytes([_deposit(LENT, "8000"), _deposit(PAID, "1000")]),
    "trades.csv": table_bytes([trade("T-1", "BUY", "160", "100", account_id=LENT)]),
}
"""160 shares bought for 16,000 on a loan of 8,000."""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Bring up a platform on which the first day is closed."""
    home = Home(tmp_path_factory.mktemp("middle"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(HOME_VARIABLE, str(home.folder))
        made = Platform.ensure_up(home.folder, _ignore)
        _run(made, tmp_path_factory.mktemp("first"), DAY, FILES)
        yield made
    take_down(home, wipe=True, tell=_ignore)


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


def _run(platform: Platform, folder: Path, day: date, files: dict[str, bytes]) -> None:
    for name, body in files.items():
        (folder / name).write_bytes(body)
    run_day(platform, DayRequest(folder, day, "local", "settle-all"), _ignore)


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = run([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def _check(platform: Platform, **order: str) -> tuple[int, list[str]]:
    credentials = Credentials.of_app(platform.client("cognito-idp"), platform.outputs)
    asked = {"side": "BUY", "isin": US_SHARE, "quantity": "10", "price": "100"}
    asked |= {"currency": "USD", "venue": "XNYS", "trade_time": f"{NEXT}T15:00:00Z"}
    token = credentials.token(platform.endpoint, TRADES_WRITE)
    with closing(App(platform.api_url, token)) as app:
        status, answer = app.send("/checks", asked | order)
    assert answer["would_clear"] is (answer["codes"] == [])
    return status, answer["codes"]


def test_an_order_is_checked_against_the_money_and_the_margin_of_the_close(
    platform: Platform,
) -> None:
    assert _check(platform, account_id=PAID) == (200, [])
    assert _check(platform, account_id=PAID, quantity="10.01") == (200, ["INSUFFICIENT_FUNDS"])
    assert _check(platform, account_id=LENT) == (200, ["INSUFFICIENT_MARGIN"])
    assert _check(platform, account_id=LENT, side="SELL") == (200, [])
    assert _check(platform, account_id="NOBODY") == (200, ["UNKNOWN_ACCOUNT"])


def test_calls_and_reviews_become_cases_at_the_next_cut_off(
    platform: Platform, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, report = _said(capsys, "risk", "report")
    assert (code, report["calls"], report["margin"][0]["equity"]) == (0, [], "8000.00")
    code, told = _said(capsys, "customers", "review", "--date", str(DAY))
    assert (code, told["due"], told["expired"]) == (3, 1, 0)
    _run(platform, tmp_path, NEXT, {"prices-2.csv": _price(NEXT, "60")})
    code, report = _said(capsys, "risk", "report")
    assert (code, [row["amount"] for row in report["calls"]]) == (3, ["800.00"])
    rows = json.loads(view(platform, "cases", "json"))
    assert [(row["code"], row["subject"]) for row in rows] == [("KYC_REVIEW_DUE", f"{DUE} {NEXT}")]
    capsys.readouterr()
    assert run(["risk", "report"]) == 3
    assert "Margin calls, 2026-10-08" in capsys.readouterr().out
    after = tmp_path / "after"
    after.mkdir()
    _run(platform, after, date(2026, 10, 9), {})
    rows = json.loads(view(platform, "cases", "json"))
    found = {row["code"]: (row["subject"], row["due"]) for row in rows if row["status"] == "OPEN"}
    assert found["MARGIN_CALL"] == (LENT, "2026-10-15")
    assert _said(capsys, "records", "verify")[0] == 0
