"""`backoffice entries`, `period`, `statements`: what they drop, ask for and write."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from cli.commands import books, statements
from cli.main import run
from cli.printed_statements import printed
from cli.workbooks import workbook
from tests.unit.cli.sheets import cells
from tests.unit.cli.test_requests import Waiting, desk, dropped  # noqa: F401 - fixtures

COLUMNS = ("line", "section", "account", "currency", "amount", "base_currency", "base_amount")
ROWS: list[dict[str, str | None]] = [
    {"line": "ACCOUNT", "section": "Assets", "account": "Assets:Cash", "currency": "USD",
     "amount": "1234567.80"},
    {"line": "ACCOUNT", "section": "Assets", "account": "Assets:Cash", "currency": "ISK",
     "amount": "9876543210987654"},
    {"line": "TOTAL", "section": "Assets", "account": None, "currency": "USD",
     "amount": "-0.01"},
]  # fmt: skip


def test_an_entry_is_dropped_with_all_its_lines(dropped: list[tuple[date, str, str]]) -> None:  # noqa: F811
    lines = ["--line", "Expenses:Rent 5 ISK", "--line", "Assets:Cash:ISK -5 ISK"]
    asked = ["--date", "2026-10-07", "--effective", "2026-10-01", "--reason", "rent"]
    assert run(["entries", "propose", "E-1", *asked, *lines]) == 0
    ((day, name, text),) = dropped
    assert (day, name) == (date(2026, 10, 7), "entries-E-1.csv")
    first, second = csv.DictReader(io.StringIO(text))
    assert {name: value for name, value in first.items() if value} == {
        "entry_id": "E-1", "effective_date": "2026-10-01", "reason": "rent",
        "account": "Expenses:Rent", "amount": "5", "unit": "ISK",
    }  # fmt: skip
    assert (second["account"], second["amount"]) == ("Assets:Cash:ISK", "-5")


def test_a_line_that_is_none_is_wrong_usage(dropped: list[tuple[date, str, str]]) -> None:  # noqa: F811
    asked = ["--date", "2026-10-07", "--effective", "2026-10-01", "--reason", "rent"]
    assert run(["entries", "propose", "E-1", *asked, "--line", "Expenses:Rent 5"]) == 2
    assert dropped == []


def test_what_recurs_says_until_when(dropped: list[tuple[date, str, str]]) -> None:  # noqa: F811
    lines = ["--line", "Expenses:Rent 5 ISK", "--line", "Liabilities:Accrued:Rent -5 ISK"]
    asked = ["--date", "2026-10-07", "--effective", "2026-10-31", "--reason", "rent"]
    more = ["--reverse-on", "2026-11-01", "--monthly-until", "2027-09-30"]
    assert run(["entries", "accrue", "E-1", *asked, *more, *lines]) == 0
    ((_, _, text),) = dropped
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {(row["reverse_on"], row["repeat_until"]) for row in rows} == {
        ("2026-11-01", "2027-09-30")
    }


def test_a_period_is_asked_to_be_locked(dropped: list[tuple[date, str, str]]) -> None:  # noqa: F811
    assert run(["period", "close", "2026-10", "--date", "2026-11-03"]) == 0
    ((_, name, text),) = dropped
    assert name == "periods-LOCK-2026-10-20261103.csv"
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["period"], row["action"]) == ("2026-10", "LOCK")


@pytest.fixture
def asked(desk: Waiting, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:  # noqa: F811
    """Give what the platform is asked to write; it always writes the same."""
    del desk
    found: list[dict[str, Any]] = []

    class Written:
        outbox_bucket = "outbox"

        def read(self, _bucket: str, _key: str) -> bytes:
            if found[-1]["format"] == "json":
                return json.dumps([{"check": "it", "status": "MISSING", "found": "1"}]).encode()
            lines = [COLUMNS, *([row.get(name) or "" for name in COLUMNS] for row in ROWS)]
            return "".join(",".join(line) + "\n" for line in lines).encode()

    def execute(_platform: object, _machine: str, what: dict[str, Any]) -> dict[str, str]:
        found.append(what)
        return {"key": "k"}

    monkeypatch.setattr(books, "execute", execute)
    for module in (books, statements):
        monkeypatch.setattr(module.Platform, "connect", lambda *_: Written())
    return found


def test_a_checklist_with_something_missing_needs_a_person(asked: list[dict[str, Any]]) -> None:
    assert run(["period", "show", "2026-10"]) == 3
    assert (asked[0]["what"], asked[0]["period"]) == ("checklist", "2026-10")


def test_a_statement_is_asked_for_by_its_days(
    asked: list[dict[str, Any]], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    days = ["--from", "2026-10-01", "--to", "2026-10-31", "--known-at", "2026-11-02"]
    assert run(["statements", "income", *days, "--format", "csv"]) == 0
    assert asked[0] == {
        "what": "income", "format": "csv", "since": "2026-10-01", "date": "2026-10-31",
        "known_at": "2026-11-02", "base": None,
    }  # fmt: skip
    assert capsysbinary.readouterr().out.startswith(b"line,section,account")


def test_figures_are_numbers_as_far_as_excel_holds_them() -> None:
    found = cells(workbook("Balance sheet", "2026-10-31", COLUMNS, ROWS))
    assert found["A1"] == ("s", "Balance sheet")
    assert found["E5"] == ("n", "1234567.80")
    assert found["E6"] == ("s", "9876543210987654"), "sixteen digits stay what they are, as text"
    assert found["E7"] == ("n", "-0.01")
    assert "C7" not in found


def test_a_workbook_goes_to_a_file(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    out = tmp_path / "sheet.xlsx"
    said = ["statements", "balance-sheet", "--to", "2026-10-31", "--format", "xlsx"]
    assert run([*said, "--out", str(out)]) == 0
    assert asked[0]["what"] == "balance-sheet"
    assert cells(out.read_bytes())["E5"] == ("n", "1234567.80")


def test_a_statement_is_printed(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    said = ["statements", "balance-sheet", "--to", "2026-10-31", "--format", "pdf"]
    twice = [tmp_path / "one.pdf", tmp_path / "two.pdf"]
    for out in twice:
        assert run([*said, "--out", str(out)]) == 0
    assert len(asked) == len(twice)
    first, second = (out.read_bytes() for out in twice)
    assert first == second, "the same statement has the same bytes"
    page = pdfium.PdfDocument(first)[0].get_textpage().get_text_range()
    for text in ("Balance sheet", "Assets:Cash", "1,234,567.80", "9,876,543,210,987,654"):
        assert text in page.replace("\u200b", "").replace("\n", "")


LEDGER = [
    {"account": "Assets:Cash:ISK", "unit": "ISK", "line": line, "date": "2026-10-01",
     "entry_id": entry, "kind": None, "debit": debit, "credit": None, "balance": balance}
    for line, entry, debit, balance in (
        ("OPENING", None, None, "0"),
        ("ENTRY", "2026-10-01:E:E-1", "5", "5"),
        ("CLOSING", None, None, "5"),
    )
]  # fmt: skip


def test_a_ledger_is_printed_by_account() -> None:
    body = printed("General ledger", "October", LEDGER, date(2026, 10, 31))
    page = pdfium.PdfDocument(body)[0].get_textpage().get_text_range()
    for text in ("Assets:Cash:ISK, ISK", "Opening", "Closing", "2026-10-01:E:E-1"):
        assert text in page.replace("\u200b", "")
    assert pdfium.PdfDocument(printed("General ledger", "May", [], date(2026, 5, 1)))
