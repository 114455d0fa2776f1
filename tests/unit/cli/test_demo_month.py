"""A demonstration's days are the same each time, and something of them waits for a person."""

import csv
from pathlib import Path

from cli.market.script_file import load_script
from samples.demo_month import SCRIPT, business_days, write_month


def test_the_same_days_are_written_each_time(tmp_path: Path) -> None:
    days = write_month(tmp_path / "one", 3)
    write_month(tmp_path / "one", 2)
    write_month(tmp_path / "other", 3)
    assert days == business_days()[:3]
    for path in sorted((tmp_path / "one").rglob("*.csv")):
        other = tmp_path / "other" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes(), path.name


def test_rows_that_wait_for_a_person_have_every_column(tmp_path: Path) -> None:
    days = write_month(tmp_path, 2)
    odd = []
    for day in days:
        with (tmp_path / str(day) / "trades-1.csv").open(newline="") as file:
            header, *rows = csv.reader(file)
        assert {len(row) for row in rows} == {len(header)}
        odd += [row for row in rows if "-odd-" in row[0]]
    assert [row[2] for row in odd] == ["SHORT", "BUY", "BUY"]


def test_its_market_is_a_script(tmp_path: Path) -> None:
    write_month(tmp_path, 1)
    assert load_script(str(tmp_path / SCRIPT))
