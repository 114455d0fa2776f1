"""`backoffice payments`, `instructions`: a file of one row, decided as its case."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from backoffice.intake.settlement_columns import CONDITION_COLUMNS, PAYMENT_COLUMNS
from cli.business_day import DayRequest
from cli.commands import case_acts, requests
from cli.main import run
from cli.platform import Platform
from tests.unit.cli.test_case_acts import CASE, OTHER, Desk

_ASKED: Final = (
    *("payments", "request", "P-1", "--kind", "WITHDRAWAL", "--of", "C-1", "--amount", "40"),
    *("--currency", "USD", "--beneficiary", "A Client", "--account", "IS14", "--date"),
)


class Waiting(Desk):
    """An API with payments and a request to decide."""

    def get(self, path: str) -> tuple[int, Any]:
        if path != "/cases":
            return super().get(path)
        named = (
            (CASE, "PAYMENT", "P-1: so"),
            (CASE, "INSTRUCTION_CHANGE", "R-1: HOLD OB-1"),
            (OTHER, "PAYMENT", "P-12: so"),
            ("X", "Y", "P-2: "),
        )
        names = ("case_id", "code", "subject")
        return 200, {"cases": [dict(zip(names, one, strict=True)) for one in named]}


class Cloud:
    """A platform that only knows the time."""

    def now(self) -> datetime:
        return datetime(2026, 10, 7, tzinfo=UTC)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    made = Waiting()
    monkeypatch.setattr(Platform, "connect", Cloud)
    for module in (case_acts, requests):
        monkeypatch.setattr(module, "api_of", lambda _platform, _person: made)
    return made


@pytest.mark.parametrize(("command", "outcome"), [("approve", "RELEASE"), ("reject", "REFUSE")])
@pytest.mark.parametrize("asked", [("payments", "P-1"), ("instructions", "R-1")])
def test_what_is_asked_for_is_decided_as_its_case(
    desk: Waiting, command: str, outcome: str, asked: tuple[str, str]
) -> None:
    group, request_id = asked
    assert run([group, command, request_id]) == 0
    acts = [(case_id, act["verb"], act["outcome"]) for case_id, act in desk.sent]
    assert acts == [(CASE, "PROPOSE", outcome)]


def test_a_payment_that_waits_for_nobody_is_named(
    desk: Waiting, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["payments", "approve", "P-2"]) == 1
    assert "no payment P-2 waits to be decided" in capsys.readouterr().err
    assert desk.sent == []


@pytest.fixture
def dropped(desk: Waiting, monkeypatch: pytest.MonkeyPatch) -> list[tuple[date, str, str]]:
    """Give the day, name and text of every file that is dropped."""
    del desk
    found: list[tuple[date, str, str]] = []

    def drop(_platform: object, asked: DayRequest, _note: object) -> dict[str, str]:
        (path,) = Path(asked.folder).iterdir()
        found.append((asked.day, path.name, path.read_text()))
        return {}

    monkeypatch.setattr(requests, "refuse_past", lambda _platform, _day: None)
    monkeypatch.setattr(requests, "drop_folder", drop)
    return found


def test_a_payment_is_dropped_as_a_file(dropped: list[tuple[date, str, str]]) -> None:
    assert run([*_ASKED, "2026-10-07"]) == 0
    ((day, name, text),) = dropped
    assert (day, name) == (date(2026, 10, 7), "payments-P-1.csv")
    (row,) = csv.DictReader(io.StringIO(text))
    assert {name: value for name, value in row.items() if value} == {
        "payment_id": "P-1",
        "kind": "WITHDRAWAL",
        "account_id": "C-1",
        "currency": "USD",
        "amount": "40",
        "value_date": "2026-10-07",
        "beneficiary": "A Client",
        "beneficiary_account": "IS14",
    }
    assert set(row) <= {column.name for column in PAYMENT_COLUMNS}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["hold", "R-1", "OB-1", "--reason", "wrong"], {"action": "HOLD", "reason": "wrong"}),
        (["release", "R-1", "OB-1", "--quantity", "4"], {"action": "RELEASE", "quantity": "4"}),
        (["cancel", "R-1", "OB-1"], {"action": "CANCEL"}),
    ],
)
def test_a_request_about_an_instruction_is_dropped_as_a_file(
    dropped: list[tuple[date, str, str]], said: list[str], told: dict[str, str]
) -> None:
    assert run(["instructions", *said, "--date", "2026-10-07"]) == 0
    ((_, name, text),) = dropped
    assert name == "conditions-R-1.csv"
    (row,) = csv.DictReader(io.StringIO(text))
    given = {name: value for name, value in row.items() if value}
    assert given == {"request_id": "R-1", "obligation_id": "OB-1", **told}
    assert set(row) <= {column.name for column in CONDITION_COLUMNS}
