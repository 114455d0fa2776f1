"""Views as workbooks: exact, dated, in order, and never a formula."""

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli import view_formats, workbooks
from cli.column_types import DATES, FIGURES
from cli.commands import books
from cli.platform import Platform
from cli.workbooks import TooLargeError, workbook_of
from tests.unit.cli.sheets import cells, formulas, frozen_rows, quoted

HOSTILE = ("=1+1", "+1", "-2+3", "@SUM(A1)", "\tx", "|calc", "%0A", '=HYPERLINK("x")', "\r=1")


def csv_of(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _workbook(rows: list[dict[str, str]]) -> bytes:
    return workbook_of("trial-balance", csv_of(rows), None, None)


def test_no_column_is_two_things() -> None:
    assert FIGURES.isdisjoint(DATES)


def test_figures_are_exact_and_days_are_dates() -> None:
    body = _workbook(
        [
            {"trade_id": "007", "trade_date": "2026-10-07", "quantity": "0.00000001",
             "amount": "-123456789012.345", "value": "9999999999999999.99999999"},
            {"trade_id": "2026-13-45", "trade_date": "1899-12-31", "quantity": "1000",
             "amount": "0.10", "value": "n/a"},
        ]
    )  # fmt: skip
    found = cells(body)
    assert [found[f"{column}5"] for column in "ABCDE"] == [
        ("s", "007"),
        ("n", "46302"),
        ("n", "1E-8"),
        ("n", "-123456789012.345"),
        ("s", "9999999999999999.99999999"),
    ]
    assert date(1899, 12, 30) + timedelta(days=46302) == date(2026, 10, 7)
    assert [found[f"{column}6"] for column in "ABCDE"] == [
        ("s", "2026-13-45"),
        ("s", "1899-12-31"),
        ("n", "1000"),
        ("n", "0.10"),
        ("s", "n/a"),
    ]
    assert quoted(body) == {"E5"}
    assert frozen_rows(body) == "4"


@pytest.mark.parametrize("column", ["reason", "amount", "trade_date"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_nor_becomes_one(column: str, text: str) -> None:
    body = _workbook([{"id": "1", column: text}])
    assert formulas(body) == 0
    assert cells(body)["B5"] == ("s", text)
    assert quoted(body) == {"B5"}


def test_very_many_rows_are_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"id": f"={n}", "amount": f"{n}.5", "day": "2026-10-07"} for n in range(20)]
    few = cells(_workbook(rows))
    monkeypatch.setattr(workbooks, "_MANY", 3)
    assert cells(_workbook(rows)) == few


def test_what_no_sheet_holds_is_refused_with_what_does(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLargeError, match="csv or json"):
        _workbook([{"says": "x" * 32_768}])
    assert cells(_workbook([{"says": "x" * 32_767}]))["A5"][1] == "x" * 32_767
    monkeypatch.setattr(workbooks, "_MOST_ROWS", 6)
    with pytest.raises(TooLargeError, match="3 rows"):
        _workbook([{"id": "1"}] * 3)


def test_a_view_is_exported_as_a_workbook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[Any, ...]] = []

    def view(*said: Any, confidential: bool) -> bytes:  # noqa: ANN401 - as the command asks
        assert confidential
        asked.append(said)
        return csv_of([{"account": "Assets:Cash", "unit": "ISK", "balance": "5"}])

    monkeypatch.setattr(books, "view", view)
    monkeypatch.setattr(Platform, "connect", lambda *_: None)
    out = tmp_path / "balance.xlsx"
    day = datetime(2026, 10, 7)  # noqa: DTZ001 - as an option is read
    books.export(books.What.TRIAL_BALANCE, view_formats.Format.XLSX, day, None, out)
    assert asked == [(None, "trial-balance", "csv", day, None)]
    found = cells(out.read_bytes())
    assert [found[place][1] for place in ("A1", "A2", "C4", "C5")] == [
        "Trial balance", "as of 2026-10-07", "balance", "5",
    ]  # fmt: skip
    assert Decimal(str(found["C5"][1])) == 5
