"""A ticket as it stands, folded from its acts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Document
from backoffice.kernel.rulebook import Rulebook
from backoffice.service_desk.service_levels import resolve_by, respond_by
from backoffice.service_desk.tickets import Priority, Thing, TicketEvent, stamp

Stage = Literal["OPEN", "TAKEN", "RESOLVED"]
_EXECUTIONS: Final = 10
_RESPONSES: Final = ("TAKE", "COMMENT", "RESOLVE", "REDRIVE")
IT: Final = "IT"
"""The department of what the platform opens by itself."""


class Ticket(Document):
    """A ticket.

    Attributes
    ----------
    occurrences
        How often its thing failed, as far as it was written down; 0 for what a person asks.
    executions
        The latest that failed, the newest first.
    responded_at, resolved_at
        When somebody of the desk first did something, and when it was last resolved; ISO 8601.
    respond_by, resolve_by
        Its targets; a ticket that was opened again counts from then.
    acts
        How many acts its trail has.
    """

    ticket_id: str
    thing: Thing
    department: str
    subject: str
    text: str = ""
    priority: Priority
    opened_at: str
    opened_by: str
    stage: Stage
    taken_by: str | None = None
    occurrences: int = 0
    last_at: str | None = None
    error: str = ""
    executions: tuple[str, ...] = ()
    case_id: str | None = None
    runbooks: tuple[str, ...] = ()
    responded_at: str | None = None
    respond_by: str
    resolved_at: str | None = None
    resolve_by: str
    reason: str | None = None
    acts: int

    def late(self, now: datetime) -> Literal["", "RESPONSE", "RESOLUTION"]:
        """Say which target is missed by now; a response that came late is told of no more."""
        if self.stage == "RESOLVED":
            return ""
        if _at(self.resolve_by) < now:
            return "RESOLUTION"
        return "RESPONSE" if self.responded_at is None and _at(self.respond_by) < now else ""

    @property
    def was_in_time(self) -> bool | None:
        """Whether a resolved ticket met its targets; None while it is open."""
        if self.stage != "RESOLVED" or self.resolved_at is None:
            return None
        answered = self.responded_at is not None and self.responded_at <= self.respond_by
        return answered and self.resolved_at <= self.resolve_by


def fold(trail: Sequence[TicketEvent], calendar: SettlementCalendar, rulebook: Rulebook) -> Ticket:
    """Return what a trail (at least one act, in order) comes to."""
    first = trail[0]
    state: dict[str, Any] = {**_opened(first), "stage": "OPEN"}
    counts_from = first.at
    for event in trail:
        if _opens_again(event, state):
            state |= {"stage": "OPEN", "responded_at": None, "resolved_at": None, "reason": None}
            state |= {"taken_by": None}
            counts_from = _moment(event)
        state |= _after(event, state)
    since, priority = _at(counts_from), state["priority"]
    return Ticket(
        **state,
        ticket_id=first.ticket_id,
        thing=first.thing,
        respond_by=stamp(respond_by(since, priority, calendar, rulebook)),
        resolve_by=stamp(resolve_by(since, priority, calendar, rulebook)),
        acts=len(trail),
    )


def resolved_at(trail: Sequence[TicketEvent]) -> str | None:
    """Return when a trail was resolved; None while it is open."""
    told: str | None = None
    for event in trail:
        if event.act.verb == "RESOLVE":
            told = event.at
        elif event.act.verb == "REOPEN" or (told and _moment(event) > told and _fails(event)):
            told = None
    return told


def _opened(first: TicketEvent) -> dict[str, Any]:
    said: dict[str, Any] = {"opened_at": first.at, "opened_by": first.actor}
    request, occurrence = first.act.request, first.act.occurrence
    if request is not None:
        return {**said, **request.model_dump(), "runbooks": ()}
    if occurrence is None:
        raise ValueError(f"{first.ticket_id} begins with neither a request nor a failure")
    return {
        **said,
        "department": IT,
        "subject": occurrence.subject,
        "priority": occurrence.priority,
        "occurrences": 0,
        "executions": (),
        "runbooks": (),
    }


def _opens_again(event: TicketEvent, state: dict[str, Any]) -> bool:
    if state["stage"] != "RESOLVED":
        return False
    return event.act.verb == "REOPEN" or (_fails(event) and _moment(event) > state["resolved_at"])


def _after(event: TicketEvent, state: dict[str, Any]) -> dict[str, Any]:
    verb, said = event.act.verb, dict[str, Any]()
    if verb in _RESPONSES and (verb != "COMMENT" or event.actor != state["opened_by"]):
        said["responded_at"] = state.get("responded_at") or event.at
    if verb == "TAKE":
        said |= {"stage": "TAKEN", "taken_by": event.actor}
    elif verb == "RESOLVE":
        answered = state.get("responded_at") or event.at
        said |= {"stage": "RESOLVED", "resolved_at": event.at, "reason": event.act.text}
        said["responded_at"] = answered
    elif _fails(event):
        said |= _failed(event, state)
    return said


def _failed(event: TicketEvent, state: dict[str, Any]) -> dict[str, Any]:
    one = event.act.occurrence
    if one is None:
        return {}
    executions = [one.execution] if one.execution else []
    last = max(one.at, state.get("last_at") or one.at)
    return {
        "occurrences": state["occurrences"] + 1,
        "last_at": last,
        "error": one.error if last == one.at else state.get("error", ""),
        "executions": (*executions, *state["executions"])[:_EXECUTIONS],
        "case_id": one.case_id or state.get("case_id"),
        "runbooks": tuple(dict.fromkeys((*state["runbooks"], one.runbook))),
    }


def _fails(event: TicketEvent) -> bool:
    return event.act.verb == "OCCUR"


def _moment(event: TicketEvent) -> str:
    """Return when what an act tells of was: a failure may be told of later."""
    return event.act.occurrence.at if event.act.occurrence else event.at


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
