"""What the pool was found to hold, written down when it changed, and held against what may be."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from backoffice.service_desk.access_requests import REQUEST, read_requests
from backoffice.service_desk.acts import new_act, new_id
from backoffice.service_desk.entitlements import Drift, Held, drift, entitlements
from backoffice.service_desk.recertification import REVIEW, read_reviews, revocations
from backoffice.service_desk.registers import Registers

POOL: Final = "POL"


def note_pool(registers: Registers, held: Mapping[str, Held], now: datetime, by: str) -> None:
    """Write down what the pool holds, when it is not what it held when last looked at."""
    said = {"held": {name: [one.enabled, *sorted(one.groups)] for name, one in held.items()}}
    if said["held"] == pool_held(registers)[1]:
        return
    about = new_id(POOL, now.date())
    number = len(registers.trail(about)) + 1
    registers.add(new_act(about, number, now, by, "HELD", said))


def pool_held(registers: Registers) -> tuple[str, dict[str, list[Any]]]:
    """Return when the pool was last found changed, and what it held: name, enabled, groups."""
    trails = registers.trails(POOL)
    if not trails:
        return "", {}
    last = trails[max(trails)][-1]
    return last.at, dict(last.said["held"])


def drift_known(registers: Registers, on: date) -> list[Drift]:
    """Compare what the pool was last found to hold with what is approved by a date."""
    _, held = pool_held(registers)
    people = {
        name: Held(frozenset(groups), enabled=bool(enabled))
        for name, (enabled, *groups) in held.items()
    }
    requests = read_requests(registers.trails(REQUEST))
    may = entitlements(requests, revocations(read_reviews(registers.trails(REVIEW))), on)
    return drift(may, people) if people else []
