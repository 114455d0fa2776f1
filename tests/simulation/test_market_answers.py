"""Parts, fails, wrong money, refused cancellations: the books are the reference's all the same."""

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from tests.reference import scenario_world as world
from tests.reference.comparison import TABLES, compare
from tests.reference.model import Model
from tests.reference.scenario import Size, write_scenario
from tests.simulation.house import House
from tests.simulation.scripted import ScriptedStreet
from tests.soaking import soaked

_PLAYS = (
    'do = "partial"\nquantity = "3"',
    'do = "fail"',
    'do = "settle"\nduplicate = true',
    'do = "settle"\nmoney = "-12345"\ndirection = "DELIVER"',
    'do = "refuse-cancellation"',
    'do = "none"',
)


def write_script(path: Path, rng: random.Random, days: Sequence[date]) -> None:
    """Write a market that answers by ISIN and day as chance has it."""
    answers = []
    for paper in world.PAPERS:
        for play in rng.sample(_PLAYS, k=2):
            on = sorted(rng.sample(days, k=2))
            limit = f"\non = [{', '.join(map(str, on))}]" if rng.random() < 0.6 else ""
            answers.append(f'[[answer]]\n{play}\nisin = "{paper.isin}"{limit}\n')
    path.write_text("\n".join(answers), encoding="utf-8")


@pytest.mark.parametrize("seed", [41, *soaked(42, 43)])
def test_a_scripted_markets_answers_lead_to_the_references_books(seed: int, tmp_path: Path) -> None:
    days = write_scenario(tmp_path / "days", seed, Size(most=25)).days
    script = tmp_path / "market.toml"
    write_script(script, random.Random(seed), [each.day for each in days])  # noqa: S311
    house, model = House(), Model()
    street = ScriptedStreet(script, model)
    for each in days:
        house.day(each.folder, each.day, street.answers_house)
        model.run_day(each.folder, each.day, street.answers_model)
        assert compare(model, {what: house.table(what) for what in TABLES}) == []
    statuses = {row["status"] for row in house.table("obligations")}
    assert {"SETTLED", "PARTIAL", "FAILED"} <= statuses
