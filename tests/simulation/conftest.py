"""The sample days, run once for every test that looks at them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from samples.make_days import DAYS
from samples.make_days import main as make_days
from tests.simulation.firm import functions
from tests.simulation.house import House


@dataclass(frozen=True)
class SampleDays:
    """The folder the days were written to, by date, and a house that has closed them."""

    root: Path
    house: House

    def folder(self, day: date) -> Path:
        return self.root / day.isoformat()


@pytest.fixture(scope="session")
def sample_days(tmp_path_factory: pytest.TempPathFactory) -> SampleDays:
    root = tmp_path_factory.mktemp("sample-days")
    make_days(root)
    house = House()
    for day in DAYS:
        house.day(root / day.isoformat(), day)
    return SampleDays(root, house)


@pytest.fixture
def forgetful() -> Iterator[None]:
    functions().forget()
    yield
    functions().forget()
