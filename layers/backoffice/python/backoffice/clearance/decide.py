"""Act on a case: propose, approve, reject and everything else that people do about it.

Whoever proposes and whoever approves are two people: the first must be of the makers, the second
of the checkers and another. What both decided counts from the next cut-off or close on.
"""

from dataclasses import dataclass
from datetime import datetime

from backoffice.clearance.act_rules import ActRefusedError, OpenCase, Person, check_act
from backoffice.clearance.read_trails import read_trail
from backoffice.clearance.trails import PLATFORM, Act, TrailEvent, append
from backoffice.kernel.parts import Records


@dataclass(frozen=True, slots=True)
class Taken:
    """An act as it stands, and the trail with it."""

    event: TrailEvent
    trail: list[TrailEvent]


def act_on(
    records: Records,
    case: OpenCase,
    person: Person,
    act: Act,
    now: datetime,
    document: bytes | None = None,
) -> Taken:
    """Take an act into a case's trail and return both as they stand.

    A document that it attaches is kept once the act may be taken, and before it stands.

    The same act of the same person at the end of the trail is the same act, sent again because its
    answer was lost.

    Raises
    ------
    ActRefusedError
        With why, and what to do instead.
    """
    trail = read_trail(records, case.case_id)
    by_people = [event for event in trail if event.actor != PLATFORM]
    if by_people and _is_same(by_people[-1], person, act):
        return Taken(by_people[-1], trail)
    check_act(case, trail, person, act)
    if act.record and document is not None:
        records.put_once(act.record, document)
    event = _event(case, len(trail) + 1, person, act, now)
    if not append(records, event):
        return _lost_to(records, event)
    return Taken(event, [*trail, event])


def _event(case: OpenCase, number: int, person: Person, act: Act, now: datetime) -> TrailEvent:
    return TrailEvent(
        case_id=case.case_id,
        number=number,
        at=now.isoformat(timespec="milliseconds"),
        actor=person.name,
        groups=person.groups,
        act=act,
        members=case.evidence if act.verb in {"PROPOSE", "SPLIT"} else None,
    )


def _is_same(event: TrailEvent, person: Person, act: Act) -> bool:
    return event.actor == person.name and event.act == act


def _lost_to(records: Records, event: TrailEvent) -> Taken:
    """Tell who was first; unless it was this very act, whose first answer was lost."""
    trail = read_trail(records, event.case_id)
    if len(trail) < event.number:
        raise ActRefusedError(
            "CONFLICT", f"act {event.number} of {event.case_id} cannot be read: verify the records"
        )
    last = trail[-1]
    if last.actor == event.actor and last.act == event.act:
        return Taken(last, trail)
    raise ActRefusedError(
        "CONFLICT", f"{last.actor} was first: {last.act.verb} of {last.at}; look at the case again"
    )
