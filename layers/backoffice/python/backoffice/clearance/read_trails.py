"""Read trails: of each its gapless beginning, for nothing after a gap counts.

What is no act, cannot be read or says that it stands elsewhere ends a trail and stops nothing:
verifying the records names it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from backoffice.clearance.trails import TrailEvent, opened_on, trail_key, trails_prefix
from backoffice.kernel.parts import Records

_ACT: Final = re.compile(r"cases/[^/]+/(CASE-\d{8}-[0-9a-f]{10})/(\d{6})\.json", re.ASCII)
_ATTACHED: Final = re.compile(r"cases/.+/attached/[0-9a-f]{64}", re.ASCII)

Trails = dict[str, list[TrailEvent]]


def is_act(key: str) -> bool:
    """Tell whether an act of a trail can stand under a key."""
    found = _ACT.fullmatch(key)
    return found is not None and _stands_at(key, found[1], int(found[2]))


def is_attached(key: str) -> bool:
    """Tell whether a document that was attached to a case can stand under a key."""
    return _ATTACHED.fullmatch(key) is not None


def place_of(key: str) -> tuple[str, int]:
    """Return the case and the number that the key of an act says.

    Raises
    ------
    ValueError
        No act stands under such a key.
    """
    found = _ACT.fullmatch(key)
    if found is None:
        raise ValueError(f"{key} is no act's")
    return found[1], int(found[2])


def read_trail(records: Records, case_id: str) -> list[TrailEvent]:
    """Read a case's trail, in order."""
    keys = records.keys(f"{trails_prefix(opened_on(case_id))}{case_id}/")
    return read_beginnings(records, keys).get(case_id, [])


def read_trails(records: Records, days: Iterable[date]) -> Trails:
    """Read every trail of the cases opened on some days, by case."""
    keys = [key for day in days for key in records.keys(trails_prefix(day))]
    return read_beginnings(records, keys)


def read_beginnings(records: Records, keys: Iterable[str]) -> Trails:
    """Read the trails whose acts stand under some keys (sorted), by case, up to their first gap."""
    trails: Trails = {}
    reached: dict[str, int] = {}
    wanted = []
    for key in filter(is_act, keys):
        case_id, number = place_of(key)
        if number == reached.get(case_id, 0) + 1:
            reached[case_id] = number
            wanted.append(key)
    for event in read_acts(records, wanted):
        trail = trails.setdefault(event.case_id, [])
        if event.number == len(trail) + 1:
            trail.append(event)
    return trails


def read_acts(records: Records, keys: Sequence[str]) -> list[TrailEvent]:
    """Read acts each by itself, in the order of their keys; what is none is left out."""
    read = zip(keys, records.read_many(keys), strict=True)
    found = (_event(key, body) for key, body in read)
    return [event for event in found if event is not None]


def strays(records: Records, keys: Iterable[str]) -> set[str]:
    """Return those of some keys of cases that no trail comes to, and that are no document."""
    unsure = {key for key in keys if not is_attached(key)}
    cases = sorted({place_of(key)[0] for key in unsure if is_act(key)})
    trails = (read_trail(records, case_id) for case_id in cases)
    return unsure - {trail_key(one.case_id, one.number) for trail in trails for one in trail}


def _event(key: str, body: bytes) -> TrailEvent | None:
    try:
        event = TrailEvent.model_validate_json(body)
    except ValueError:
        return None
    return event if _stands_at(key, event.case_id, event.number) else None


def _stands_at(key: str, case_id: str, number: int) -> bool:
    try:
        return number > 0 and trail_key(case_id, number) == key
    except ValueError:  # the id's day is none
        return False
