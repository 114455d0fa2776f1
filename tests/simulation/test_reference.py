"""The product and the reference implementation agree, row for row, at every close."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from samples.make_days import DAYS
from tests.reference.comparison import TABLES, compare
from tests.reference.model import Model
from tests.reference.scenario import Size, write_scenario
from tests.simulation.conftest import SampleDays
from tests.simulation.house import VIEWS, House
from tests.simulation.market import MARKETS
from tests.soaking import soaked

SEEDS = (1, 2, 3, 4, 5, 6)
MORE_SEEDS = (7, 8, 9, 10, 11, 12)
IDLE_SEEDS = (21, 22)


@pytest.mark.parametrize("seed", [*SEEDS, *soaked(*MORE_SEEDS), *IDLE_SEEDS])
def test_every_export_of_a_scenario_is_the_references(seed: int, tmp_path: Path) -> None:
    size = Size(days=4, most=30, idle_markets=seed in IDLE_SEEDS)
    scenario = write_scenario(tmp_path, seed, size)
    house = House()
    at_close: dict[date, list[bytes]] = {}
    for (day, folder, market), expected in zip(
        ((each.day, each.folder, each.market) for each in scenario.days),
        scenario.reports,
        strict=True,
    ):
        report = house.day(folder, day, MARKETS[market])
        at_close[day] = [house.export(what) for what in VIEWS]
        assert _figures(report) == _figures(expected)
    for day, views in at_close.items():
        assert views == [house.export(what, day) for what in VIEWS]
        assert compare(scenario.model, _exports(house, day), day) == []
        assert _breaks(house.table("breaks", day)) == _breaks(scenario.model.export("breaks", day))
    first, last = scenario.days[1].day, scenario.days[-1].day
    for effective, known in ((first, last), (last, first)):
        shown = {what: house.table(what, effective, known) for what in TABLES}
        assert compare(scenario.model, shown, effective, known) == []


def test_every_export_of_the_sample_days_is_the_references(sample_days: SampleDays) -> None:
    model = Model()
    for day in DAYS:
        report = model.run_day(sample_days.folder(day), day)
        assert _figures(sample_days.house.report(day)) == _figures(report)
        assert compare(model, _exports(sample_days.house, day)) == []


def _breaks(rows: Iterable[Mapping[str, str]]) -> list[list[tuple[str, str]]]:
    """Keep the breaks that both know, and what both say of them: cases have other names."""
    known = (row for row in rows if row["kind"] in {"HOLDINGS", "CASH"})
    return sorted(
        sorted((name, value) for name, value in row.items() if name != "case_id") for row in known
    )


def _exports(house: House, day: date) -> dict[str, list[dict[str, str]]]:
    return {what: house.table(what, day) for what in TABLES}


def _figures(report: dict[str, Any]) -> dict[str, Any]:
    """Keep what two implementations must agree on: not how an event is cut into entries."""
    named = (
        *("name", "status", "rows", "captured", "rejected", "duplicates"),
        *("unknown_columns", "set_aside"),
    )
    files = [
        {name: sorted(file[name]) if name == "unknown_columns" else file[name] for name in named}
        for file in report["files"]
        if file["kind"] != "status"
    ]
    return {
        "files": sorted(files, key=lambda file: str(file["name"])),
        "balanced": report["journal"]["balanced"],
        **{name: report[name] for name in ("trades", "obligations", "breaks")},
    }
