"""What a folder's files are, and what refuses or repeats them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference.drop import read_drop
from tests.reference.model import Model
from tests.reference.office import Office
from tests.reference.samples import trade
from tests.reference.writing import Oddity, table_bytes, write_control, write_table

if TYPE_CHECKING:
    from pathlib import Path

A, B = trade("A", "BUY", "100", "10"), trade("B", "BUY", "50.25", "10")


def said(root: Path) -> dict[str, Any]:
    """Run the folder as a day of its own and give the report's files by name."""
    report = Model().run_day(root, dt.date(2026, 10, 7))
    return {file["name"]: file for file in report["files"]}


@pytest.mark.parametrize(
    "oddity",
    [
        Oddity(bom=True),
        Oddity(crlf=True),
        Oddity(quote_all=True),
        Oddity(blank_lines=True),
        Oddity(padded=True),
        Oddity(bom=True, crlf=True, quote_all=True, blank_lines=True, padded=True),
    ],
)
def test_an_odd_but_lawful_file_says_the_same(tmp_path: Path, oddity: Oddity) -> None:
    columns = [*sorted(A), "desk", "note"]
    rows = [A | {"note": 'two\nlines, "quoted"'}, B | {"desk": "7"}]
    path = tmp_path / "trades_late.csv"
    path.write_bytes(table_bytes(rows, columns, oddity))
    file = said(tmp_path)["trades_late.csv"]
    assert (file["kind"], file["status"], file["rows"], file["captured"]) == (
        "trades",
        "COMMITTED",
        2,
        2,
    )
    assert file["unknown_columns"] == ["desk", "note"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no header"),
        (b"\n\n", "no header"),
        (b"isin,date,close,currency\n\xff", "not UTF-8"),
        ("isin,date,close\n".encode("utf-16"), "not UTF-8"),
        (b"isin,date,close\n", "required column missing: currency"),
        (b"isin,date,close,currency,isin\n", "column named twice: isin"),
        (b'isin,date,close,currency\n"US', "not RFC 4180"),
    ],
)
def test_a_file_that_is_none_of_its_kind_is_refused_whole(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "prices.csv").write_bytes(content)
    file = said(tmp_path)["prices.csv"]
    assert file["status"] == "REFUSED"
    assert file["reason"].startswith(reason)


def test_a_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "memo.csv").write_text("a\n1\n", encoding="utf-8")
    assert said(tmp_path)["memo.csv"]["status"] == "REFUSED"


def test_a_row_of_the_wrong_length_is_rejected_and_the_rest_goes_on(tmp_path: Path) -> None:
    content = table_bytes([A]) + b"short,row\n\n" + table_bytes([B]).split(b"\n", 1)[1]
    (tmp_path / "trades.csv").write_bytes(content)
    row = read_drop(tmp_path)[0].rows[1]
    assert (row.number, row.code, row.field) == (2, "BAD_FORMAT", "row")
    assert said(tmp_path)["trades.csv"]["captured"] == 2


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({}, "COMMITTED"),
        ({"rows": 2, "sum_quantity": "150.250"}, "COMMITTED"),
        ({"rows": 3}, "REFUSED"),
        ({"sum_quantity": "150"}, "REFUSED"),
        ({"sha256": "0" * 64}, "REFUSED"),
    ],
)
def test_a_control_file_that_disagrees_refuses_its_file(
    tmp_path: Path, wanted: dict[str, object], status: str
) -> None:
    path = write_table(tmp_path, "trades-1.csv", [A, B])
    write_control(path, **wanted)
    assert said(tmp_path)["trades-1.csv"]["status"] == status


def test_the_control_sum_counts_rejected_rows_with_a_readable_quantity(tmp_path: Path) -> None:
    rows = [A | {"side": "HOLD"}, B, A | {"quantity": "1e3"}, A | {"quantity": ""}]
    write_control(write_table(tmp_path, "trades-1.csv", rows), sum_quantity="150.25")
    file = said(tmp_path)["trades-1.csv"]
    assert (file["status"], file["captured"], file["rejected"]) == ("COMMITTED", 1, 3)


def test_of_equal_files_the_first_by_name_counts(tmp_path: Path) -> None:
    for name in ("trades-2.csv", "trades-1.csv", "trades.csv"):
        write_table(tmp_path, name, [A])
    files = said(tmp_path)
    assert {name: file["status"] for name, file in files.items()} == {
        "trades-1.csv": "COMMITTED",
        "trades-2.csv": "REPEATED",
        "trades.csv": "REPEATED",
    }
    assert (files["trades.csv"]["rows"], files["trades.csv"]["duplicates"]) == (1, 0)


def test_the_days_counts_are_of_committed_files(tmp_path: Path) -> None:
    office = Office(tmp_path)
    rows = [A, B, A, A | {"price": "11"}, A | {"isin": "US0000000000"}]
    report = office.day("2026-10-07", {"trades-1": rows, "trades-2": rows, "trades-3": [B]})
    assert report["trades"] == {
        "received": 6,
        "captured": 2,
        "rejected": 2,
        "duplicates": 2,
        "cancelled": 0,
        "cleared": 2,
        "held": 0,
    }


def test_later_rows_of_reference_data_replace_earlier_ones(tmp_path: Path) -> None:
    office = Office(tmp_path)
    account = {"account_id": "C-9", "name": "N", "kind": "CLIENT", "account_type": "CASH"}
    account |= {"currency": "USD", "country": "IS", "kyc_status": "PENDING"}
    deal = A | {"account_id": "C-9"}
    files = {"accounts-b": [account], "accounts-a": [account | {"kyc_status": "APPROVED"}]}
    office.day("2026-10-07", files | {"trades": [deal]})
    assert office.one("trades")["hold_codes"] == "KYC_NOT_APPROVED"
    office.day("2026-10-08", {"accounts-a": [account | {"kyc_status": "APPROVED"}]})
    row = office.one("trades")
    assert (row["status"], row["hold_codes"]) == ("CLEARED", "")
    assert office.one("obligations")["settlement_date"] == "2026-10-09"
