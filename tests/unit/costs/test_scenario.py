"""Figures are changed one after another, and what was measured is found by its month."""

from collections.abc import Sequence
from datetime import date

import pytest
from pydantic import ValidationError

from backoffice.costs.prices import PriceList
from backoffice.costs.published import publish, publish_standing, published, published_dates
from backoffice.costs.published import standing as standing_of
from backoffice.costs.scenario import (
    Scenario,
    ScenarioTakenError,
    first_scenario,
    scenario_trail,
    set_scenario,
)
from tests.unit.costs.days import PRICES, day_of, use

AT = "2026-03-02T12:00:00+00:00"
FIRST = first_scenario(PRICES)
OTHER = FIRST.model_copy(update={"people": 25})


class Kept:
    """Documents in memory."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.bodies if key.startswith(prefix))

    def read_many(self, keys: Sequence[str]) -> list[bytes]:
        return [self.bodies[key] for key in keys]

    def put_once(self, key: str, body: bytes) -> bool:
        return self.bodies.setdefault(key, body) is body

    def put(self, key: str, body: bytes) -> None:
        self.bodies[key] = body


def test_a_change_says_who_and_when_and_the_last_holds() -> None:
    kept = Kept()
    set_scenario(kept, OTHER, "anna", AT)
    set_scenario(kept, FIRST, "bjorn", AT, after=1)
    trail = scenario_trail(kept)
    assert [(each.number, each.actor) for each in trail] == [(1, "anna"), (2, "bjorn")]
    assert trail[-1].scenario == FIRST
    assert trail[0].at == AT


def test_what_changes_nothing_is_no_change() -> None:
    kept = Kept()
    first = set_scenario(kept, OTHER, "anna", AT)
    assert set_scenario(kept, OTHER, "bjorn", AT) == first


def test_who_saw_an_older_scenario_is_told() -> None:
    kept = Kept()
    set_scenario(kept, OTHER, "anna", AT, after=0)
    with pytest.raises(ScenarioTakenError):
        set_scenario(kept, FIRST, "bjorn", AT, after=0)


def test_of_two_at_once_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept()
    monkeypatch.setattr(kept, "put_once", lambda *_: False)
    with pytest.raises(ScenarioTakenError):
        set_scenario(kept, OTHER, "anna", AT)


@pytest.mark.parametrize("place", ["", "-1", "1e3", "1,000", "1.234", "01", "NaN", "1234567890"])
def test_what_is_no_amount_is_refused(place: str) -> None:
    said = {**FIRST.model_dump(), "place": place}
    with pytest.raises(ValidationError):
        Scenario.model_validate(said)


@pytest.mark.parametrize("people", ["-1", "1.5", "many", "1000001"])
def test_people_are_whole(people: str) -> None:
    with pytest.raises(ValidationError):
        Scenario.model_validate({**FIRST.model_dump(), "people": people})


def test_measured_days_are_found_by_their_month() -> None:
    kept = Kept()
    days = [day_of(use("events", 1), on=date(2026, month, 2)) for month in (3, 4)]
    publish(kept.put, days)
    publish(kept.put, days[:1])
    publish_standing(kept.put, {"AWS::KMS::Key": 2})
    assert published(kept, "2026-03") == days[:1]
    assert published_dates(kept) == [date(2026, 3, 2), date(2026, 4, 2)]
    assert standing_of(kept) == {"AWS::KMS::Key": 2}
    assert standing_of(Kept()) == {}


def test_the_first_scenario_is_the_rulebook_s() -> None:
    assert isinstance(PRICES, PriceList)
    assert FIRST.people > 0
