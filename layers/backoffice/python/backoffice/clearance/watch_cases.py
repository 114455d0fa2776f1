"""The clocks of cases: what is overdue is escalated, what was decided and not resolved is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.clearance.read_trails import read_trails
from backoffice.clearance.resolve_case import say
from backoffice.clearance.served_cases import CASES, DECIDED, Item, ServedCases, with_trail
from backoffice.clearance.trails import PLATFORM, TrailEvent
from backoffice.kernel.parts import Records


@dataclass(frozen=True, slots=True)
class Watched:
    """What one look at the open cases found: escalated now, and decided but not resolved."""

    escalated: tuple[str, ...]
    unresolved: tuple[tuple[str, int], ...]


def watch_cases(cases: ServedCases, records: Records, now: datetime) -> Watched:
    """Look at every open case: escalate what is overdue, serve what its trail says.

    Parameters
    ----------
    cases, records
        The table of open cases and the record store.
    now
        A case is overdue from the day after it was due, by UTC.
    """
    items = cases.query(CASES)
    days = {date.fromisoformat(str(item["opened_on"])) for item in items}
    trails = read_trails(records, sorted(days))
    escalated = list(_escalate(records, items, trails, now))
    if escalated:
        trails = read_trails(records, sorted(days))
    unresolved = []
    for item in items:
        trail = trails.get(item["sk"], [])
        served = with_trail(item, trail)
        cases.put_newer(served, "acts")
        if served["stage"] == DECIDED and not _is_resolved(trail, served["approval"]):
            unresolved.append((item["sk"], served["approval"]))
    return Watched(tuple(escalated), tuple(unresolved))


def _escalate(
    records: Records, items: list[Item], trails: dict[str, list[TrailEvent]], now: datetime
) -> Iterator[str]:
    for item in items:
        trail = trails.get(item["sk"], [])
        is_told = any(event.act.verb == "ESCALATE" for event in trail)
        if str(item["due"]) < str(now.date()) and not is_told:
            say(records, item["sk"], f"It was due on {item['due']}.", now, "ESCALATE")
            yield item["sk"]


def _is_resolved(trail: list[TrailEvent], approval: int) -> bool:
    return any(event.actor == PLATFORM and event.number > approval for event in trail)
