"""Real business days on the deployed platform: their books, and what a kill does to them."""

import csv
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from backoffice.records.query_catalogue import PLACE, TABLES
from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.emulator import find
from infra.local.home import HOME_VARIABLE, PROJECT, Home
from samples.make_days import DAYS
from samples.make_days import main as make_days
from tests.patience import PATIENCE_S
from tests.reference.comparison import compare
from tests.reference.model import Model

pytestmark = pytest.mark.local

VIEWS = (
    "trades", "rejects", "obligations", "positions", "lots", "journal", "trial-balance",
    "stock-record",
    "cash-ladder",
)  # fmt: skip
# a kill this early in a day always finds the day going on; a late one may come after its end
EARLY = ("dropping files", "cut-off")
LATE = ("market", "close")
LEAST_KILLS = 2


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


def _rows(platform: Platform, what: str) -> list[dict[str, str]]:
    text = view(platform, what, "csv").decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def sample_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("days")
    make_days(folder)
    return folder


@pytest.fixture(scope="module")
def run_days(
    sample_days: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Platform, dict[date, dict[str, object]]]]:
    home = Home(tmp_path_factory.mktemp("business-days"))
    platform = Platform.ensure_up(home.folder, _ignore)
    reports = {
        day: run_day(
            platform,
            DayRequest(sample_days / day.isoformat(), day, "local", "settle-all"),
            _ignore,
        )
        for day in DAYS
    }
    yield platform, reports
    take_down(home, wipe=True, tell=_ignore)


Ran = tuple[Platform, dict[date, dict[str, object]]]


def test_every_export_agrees_with_the_reference_implementation(
    run_days: Ran, sample_days: Path
) -> None:
    platform, _ = run_days
    model = Model()
    for day in DAYS:
        model.run_day(sample_days / day.isoformat(), day)
    exports = {what: _rows(platform, what) for what in VIEWS}
    assert compare(model, exports) == []


def test_a_day_reports_its_files_trades_and_balanced_journal(run_days: Ran) -> None:
    _, reports = run_days
    first = reports[DAYS[0]]
    assert first["business_date"] == DAYS[0].isoformat()
    trades = first["trades"]
    assert isinstance(trades, dict)
    assert trades["received"] == trades["captured"] + trades["rejected"] + trades["duplicates"]
    assert trades["held"] == 12
    assert first["journal"]["balanced"] is True  # type: ignore[index]
    assert reports[DAYS[2]]["obligations"]["settled"] > 0  # type: ignore[index]


def test_every_closed_day_is_listed_for_the_query_engine(run_days: Ran) -> None:
    platform, _ = run_days
    keys = platform.keys(platform.outbox_bucket, PLACE)
    assert {key.split("/")[2] for key in keys} == {f"day={day}" for day in DAYS}
    assert {key.split("/")[1] for key in keys} == set(TABLES)


def test_a_closed_day_run_again_changes_nothing(run_days: Ran, sample_days: Path) -> None:
    platform, reports = run_days
    before = {what: view(platform, what, "csv") for what in VIEWS}
    keys = platform.keys(platform.records_bucket)
    day = DAYS[2]
    again = run_day(
        platform, DayRequest(sample_days / day.isoformat(), day, "local", "settle-all"), _ignore
    )
    assert {**again, "elapsed_s": 0} == {**reports[day], "elapsed_s": 0}
    assert platform.keys(platform.records_bucket) == keys
    assert {what: view(platform, what, "csv") for what in VIEWS} == before


def test_books_killed_at_random_moments_end_like_books_left_in_peace(
    run_days: Ran,
    sample_days: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = Home(tmp_path / "killed")
    monkeypatch.setenv(HOME_VARIABLE, str(home.folder))
    rng = random.Random(20261009)  # noqa: S311 - moments, not secrets
    left_in_peace, _ = run_days
    kills = 0
    try:
        for day in DAYS:
            folder = sample_days / day.isoformat()
            stages = LATE if day == DAYS[0] else EARLY
            kills += _kill_during(home, folder, day, rng.choice(stages), rng.uniform(0, 1))
            with _backoffice(folder, day) as run:
                assert run.wait() in (0, 3)
        killed = Platform.connect(home.folder)
        assert kills >= LEAST_KILLS
        for what in VIEWS:
            assert _rows(killed, what) == _rows(left_in_peace, what), what
    finally:
        take_down(home, wipe=True, tell=_ignore)


def _backoffice(folder: Path, day: date) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "cli", "day", str(folder), "--date", day.isoformat()]
    return subprocess.Popen(  # noqa: S603 - the project's own command
        command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def _kill_during(home: Home, folder: Path, day: date, stage: str, seconds: float) -> int:
    """Kill the embedded AWS some time into a stage; return 1 when that ended the day."""
    with _backoffice(folder, day) as run:
        assert run.stderr is not None
        if not any(line.startswith(stage) for line in run.stderr):
            return 0
        time.sleep(seconds)
        running, going_on = find(home), run.poll() is None
        if running is None or not going_on:
            return 0
        os.kill(running.pid, signal.SIGKILL)
        return int(run.wait(timeout=PATIENCE_S) == 1)
