"""The first month of the year on the deployed platform: the books of the house in memory."""

from pathlib import Path
from typing import Final

import pytest

from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.platform import Platform
from infra.local.home import Home
from samples.make_year import DAYS, Year
from tests.simulation.house import VIEWS, House

pytestmark = [pytest.mark.local, pytest.mark.soak]

_DAYS: Final = DAYS[:20]
_A_SESSION: Final = 1
"""Actions come a session apart, so that a month has one of every kind."""


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


def test_twenty_days_end_with_the_books_of_the_house_in_memory(
    own_home: Home, tmp_path: Path
) -> None:
    year, house = Year(apart=_A_SESSION), House()
    platform = Platform.ensure_up(own_home.folder, _ignore)
    for day in _DAYS:
        place = tmp_path / str(day)
        year.write_day(place, day)
        expected = house.day(place, day)
        report = run_day(platform, DayRequest(place, day, "local", "settle-all"), _ignore)
        assert report["journal"] == expected["journal"], day
        assert report["breaks"] == expected["breaks"] == 0, day
    for what in VIEWS:
        assert view(platform, what, "csv") == house.export(what), what
