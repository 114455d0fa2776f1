"""The page of benchmarks keeps what was written by hand."""

from datetime import date
from pathlib import Path

import pytest

from bench.measuring.page import NoPlaceError, renewed
from bench.measuring.report import Report, Table, Target

PAGE = """# Benchmarks
<!-- measured: net -->
old
<!-- end of net -->
By hand.
<!-- measured: lots -->
kept
<!-- end of lots -->
"""
DAY = date(2026, 3, 2)


def report() -> Report:
    return Report(
        "net",
        said=["Ten trades."],
        tables=[Table([("", "seconds"), ("ours", "1.00")])],
        targets=[Target("as fast", 1.2, most=1.3), Target("as small", 0.4, least=0.5)],
        machine="2 cores",
        versions="Python 3",
        load=0.5,
    )


def test_a_measured_section_is_written_anew_and_the_rest_stays() -> None:
    page = renewed(PAGE, [report()], DAY)
    assert "old" not in page
    assert page.startswith("# Benchmarks\n<!-- measured: net -->\nTen trades.\n")
    assert "| ours | 1.00 |" in page
    assert "| as fast | ≤ 1.3 times | 1.20 times | met |" in page
    assert "| as small | ≥ 0.5 times | 0.40 times | **missed** |" in page
    assert "Measured on 2026-03-02: 2 cores, load 0.5; Python 3." in page
    assert page.endswith(PAGE[PAGE.index("<!-- end of net -->") :])
    assert renewed(page, [report()], DAY) == page


def test_a_result_without_a_place_on_the_page_is_refused() -> None:
    other = report()
    other.name = "cold"
    with pytest.raises(NoPlaceError, match="cold"):
        renewed(PAGE, [other], DAY)


def test_a_report_is_read_as_it_was_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = report()
    written.figures["seconds"] = 1.5
    written.finish(tmp_path / "net.json")
    read = Report.read(tmp_path / "net.json")
    assert renewed(PAGE, [read], DAY) == renewed(PAGE, [written], DAY)
    assert read.figures == {"seconds": 1.5}
    assert "missed" in capsys.readouterr().out
