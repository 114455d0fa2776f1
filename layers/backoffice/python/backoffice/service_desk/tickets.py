"""A ticket's trail: acts about something that fails or is asked for, an object an act.

Acts are written once and numbered without gaps: a number is taken by whoever writes it first.
Tickets say which part fails, never whose: no input, no cause, no client's data stands in them.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final, Literal

from pydantic import Field, ValidationError

from backoffice.kernel.parts import Document, Records
from backoffice.service_desk.acts import is_day
from backoffice.service_desk.runbooks import Kind

PREFIX: Final = "service-desk/tickets/"
PLATFORM: Final = "open_tickets"
"""Who speaks in a ticket for the platform: no person."""
LONGEST_TEXT: Final = 4_000
_KEY: Final = re.compile(r"service-desk/tickets/([0-9a-f]{10})/(\d{4}-\d\d-\d\d)/(\d{6})\.json")
_ID: Final = re.compile(r"TICKET-(\d{8})-([0-9a-f]{10})", re.ASCII)

Priority = Literal["URGENT", "HIGH", "NORMAL", "LOW"]
Verb = Literal["OPEN", "OCCUR", "TAKE", "COMMENT", "RESOLVE", "REOPEN", "REDRIVE"]
PRIORITIES: Final[tuple[Priority, ...]] = ("URGENT", "HIGH", "NORMAL", "LOW")


class Thing(Document):
    """What a ticket is of: a part of the platform by its name, or what a person asks."""

    kind: Kind
    name: str = Field(max_length=300)


class Occurrence(Document):
    """One time that a thing failed.

    Attributes
    ----------
    occurrence_id
        Names it, however often it is told of.
    at
        When it failed: ISO 8601, UTC.
    error
        The kind of the error alone.
    execution
        Its ARN; None when none failed.
    case_id
        The case it was about, if it was about one.
    """

    occurrence_id: str
    at: str
    thing: Thing
    subject: str = Field(max_length=200)
    priority: Priority
    runbook: str
    error: str = Field(default="", max_length=200)
    execution: str | None = None
    case_id: str | None = None


class TicketRequest(Document):
    """What a person asks the desk for."""

    department: str = Field(min_length=1, max_length=80)
    subject: str = Field(min_length=1, max_length=200)
    text: str = Field(default="", max_length=LONGEST_TEXT)
    priority: Priority = "NORMAL"


class TicketAct(Document):
    """What is done about a ticket; OPEN says what is asked, OCCUR what failed."""

    verb: Verb
    text: str = Field(default="", max_length=LONGEST_TEXT)
    request: TicketRequest | None = None
    occurrence: Occurrence | None = None


class TicketEvent(Document):
    """An act as it stands: of which ticket of which thing, its number, when (UTC), by whom."""

    ticket_id: str
    number: int
    at: str
    actor: str
    thing: Thing
    act: TicketAct


def stamp(moment: datetime) -> str:
    """Write a moment as trails have it: UTC, to the millisecond, so that text sorts as time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def ticket_id(thing: Thing, opened_on: date) -> str:
    """Name a ticket by its thing and the day it was opened on, so that every run names it alike."""
    return f"TICKET-{opened_on:%Y%m%d}-{_digest(thing)}"


def _digest(thing: Thing) -> str:
    return hashlib.sha256(f"{thing.kind}\x1f{thing.name}".encode()).hexdigest()[:10]


def is_ticket(text: str) -> bool:
    """Tell whether a text has the shape of a ticket's id."""
    found = _ID.fullmatch(text)
    return found is not None and is_day(found[1])


def ticket_prefix(of: str) -> str:
    """Where a ticket's acts stand.

    Raises
    ------
    ValueError
        The text is no ticket's id.
    """
    found = _ID.fullmatch(of)
    if found is None:
        raise ValueError(f"{of} is no ticket")
    return f"{PREFIX}{found[2]}/{date.fromisoformat(found[1])}/"


def append(records: Records, event: TicketEvent) -> bool:
    """Write an act as the next of its trail; False when another was first."""
    key = f"{ticket_prefix(event.ticket_id)}{event.number:06d}.json"
    return records.put_once(key, event.model_dump_json(exclude_none=True).encode())


def read_ticket(records: Records, of: str) -> list[TicketEvent]:
    """Read a ticket's trail, in order; empty when there is no such ticket."""
    return read_trails(records, records.keys(ticket_prefix(of))).get(of, [])


def read_thing(records: Records, thing: Thing) -> dict[str, list[TicketEvent]]:
    """Read the trails of all tickets there ever were of a thing, the oldest first."""
    return read_trails(records, records.keys(f"{PREFIX}{_digest(thing)}/"))


def read_all(records: Records) -> dict[str, list[TicketEvent]]:
    """Read every trail there is."""
    return read_trails(records, records.keys(PREFIX))


def read_trails(records: Records, keys: Iterable[str]) -> dict[str, list[TicketEvent]]:
    """Read the trails whose acts stand under keys (sorted), each up to its first gap.

    What is no act, or says that it stands elsewhere, ends its trail and stops nothing.
    """
    shaped = [key for key in keys if _KEY.fullmatch(key)]
    trails: dict[str, list[TicketEvent]] = {}
    for key, body in zip(shaped, records.read_many(shaped), strict=True):
        event = _event(key, body)
        if event is not None:
            trail = trails.setdefault(event.ticket_id, [])
            if event.number == len(trail) + 1:
                trail.append(event)
    return {name: trail for name, trail in trails.items() if trail}


def _event(key: str, body: bytes) -> TicketEvent | None:
    try:
        event = TicketEvent.model_validate_json(body)
        place = f"{ticket_prefix(event.ticket_id)}{event.number:06d}.json"
    except (ValidationError, ValueError):
        return None
    return event if place == key else None
