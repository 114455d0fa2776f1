"""Measured days where people look at them: a document a day, and what stands by the month."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from backoffice.costs.scenario import CostDocuments
from backoffice.costs.usage import Usage
from backoffice.kernel.parts import Document

PREFIX: Final = "costs/usage/"
STANDING: Final = "costs/standing.json"
_KEY: Final = re.compile(rf"{PREFIX}(\d{{4}}-\d\d-\d\d)\.json", re.ASCII)
Put = Callable[[str, bytes], None]


class Standing(Document):
    """How many units of each resource type stand (`fixed.units`)."""

    units: Mapping[str, int]


def usage_key(day: date) -> str:
    """Where the measured day of a date stands."""
    return f"{PREFIX}{day}.json"


def publish(put: Put, days: Iterable[Usage]) -> None:
    """Write measured days; one that is measured anew takes its former's place."""
    for day in days:
        put(usage_key(day.business_date), day.model_dump_json().encode())


def publish_standing(put: Put, units: Mapping[str, int]) -> None:
    """Write what stands by the month."""
    put(STANDING, Standing(units=units).model_dump_json().encode())


def published_dates(documents: CostDocuments) -> list[date]:
    """Return the dates that were measured, oldest first."""
    found = (_KEY.fullmatch(key) for key in documents.keys(PREFIX))
    return [date.fromisoformat(each[1]) for each in found if each]


def published(documents: CostDocuments, month: str) -> list[Usage]:
    """Return the measured days of a month (`2026-03`), oldest first."""
    keys = [key for key in documents.keys(f"{PREFIX}{month}-") if _KEY.fullmatch(key)]
    return [Usage.model_validate_json(body) for body in documents.read_many(keys)]


def standing(documents: CostDocuments) -> Mapping[str, int]:
    """Return what stands by the month; nothing where nobody has written it."""
    try:
        (body,) = documents.read_many([STANDING])
    except KeyError:
        return {}
    return Standing.model_validate_json(body).units
