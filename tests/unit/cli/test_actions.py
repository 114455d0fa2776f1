"""`backoffice actions`: what is listed, what waits, and an action with all that is of it."""

import json
from typing import Any

import pytest

from cli.commands import actions
from cli.main import run
from cli.platform import Platform

ACTION = {"partner": "local", "action_id": "CA-1", "event": "TENDER", "isin": "US0000000010"}
VIEWS: dict[str, list[dict[str, Any]]] = {
    "actions": [
        {**ACTION, "status": "ENTITLED", "ex_date": "2026-10-07"},
        {**ACTION, "action_id": "CA-2", "status": "PAID", "ex_date": "2026-10-01"},
        {**ACTION, "action_id": "CA-2", "partner": "other", "status": "PAID", "ex_date": ""},
    ],
    "entitlements": [
        {**ACTION, "role": "CLIENT", "party": f"C-{number}", "quantity": "5"}
        for number in range(60)
    ],
    "elections": [
        {"partner": "desk", "election_id": "CASE-20261007-0123456789", "action_id": "CA-1",
         "account_id": "C-1", "option": "TENDER", "status": "LATE"},
    ],
    "cases": [
        {"case_id": "CASE-1", "code": "ELECTION_DUE", "subject": "local/CA-1 C-1",
         "status": "OPEN"},
        {"case_id": "CASE-2", "code": "ELECTION_DUE", "subject": "local/CA-1 C-2",
         "status": "OPEN"},
        {"case_id": "CASE-3", "code": "ELECTION_LATE",
         "subject": "desk/CASE-20261007-0123456789", "status": "OPEN"},
        {"case_id": "CASE-4", "code": "ACTION_CHANGED_LATE", "subject": "local/CA-1 OB-1",
         "status": "CLOSED"},
        {"case_id": "CASE-5", "code": "ACTION_CONFLICT", "subject": "local/CA-10",
         "status": "OPEN"},
    ],
    "action-postings": [
        {**ACTION, "kind": "ACTION_PAYMENT", "party": "C-1", "account": "Assets:Cash:USD",
         "unit": "USD", "amount": "440.00"},
        {**ACTION, "partner": "other", "kind": "ACTION_SHARES", "party": "C-9"},
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _views(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Platform, "connect", lambda: None)
    monkeypatch.setattr(
        actions, "view", lambda _platform, what, _form: json.dumps(VIEWS[what]).encode()
    )


def test_the_list_says_what_waits_and_that_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["actions", "--json"]) == 3
    rows = json.loads(capsys.readouterr().out)
    assert [row["waits"] for row in rows] == ["2 ELECTION_DUE, 1 ELECTION_LATE", "", ""]


def test_the_list_shows_those_of_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["actions", "--status", "PAID"]) == 0
    assert "CA-1" not in capsys.readouterr().out
    assert run(["actions", "--status", "LOST"]) == 2


@pytest.mark.parametrize("name", ["CA-1", "local/CA-1"])
def test_an_action_is_shown_with_all_that_is_of_it(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["actions", "show", name, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["action"]["event"] == "TENDER"
    assert len(shown["entitlements"]) == 60
    assert [row["account_id"] for row in shown["elections"]] == ["C-1"]
    assert [row["case_id"] for row in shown["cases"]] == [f"CASE-{n}" for n in (1, 2, 3, 4)]
    assert [row["party"] for row in shown["postings"]] == ["C-1"]


def test_the_tables_say_how_many_more_holders_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["actions", "show", "CA-1"]) == 0
    told = capsys.readouterr().out
    assert "and 10 more: backoffice export entitlements" in told
    assert "440.00" in told


@pytest.mark.parametrize(
    ("name", "why"), [("CA-9", "no action CA-9"), ("CA-2", "local/CA-2, other/CA-2")]
)
def test_an_action_that_is_not_there_or_not_one_is_told(
    name: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["actions", "show", name]) == 1
    assert why in capsys.readouterr().err
