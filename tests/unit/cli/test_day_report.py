"""A day's breaks are told with its figures: the first of them, and how many there are besides."""

from typing import Any

import pytest

from cli.output import print_report

REPORT: dict[str, Any] = {
    "business_date": "2026-10-07",
    "files": [],
    "trades": {"received": 0},
    "obligations": {"open": 0},
    "journal": {"entries": 0, "balanced": True},
    "cases_open": 0,
    "records_sealed": 1,
    "elapsed_s": "0.1",
}


def shown(count: int, capsys: pytest.CaptureFixture[str]) -> str:
    row = {"kind": "CASH", "unit": "USD", "ours": "1.00", "theirs": "0.00", "difference": "1.00"}
    breaks = [row | {"subject": f"S-{number}"} for number in range(count)]
    print_report(REPORT | {"breaks": count, "break_list": breaks})
    return capsys.readouterr().out


def test_breaks_are_listed_where_there_are_any(capsys: pytest.CaptureFixture[str]) -> None:
    assert "S-0" not in shown(0, capsys)
    assert "S-1" in shown(2, capsys)
    many = shown(1234, capsys)
    assert "S-19" in many
    assert "S-20" not in many
    assert "1,214 more" in many
