"""Files in any order, at any time before their day, cut in any way: the same books."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from backoffice.intake.plan_file import Planned
from tests.reference.scenario import Size, write_scenario
from tests.simulation.house import House
from tests.simulation.market import MARKETS
from tests.simulation.small_days import FILES, FIRST, SECOND

_SAMPLE: Final = 20
_SOAK: Final = 1_000
_SHARDS: Final = 20
_SIZE: Final = Size(days=2, least=4, most=8)
_SCENARIOS: Final = 4
_AGAIN: Final = 0.2
_EARLY: Final = 0.3


@dataclass(frozen=True)
class Days:
    """Business days: their dates, their files by name, their markets; and their books."""

    dates: Sequence[date]
    files: Mapping[date, Mapping[str, bytes]]
    markets: Mapping[date, str]
    digest: str


class CutAnyhow(House):
    """Cuts files and accounts as a seed says, and captures ranges in any order."""

    def __init__(self, rng: random.Random) -> None:
        # mostly a few rows a range; now and then one a range, or all in one
        super().__init__(rng.choice((1, 150, 300, 700, 2_000, 10**6)), rng.choice((2, 3, 8, 1_000)))
        self.rng = rng

    def plan(self, key: str) -> Planned:
        planned = super().plan(key)
        ranges = self.rng.sample(planned.ranges, len(planned.ranges))
        return planned.model_copy(update={"ranges": tuple(ranges)})


@cache
def _days(number: int) -> Days:
    """Make the days of one scenario and run them in the plainest order; 0 is the small days."""
    if number == 0:
        files: Mapping[date, Mapping[str, bytes]] = {day: FILES[day] for day in (FIRST, SECOND)}
        markets = dict.fromkeys(files, "settle-all")
    else:
        with TemporaryDirectory() as folder:
            days = write_scenario(Path(folder), 400 + number, _SIZE).days
            files = {
                each.day: {path.name: path.read_bytes() for path in sorted(each.folder.iterdir())}
                for each in days
            }
            markets = {each.day: each.market for each in days}
    house = House()
    for day, dropped in files.items():
        for name, body in dropped.items():
            house.drop("local", day, name, body)
        house.business_day(day, MARKETS[markets[day]])
    return Days(tuple(files), files, markets, house.digest())


def _shuffled(seed: int) -> tuple[str, str]:
    """Run days in an order a seed says; return the books' digest and the one there should be."""
    rng = random.Random(seed)  # noqa: S311 - an order, no secret
    days, house = _days(seed % _SCENARIOS), CutAnyhow(rng)
    waiting = [(day, name, body) for day in days.dates for name, body in days.files[day].items()]
    for today in days.dates:
        coming = [drop for drop in waiting if drop[0] == today or (rng.random() < _EARLY)]
        waiting = [drop for drop in waiting if drop not in coming]
        coming += [drop for drop in coming if rng.random() < _AGAIN]
        for day, name, body in rng.sample(coming, len(coming)):
            house.drop("local", day, name, body)
        house.business_day(today, MARKETS[days.markets[today]])
    return house.digest(), days.digest


@pytest.mark.parametrize("seed", range(_SAMPLE))
def test_a_shuffle_gives_the_same_books(seed: int) -> None:
    found, wanted = _shuffled(seed)
    assert found == wanted


@pytest.mark.soak
@pytest.mark.parametrize("shard", range(_SHARDS))
def test_a_thousand_shuffles_give_the_same_books(shard: int) -> None:
    for seed in range(_SAMPLE + shard, _SAMPLE + _SOAK, _SHARDS):
        found, wanted = _shuffled(seed)
        assert found == wanted, f"seed {seed}"


def test_files_that_are_missing_give_other_books() -> None:
    days, house = _days(1), House()
    first = days.dates[0]
    for name, body in days.files[first].items():
        if not name.startswith("trades"):
            house.drop("local", first, name, body)
    house.business_day(first, MARKETS[days.markets[first]])
    assert house.digest(first) != days.digest
