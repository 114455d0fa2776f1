"""Parts, fails, wrong money, refused cancellations: the books are the reference's all the same."""

import random
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from cli.market.simulator import run_market
from tests.reference import scenario_world as world
from tests.reference.comparison import TABLES, compare, obligation_key
from tests.reference.messages import Message, read_messages
from tests.reference.model import Model
from tests.reference.obligations import Obligation
from tests.reference.scenario import Size, write_scenario
from tests.reference.tables import obligations_table
from tests.simulation.house import House
from tests.simulation.market import MemoryS3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

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


class Street:
    """A scripted market that a house and the model both listen to."""

    def __init__(self, script: Path, model: Model) -> None:
        self._script, self._model = script, model
        self._ids: list[dict[str, str]] = []
        self._said: list[bytes] = []

    def answers_house(self, house: House, day: date) -> Mapping[str, bytes]:
        s3 = cast("S3Client", MemoryS3(house.outbox, house.drops))
        script = str(self._script)
        keys = run_market(s3, house.outbox.name, house.drops.name, day, script)
        said = {key.rpartition("/")[2]: house.drops.read_bytes(key) for key in keys}
        self._ids, self._said = house.table("obligations"), list(said.values())
        return said

    def answers_model(self, day: date, obligations: Sequence[Obligation]) -> list[Message]:
        del day
        self._pair(obligations)
        return [message for body in self._said for message in read_messages(body)]

    def _pair(self, obligations: Sequence[Obligation]) -> None:
        """Let the model answer to the house's ids."""
        waiting: dict[str, list[str]] = {}
        for row in obligations_table(obligations):
            waiting.setdefault(_known_by(row), []).append(row["obligation_id"])
        for row in self._ids:
            if own := waiting.get(_known_by(row)):
                self._model.street.aliases[row["obligation_id"]] = own.pop(0)


def _known_by(row: Mapping[str, str]) -> str:
    return "/".join((obligation_key(row), row["status"], row["settled_quantity"]))


@pytest.mark.parametrize("seed", [41, 42, 43])
def test_a_scripted_markets_answers_lead_to_the_references_books(seed: int, tmp_path: Path) -> None:
    days = write_scenario(tmp_path / "days", seed, Size(most=25)).days
    script = tmp_path / "market.toml"
    write_script(script, random.Random(seed), [each.day for each in days])  # noqa: S311
    house, model = House(), Model()
    street = Street(script, model)
    for each in days:
        house.day(each.folder, each.day, street.answers_house)
        model.run_day(each.folder, each.day, street.answers_model)
        assert compare(model, {what: house.table(what) for what in TABLES}) == []
    statuses = {row["status"] for row in house.table("obligations")}
    assert {"SETTLED", "PARTIAL", "FAILED"} <= statuses
