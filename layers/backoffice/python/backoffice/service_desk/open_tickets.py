"""Open tickets: by themselves from what fails, and for people who ask."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from backoffice.kernel.parts import Records
from backoffice.service_desk.ticket_state import resolved_at
from backoffice.service_desk.tickets import (
    PLATFORM,
    Occurrence,
    Thing,
    TicketAct,
    TicketEvent,
    TicketRequest,
    append,
    read_thing,
    read_ticket,
    stamp,
    ticket_id,
)

MOST_OCCURRENCES: Final = 100
"""What fails more often while its ticket is open is written down no more: the ticket says it."""
_TRIES: Final = 8


class BusyTicketError(Exception):
    """Others wrote each number first; what came is told of again."""


def open_by_itself(records: Records, occurrence: Occurrence) -> list[TicketEvent]:
    """Put a failure into the open ticket of its thing, or open one; return the ticket's trail.

    Told twice it is there once. A failure from before a ticket was resolved opens nothing: it joins
    what was resolved. One on the day that its ticket was opened on, after it was resolved, opens it
    again.

    Raises
    ------
    BusyTicketError
        Others were first each time.
    """
    for _ in range(_TRIES):
        trails = read_thing(records, occurrence.thing)
        for trail in trails.values():
            if _has(trail, occurrence):
                return trail
        name = _ticket_for(list(trails.values()), occurrence)
        trail = trails.get(name, [])
        if _count(trail) >= MOST_OCCURRENCES and resolved_at(trail) is None:
            return trail
        act = TicketAct(verb="OCCUR", occurrence=occurrence)
        event = TicketEvent(
            ticket_id=name,
            number=len(trail) + 1,
            at=occurrence.at,
            actor=PLATFORM,
            thing=occurrence.thing,
            act=act,
        )
        if append(records, event):
            return [*trail, event]
    raise BusyTicketError(f"{occurrence.thing.kind} {occurrence.thing.name} is written to")


def open_for(
    records: Records, asker: str, request: TicketRequest, now: datetime
) -> list[TicketEvent]:
    """Open what a person asks; return the trail.

    The same words of the same person on the same day are one ticket, however often they are sent.
    """
    said = hashlib.sha256(f"{asker}\x1f{request.model_dump_json()}".encode()).hexdigest()
    name = ticket_id(Thing(kind="REQUEST", name=said), now.date())
    event = TicketEvent(
        ticket_id=name,
        number=1,
        at=stamp(now),
        actor=asker,
        thing=Thing(kind="REQUEST", name=request.subject),
        act=TicketAct(verb="OPEN", request=request),
    )
    append(records, event)
    return read_ticket(records, name)


def _has(trail: Sequence[TicketEvent], occurrence: Occurrence) -> bool:
    known = (event.act.occurrence for event in trail)
    return any(one and one.occurrence_id == occurrence.occurrence_id for one in known)


def _count(trail: Sequence[TicketEvent]) -> int:
    return sum(event.act.verb == "OCCUR" for event in trail)


def _ticket_for(trails: Sequence[Sequence[TicketEvent]], occurrence: Occurrence) -> str:
    new = ticket_id(occurrence.thing, date.fromisoformat(occurrence.at[:10]))
    if not trails:
        return new
    latest = trails[-1]
    over = resolved_at(latest)
    if over is None or occurrence.at <= over:
        return latest[0].ticket_id
    return new
