"""The first month of the year on the deployed platform: the books of the house in memory."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.main import run
from cli.output import DONE, NEEDS_A_PERSON
from cli.platform import Platform
from infra.local.home import Home
from samples.make_year import DAYS, Year
from tests.reference.writing import table_bytes
from tests.simulation.house import VIEWS, House
from tests.simulation.test_entries import agree
from tests.simulation.year_ends import last_of, missing, write_to_clients

pytestmark = [pytest.mark.local, pytest.mark.soak]

_MONTH: Final = "2026-01"
_ENDS: Final = last_of(DAYS[0])
_ASKED: Final = next(day for day in DAYS if day > _ENDS)
"""The day that asks for January's lock; the next one decides it, and the one after is bound."""
_DAYS: Final = DAYS[: DAYS.index(_ASKED) + 3]
_A_SESSION: Final = 1
"""Actions come a session apart, so that a month has one of every kind."""
_LOCK: Final = {"request_id": "L-1", "period": _MONTH, "action": "LOCK"}
_MADE: Final = ("document_id", "account_id", "language", "pdf_sha256", "html_sha256")


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


def test_a_month_ends_with_the_books_and_papers_of_the_house_in_memory(
    own_home: Home, tmp_path: Path
) -> None:
    year, house = Year(apart=_A_SESSION), House()
    platform = Platform.ensure_up(own_home.folder, _ignore)
    for day in _DAYS:
        place = tmp_path / str(day)
        year.write_day(place, day)
        if day == _ASKED:
            (place / "periods.csv").write_bytes(table_bytes([_LOCK]))
        expected = house.day(place, day)
        report = run_day(platform, DayRequest(place, day, "local", "settle-all"), _ignore)
        assert report["journal"] == expected["journal"], day
        assert report["breaks"] == expected["breaks"] == 0, day
        if day == _ASKED:
            agree(house, "PERIOD_CHANGE")
            for person, ends in (("one", NEEDS_A_PERSON), ("two", DONE)):
                assert run(["period", "approve", "L-1", "--as", person]) == ends
    for what in VIEWS:
        assert view(platform, what, "csv") == house.export(what), what
    assert not missing(house, _MONTH)
    assert run(["period", "show", _MONTH]) == DONE
    write_to_clients(house, _MONTH)
    assert run(["documents", "make", "--month", _MONTH]) == DONE
    assert _made(json.loads(view(platform, "documents", "json"))) == _made(house.table("documents"))


def _made(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    found = sorted(tuple(row[name] for name in _MADE) for row in rows)
    assert found
    return found
