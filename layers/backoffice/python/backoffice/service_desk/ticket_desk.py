"""The desk where people act on tickets, and the index that lists them.

Trails are the truth. The index has a ticket as it was folded last; it is written after each act and
made anew from the trails at any time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.service_desk.access_groups import SERVICE_DESK
from backoffice.service_desk.open_tickets import open_by_itself, open_for
from backoffice.service_desk.ticket_state import Ticket, fold
from backoffice.service_desk.tickets import (
    Occurrence,
    TicketAct,
    TicketEvent,
    TicketRequest,
    append,
    is_ticket,
    read_all,
    read_ticket,
    stamp,
)

"""The group of people who see to tickets and have letters delivered again."""
TICKETS: Final = "TICKETS"
PersonsVerb = Literal["TAKE", "COMMENT", "RESOLVE", "REOPEN"]
VERBS: Final[tuple[PersonsVerb, ...]] = ("TAKE", "COMMENT", "RESOLVE", "REOPEN")
_NEEDS_TEXT: Final = ("COMMENT", "RESOLVE", "REOPEN")


class TicketIndex(Protocol):
    """A table of tickets as they were folded last."""

    def query(self, pk: str) -> list[Mapping[str, Any]]:
        """Read the items of one partition, in sort-key order."""

    def put_new(self, item: Mapping[str, Any]) -> bool:
        """Write unless the key exists; False when it did."""

    def put_newer(self, item: Mapping[str, Any], counter: str) -> bool:
        """Write unless the item that stands counts as much."""


class UnknownTicketError(LookupError):
    """There is no such ticket."""


@dataclass(frozen=True, slots=True)
class TicketDesk:
    """Where tickets are opened, seen and acted on."""

    records: Records
    index: TicketIndex
    calendar: SettlementCalendar
    rulebook: Rulebook

    def listed(self) -> list[Ticket]:
        """Return the tickets there are, those opened last first."""
        items = self.index.query(TICKETS)
        found = (Ticket.model_validate_json(item["ticket"]) for item in items)
        return sorted(found, key=lambda one: (one.opened_at, one.ticket_id), reverse=True)

    def show(self, ticket_id: str) -> tuple[Ticket, list[TicketEvent]]:
        """Return a ticket and its trail.

        Raises
        ------
        UnknownTicketError
            There is none.
        """
        trail = read_ticket(self.records, ticket_id) if is_ticket(ticket_id) else []
        if not trail:
            raise UnknownTicketError(f"there is no ticket {ticket_id}")
        return self._folded(trail), trail

    def open_by_itself(self, occurrence: Occurrence) -> Ticket:
        """Put a failure into its ticket."""
        return self._served(open_by_itself(self.records, occurrence))

    def open_for(self, person: Person, request: TicketRequest, now: datetime) -> Ticket:
        """Open a ticket for a person, of whatever department."""
        return self._served(open_for(self.records, person.name, request, now))

    def act(
        self, ticket_id: str, person: Person, verb: PersonsVerb, text: str, now: datetime
    ) -> Ticket:
        """Take a person's act.

        Raises
        ------
        UnknownTicketError
            There is no such ticket.
        ActRefusedError
            FORBIDDEN to this person, in CONFLICT with how it stands, or INVALID.
        """
        ticket, trail = self.show(ticket_id)
        check_act(ticket, person, verb, text)
        return self._add(trail, person.name, TicketAct(verb=verb, text=text), now)

    def note(self, ticket_id: str, person: Person, text: str, now: datetime) -> Ticket:
        """Put down in a ticket that a person had a letter delivered again."""
        _, trail = self.show(ticket_id)
        return self._add(trail, person.name, TicketAct(verb="REDRIVE", text=text), now)

    def reindex(self) -> int:
        """Bring the index up to every trail there is; return how many there are."""
        trails = read_all(self.records)
        for trail in trails.values():
            self._served(trail)
        return len(trails)

    def _add(
        self, trail: Sequence[TicketEvent], actor: str, act: TicketAct, now: datetime
    ) -> Ticket:
        last = trail[-1]
        if (last.actor, last.act) == (actor, act):
            return self._served(trail)  # its answer was lost
        event = TicketEvent(
            ticket_id=last.ticket_id,
            number=last.number + 1,
            at=stamp(now),
            actor=actor,
            thing=last.thing,
            act=act,
        )
        if not append(self.records, event):
            raise ActRefusedError("CONFLICT", "somebody else acted first: look at it again")
        return self._served([*trail, event])

    def _served(self, trail: Sequence[TicketEvent]) -> Ticket:
        ticket = self._folded(trail)
        item = {
            "pk": TICKETS,
            "sk": ticket.ticket_id,
            "acts": ticket.acts,
            "ticket": ticket.model_dump_json(exclude_none=True),
        }
        if not self.index.put_new(item):
            self.index.put_newer(item, "acts")
        return ticket

    def _folded(self, trail: Sequence[TicketEvent]) -> Ticket:
        return fold(trail, self.calendar, self.rulebook)


def allowed(ticket: Ticket, person: Person) -> tuple[PersonsVerb, ...]:
    """Return what a person may do about a ticket as it stands."""
    sees_to = SERVICE_DESK in person.groups
    over = ticket.stage == "RESOLVED"
    may = {
        "TAKE": sees_to and not over and ticket.taken_by != person.name,
        "COMMENT": True,
        "RESOLVE": sees_to and not over,
        "REOPEN": over and (sees_to or ticket.opened_by == person.name),
    }
    return tuple(verb for verb in VERBS if may[verb])


def check_act(ticket: Ticket, person: Person, verb: PersonsVerb, text: str) -> None:
    """Refuse an act that the ticket as it stands, or the person, does not allow.

    Raises
    ------
    ActRefusedError
        With why.
    """
    if verb in _NEEDS_TEXT and not text.strip():
        raise ActRefusedError("INVALID", f"{verb} says something: why, or what")
    if verb in allowed(ticket, person) or _is_again(ticket, person, verb, text):
        return
    if SERVICE_DESK not in person.groups:
        raise ActRefusedError("FORBIDDEN", f"{verb} is for the group {SERVICE_DESK}")
    raise ActRefusedError("CONFLICT", f"{ticket.ticket_id} is {ticket.stage}")


def _is_again(ticket: Ticket, person: Person, verb: PersonsVerb, text: str) -> bool:
    """Whether an act is the one that stands already: its answer was lost."""
    if verb == "TAKE":
        return ticket.stage == "TAKEN" and ticket.taken_by == person.name
    return verb == "RESOLVE" and ticket.stage == "RESOLVED" and ticket.reason == text
