"""The committed tables are what their generator makes of exchange_calendars today."""

from datetime import date, time
from importlib.resources import files
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from backoffice.kernel.early_closes import early_close
from backoffice.kernel.rulebook import default_rulebook

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    path = REPOSITORY / "rulebook/calendars/generate.py"
    spec = spec_from_file_location("generate_closed_weekdays", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_what_exchange_calendars_says(generator: ModuleType) -> None:
    # a list of lines, so that a difference names the venue and the year
    assert generator.TABLE.read_text().splitlines() == list(generator.lines())


def test_the_table_of_early_closes_is_what_exchange_calendars_says(generator: ModuleType) -> None:
    assert generator.EARLY_TABLE.read_text().splitlines() == list(generator.early_lines())


def test_early_closes_are_those_that_exchanges_announced() -> None:
    announced = {
        ("XNYS", date(2026, 11, 27)): time(13),
        ("XNAS", date(2024, 7, 3)): time(13),
        ("XLON", date(2026, 12, 24)): time(12, 30),
        ("XPAR", date(2026, 12, 31)): time(14, 5),
        ("XNYS", date(2026, 11, 25)): None,
        ("XICE", date(2026, 12, 23)): None,
    }
    assert {place: early_close(*place) for place in announced} == announced


def test_the_table_has_every_venue_and_every_year() -> None:
    text = (files("backoffice.kernel") / "closed_weekdays.csv").read_text(encoding="ascii")
    rows = [line.split(",") for line in text.splitlines()[1:]]
    years = [str(year) for year in range(1985, 2036)]
    assert [(venue, year) for venue, year, _ in rows] == [
        (venue, year) for venue in default_rulebook().venues() for year in years
    ]


def test_a_venue_that_trades_on_weekends_is_refused(generator: ModuleType) -> None:
    with pytest.raises(ValueError, match="24/7 trades on weekends"):
        generator.closed_weekdays("24/7")
