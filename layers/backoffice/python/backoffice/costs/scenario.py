"""The office that this replaces, as somebody reckons it: figures they may change, and who did.

Each change is an object of its own, written once; the highest number holds. Nothing that is booked
hangs on it: it is kept beside the measured days, not among the records.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final, Protocol

from pydantic import Field, StringConstraints

from backoffice.costs.comparisons import office
from backoffice.costs.prices import PriceList, dollars
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Document

PREFIX: Final = "costs/scenario/"
_KEY: Final = re.compile(rf"{PREFIX}([0-9]{{6}})\.json", re.ASCII)
_MOST_PEOPLE: Final = 1_000_000
Usd = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,2})?$")]
"""Dollars as text, at most two decimals, never negative."""


class ScenarioTakenError(BackofficeError):
    """Somebody else changed it at the same time."""


class CostDocuments(Protocol):
    """Where measured days and scenarios stand."""

    def keys(self, prefix: str) -> list[str]:
        """List the keys under a prefix, sorted."""

    def read_many(self, keys: Sequence[str]) -> list[bytes]:
        """Return the bytes of many small objects, in their order; KeyError when one is missing."""

    def put_once(self, key: str, body: bytes) -> bool:
        """Write unless the key exists; False when it did."""


class Scenario(Document):
    """The figures.

    Attributes
    ----------
    place, at_home
        US dollars a month for a person in the office, and for one at home.
    saved
        US dollars a year for each person at home.
    people
        How many are at home.
    budget
        US dollars a month that the platform may cost.
    """

    place: Usd
    at_home: Usd
    saved: Usd
    people: Annotated[int, Field(ge=0, le=_MOST_PEOPLE)]
    budget: Usd


class ScenarioSet(Document):
    """A change: its number, when, by whom, and how the figures are since."""

    number: int
    at: str
    actor: str
    scenario: Scenario


def first_scenario(prices: PriceList) -> Scenario:
    """Return the scenario that holds until somebody changes it: the rulebook's figures."""
    figures = office(prices)
    return Scenario(
        place=_text(figures.place),
        at_home=_text(figures.at_home),
        saved=_text(figures.saved_a_year),
        people=int(prices.figure("office_people")),
        budget=_text(prices.figure("cost_budget_usd_per_month")),
    )


def scenario_trail(documents: CostDocuments) -> list[ScenarioSet]:
    """Return every change there was, the first first."""
    keys = [key for key in documents.keys(PREFIX) if _KEY.fullmatch(key)]
    return [ScenarioSet.model_validate_json(body) for body in documents.read_many(keys)]


def set_scenario(
    documents: CostDocuments, scenario: Scenario, actor: str, at: str, after: int | None = None
) -> ScenarioSet:
    """Write a change and return it; one that changes nothing is the last there is.

    Parameters
    ----------
    after
        The number of the change that the actor saw; None takes whatever stands.

    Raises
    ------
    ScenarioTakenError
        Another change came in between.
    """
    trail = scenario_trail(documents)
    last = trail[-1] if trail else None
    seen = last.number if last else 0
    if after is not None and after != seen:
        raise ScenarioTakenError("the scenario was changed since you looked: look again")
    if last is not None and last.scenario == scenario:
        return last
    made = ScenarioSet(number=seen + 1, at=at, actor=actor, scenario=scenario)
    if not documents.put_once(f"{PREFIX}{made.number:06d}.json", made.model_dump_json().encode()):
        raise ScenarioTakenError("the scenario was changed since you looked: look again")
    return made


def usd_of(text: Usd) -> Decimal:
    """Return a figure of a scenario exactly."""
    return dollars(text)


def _text(amount: Decimal) -> str:
    whole, _, part = format(amount, "f").partition(".")
    part = part.rstrip("0")
    return f"{whole}.{part}" if part else whole
