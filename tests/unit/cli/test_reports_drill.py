"""`backoffice reports drill`: the rows of a line and the entries behind them."""

import json
from datetime import datetime
from typing import Any

import pytest

from cli.commands import reports
from cli.main import run
from cli.platform import Platform

NAME = "RESERVE_WEEKLY-2026-10-11"
ROW = {"report_id": NAME, "line": "10", "kind": "BALANCE", "subject": "M-1"}
VIEWS: dict[str, list[dict[str, Any]]] = {
    "reports": [{"report_id": NAME, "kind": "RESERVE_WEEKLY", "made_on": "2026-10-09"}],
    "reserve-rows": [
        {**ROW, "account": "Liabilities:ClientCash:M-1", "unit": "USD", "usd": "8000.00"},
        {**ROW, "line": "1", "subject": "C-1"},
        {**ROW, "report_id": "RESERVE_WEEKLY-2026-10-04"},
    ],
    "reserve-postings": [{**ROW, "entry_id": "2026-10-08:C:local:2026-10-07:T-2"}],
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, datetime | None]]:
    said: list[tuple[str, datetime | None]] = []

    def view(_platform: object, what: str, _form: str, date: datetime | None = None) -> bytes:
        said.append((what, date))
        return json.dumps(VIEWS[what]).encode()

    monkeypatch.setattr(Platform, "connect", lambda: None)
    monkeypatch.setattr(reports, "view", view)
    return said


def test_a_line_is_drilled_down_as_its_day_knew_it(
    asked: list[tuple[str, datetime | None]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["reports", "drill", NAME, "--line", "10", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [row["subject"] for row in shown["rows"]] == ["M-1"]
    assert [row["entry_id"] for row in shown["postings"]] == ["2026-10-08:C:local:2026-10-07:T-2"]
    day = datetime(2026, 10, 9)  # noqa: DTZ001 - a day, as the command line gives it
    assert asked[1:] == [("reserve-rows", day), ("reserve-postings", day)]


def test_the_tables_name_the_entries(
    asked: list[tuple[str, datetime | None]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["reports", "drill", NAME, "--line", "10"]) == 0
    assert asked
    assert "8000.00" in capsys.readouterr().out
    assert run(["reports", "drill", "LOST", "--line", "10"]) == 1
