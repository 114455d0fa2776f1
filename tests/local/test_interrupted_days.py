"""A month of days, each stopped between another pair of its steps and run again: the same books."""

import json
from pathlib import Path

import pytest

from backoffice.kernel.books import state_key
from cli.business_day import execute
from cli.commands.books import view
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.home import HOME_VARIABLE, Home
from tests.local.interruption import Gap, backoffice_day, every_gap, interrupt, stopped_at
from tests.reference.comparison import compare
from tests.reference.scenario import ScenarioDay, Size, write_scenario
from tests.simulation.house import VIEWS, House
from tests.simulation.market import MARKETS

pytestmark = pytest.mark.local

_DONE = (0, 3)


def test_a_machine_waits_after_a_step_and_then_goes_on_as_it_would() -> None:
    states = {"A": {"Type": "Task", "Next": "B"}, "B": {"Type": "Task", "End": True}}
    definition = json.dumps({"StartAt": "A", "States": states})
    first, last = (json.loads(stopped_at(definition, step))["States"] for step in "AB")
    assert (first["A"]["Next"], first["Stopped Here"]["Next"]) == ("Stopped Here", "B")
    assert (last["B"]["Next"], last["Stopped Here"]["End"]) == ("Stopped Here", True)


def test_every_pair_of_steps_is_a_gap() -> None:
    gaps = [str(gap) for gap in every_gap()]
    assert len(set(gaps)) == len(gaps) == 28
    assert "kill after Seal Records of close_business_day" in gaps
    assert "stop after Plan File of capture_file" in gaps


@pytest.mark.soak
def test_days_stopped_between_every_pair_of_steps_end_like_days_left_in_peace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gaps = list(every_gap())
    scenario = write_scenario(tmp_path / "days", 0, Size(days=len(gaps), least=5, most=9))
    left_in_peace = House()
    home = Home(tmp_path / "home")
    monkeypatch.setenv(HOME_VARIABLE, str(home.folder))
    try:
        for gap, each in zip(gaps, scenario.days, strict=True):
            _run_day(home, gap, each)
            left_in_peace.day(each.folder, each.day, MARKETS[each.market])
            _same_books(home, left_in_peace, gap)
        platform = Platform.connect(home.folder)
        assert execute(platform, "verify_records", {})["findings"] == []
        shown = {what: left_in_peace.table(what) for what in VIEWS}
        assert compare(scenario.model, shown) == []
    finally:
        take_down(home, wipe=True, tell=lambda _sentence: None)


def _run_day(home: Home, gap: Gap, each: ScenarioDay) -> None:
    interrupt(home, gap, each.folder, each.day)
    platform = Platform.ensure_up(home.folder, lambda _sentence: None)
    # once its files are there the day goes on, whether or not their captures have ended
    if gap.step != "Commit File":
        is_closed = platform.exists(platform.records_bucket, state_key(each.day, "closed"))
        sealed = gap.machine == "close_business_day" and gap.step in _AFTER_THE_SEAL
        assert is_closed == sealed, gap
    with backoffice_day(each.folder, each.day) as run:
        assert run.wait(timeout=600) in _DONE, gap


_AFTER_THE_SEAL = ("Seal Records", "Publish State")


def _same_books(home: Home, left_in_peace: House, gap: Gap) -> None:
    platform = Platform.connect(home.folder)
    for what in VIEWS:
        assert view(platform, what, "csv") == left_in_peace.export(what), f"{what}, {gap}"
