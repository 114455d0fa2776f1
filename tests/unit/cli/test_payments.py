"""`backoffice payments`: a payment is a file of one row, and decided as its case."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from backoffice.intake.settlement_columns import PAYMENT_COLUMNS
from cli.business_day import DayRequest
from cli.commands import case_acts, payments
from cli.main import run
from cli.platform import Platform
from tests.unit.cli.test_case_acts import CASE, OTHER, Desk

_ASKED: Final = (
    *("payments", "request", "P-1", "--kind", "WITHDRAWAL", "--of", "C-1", "--amount", "40"),
    *("--currency", "USD", "--beneficiary", "A Client", "--account", "IS14", "--date"),
)


class Waiting(Desk):
    """An API with two payments to decide."""

    def get(self, path: str) -> tuple[int, Any]:
        if path != "/cases":
            return super().get(path)
        named = ((CASE, "PAYMENT", "P-1: so"), (OTHER, "PAYMENT", "P-12: so"), ("X", "Y", "P-2: "))
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
    for module in (case_acts, payments):
        monkeypatch.setattr(module, "api_of", lambda _platform, _person: made)
    return made


@pytest.mark.parametrize(("command", "outcome"), [("approve", "RELEASE"), ("reject", "REFUSE")])
def test_a_payment_is_decided_as_its_case(desk: Waiting, command: str, outcome: str) -> None:
    assert run(["payments", command, "P-1"]) == 0
    acts = [(case_id, act["verb"], act["outcome"]) for case_id, act in desk.sent]
    assert acts == [(CASE, "PROPOSE", outcome)]


def test_a_payment_that_waits_for_nobody_is_named(
    desk: Waiting, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["payments", "approve", "P-2"]) == 1
    assert "no payment P-2 waits to be decided" in capsys.readouterr().err
    assert desk.sent == []


@pytest.mark.usefixtures("desk")
def test_what_is_asked_for_is_dropped_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[tuple[date, str, str]] = []

    def drop(_platform: object, asked: DayRequest, _note: object) -> dict[str, str]:
        (path,) = Path(asked.folder).iterdir()
        dropped.append((asked.day, path.name, path.read_text()))
        return {}

    monkeypatch.setattr(payments, "refuse_past", lambda _platform, _day: None)
    monkeypatch.setattr(payments, "drop_folder", drop)
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
