"""What people read of a day."""

import pytest

from cli.output import print_report

FILE = {"name": "trades-1.fix", "kind": "trades", "status": "COMMITTED", "rows": 1}
REPORT = {
    "business_date": "2026-10-07",
    "files": [FILE | {"set_aside": [{"message": "35=0", "count": 12}]}, FILE | {"name": "b"}],
    "trades": {},
    "obligations": {},
    "journal": {},
    **dict.fromkeys(("cases_open", "breaks", "records_sealed", "elapsed_s"), 0),
}


def test_what_was_set_aside_of_a_file_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(REPORT)
    told = [line for line in capsys.readouterr().out.splitlines() if "set aside" in line]
    assert told == ["  trades-1.fix: no trades, set aside: 12 of 35=0"]
