"""The ten days with their scripted market on the deployed platform: the reference's books."""

import csv
import io
from datetime import date, datetime, time
from pathlib import Path

import pytest

from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.platform import Platform
from infra.local.home import Home
from samples.make_ten_days import SCRIPT
from samples.ten_days_desk import write_desk_files
from tests.reference.comparison import TABLES, compare
from tests.simulation.ten_days import DAYS, TenDays

pytestmark = [pytest.mark.local, pytest.mark.soak]

_VIEWS = (*TABLES, "cases", "instructions")


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


def _rows(platform: Platform, what: str, day: date | None = None) -> list[dict[str, str]]:
    on = datetime.combine(day, time()) if day else None
    text = view(platform, what, "csv", on).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_ten_days_end_with_the_references_books(own_home: Home, tmp_path: Path) -> None:
    """The house in memory tells the model what the market says: equal input, equal answers."""
    days = TenDays(tmp_path / "days")
    platform = Platform.ensure_up(own_home.folder, _ignore)
    script = str(days.folder / SCRIPT)
    for day in DAYS:
        files = days.folder / day.isoformat()
        write_desk_files(files, day, lambda on: _rows(platform, "fails", on))
        report = run_day(platform, DayRequest(files, day, "local", script), _ignore)
        _, expected = days.run(day)
        assert report["breaks"] == expected["breaks"], day
        assert compare(days.model, {what: _rows(platform, what) for what in TABLES}) == [], day
    for what in _VIEWS:
        assert view(platform, what, "csv") == days.house.export(what), what
    _assert_nothing_changes_again(platform, days, DAYS[-1])


def _assert_nothing_changes_again(platform: Platform, days: TenDays, day: date) -> None:
    before = {what: view(platform, what, "csv") for what in _VIEWS}
    request = DayRequest(days.folder / day.isoformat(), day, "local", str(days.folder / SCRIPT))
    run_day(platform, request, _ignore)
    assert {what: view(platform, what, "csv") for what in _VIEWS} == before
