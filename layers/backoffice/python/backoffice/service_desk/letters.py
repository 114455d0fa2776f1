"""Dead letters: what of, since when, how often tried, why given up; delivered again by a person.

A letter's body is the event that no part took: it may name a file, so no page shows it.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.kernel.parts import Document, Records
from backoffice.service_desk.access_groups import SERVICE_DESK
from backoffice.service_desk.occurrences import short_name
from backoffice.service_desk.ticket_desk import TicketDesk
from backoffice.service_desk.tickets import stamp

REDRIVES: Final = "service-desk/redrives/"
_STATES: Final = ":states:"
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{1,100}", re.ASCII)


class Letter(Document):
    """A dead letter.

    Attributes
    ----------
    letter_id
        The queue's own id of it.
    machine, function
        What should have taken it, one of the two; neither when it does not say.
    of
        What kind of event it is: "scheduled start 2026-10-05T22:00:00Z", "drop", "failure".
    tries
        None when it does not say.
    """

    letter_id: str
    queue: str
    machine: str | None = None
    function: str | None = None
    of: str
    since: datetime
    tries: int | None = None
    error: str = ""

    @property
    def says_who(self) -> bool:
        """Whether it says what should have taken it."""
        return self.machine is not None or self.function is not None


class Delivered(Document):
    """That a person had a letter delivered again."""

    letter: Letter
    at: str
    actor: str


class Held(Document):
    """A letter with what it takes to deliver and delete it: its body, and the queue's receipt."""

    letter: Letter
    body: str
    receipt: str


class LetterBox(Protocol):
    """The queues of dead letters, and what takes an event again."""

    def peek(self, queue: str) -> list[Held]:
        """Return the letters that wait, as many as are read at once; they stay."""

    def start(self, machine: str, name: str, payload: Mapping[str, Any]) -> None:
        """Start a machine, unless an execution of that name was started."""

    def invoke(self, function: str, payload: Mapping[str, Any]) -> None:
        """Have a function take an event."""

    def delete(self, held: Held) -> None:
        """Delete a letter."""


def read_letter(queue: str, message: Mapping[str, Any], named: str, since: datetime) -> Letter:
    """Read a message of a queue of dead letters, whoever gave it up.

    EventBridge and its scheduler say in attributes what they tried; a function's failed events
    say it in the body (`requestContext`).
    """
    said = {name: str(each.get("StringValue", "")) for name, each in _attributes(message).items()}
    body = _document(str(message["Body"]))
    context = body.get("requestContext")
    context = context if isinstance(context, dict) else {}
    target = said.get("TARGET_ARN") or str(context.get("functionArn", ""))
    tries = said.get("RETRY_ATTEMPTS") or str(context.get("approximateInvokeCount", ""))
    name = short_name(_target_name(target), named)
    error = said.get("ERROR_CODE") or str(context.get("condition", ""))
    return Letter(
        letter_id=str(message["MessageId"]),
        queue=queue,
        machine=name if _STATES in target else None,
        function=None if _STATES in target else name,
        of=_of(payload_of(str(message["Body"]))),
        since=since,
        tries=int(tries) if tries.isdecimal() else None,
        error=error if _CODE.fullmatch(error) else "",
    )


def payload_of(body: str) -> dict[str, Any]:
    """Return the event that a letter's body is, or holds."""
    document = _document(body)
    inner = document.get("requestPayload")
    return inner if isinstance(inner, dict) else document


def redrive(
    box: LetterBox,
    desk: TicketDesk,
    person: Person,
    wanted: Sequence[tuple[str, str]],
    now: datetime,
) -> list[Letter]:
    """Deliver letters again, each by its queue and id; return those that were.

    Who does it is written down before it is done. An execution is named by its letter: a letter
    that is delivered twice starts one. One that waits no more is left out.

    Raises
    ------
    ActRefusedError
        FORBIDDEN to this person; INVALID, before any is delivered, when one does not say who.
    """
    if SERVICE_DESK not in person.groups:
        raise ActRefusedError("FORBIDDEN", f"letters are for the group {SERVICE_DESK}")
    ids = frozenset(wanted)
    peeked = (held for queue in sorted({queue for queue, _ in ids}) for held in box.peek(queue))
    waiting = [held for held in peeked if (held.letter.queue, held.letter.letter_id) in ids]
    if nameless := [held.letter.letter_id for held in waiting if not held.letter.says_who]:
        raise ActRefusedError("INVALID", f"{nameless[0]} does not say what should take it")
    for held in waiting:
        _deliver(box, desk, person, held, now)
    return [held.letter for held in waiting]


def _deliver(box: LetterBox, desk: TicketDesk, person: Person, held: Held, now: datetime) -> None:
    letter = held.letter
    _write_down(desk.records, Delivered(letter=letter, at=stamp(now), actor=person.name))
    payload = payload_of(held.body)
    if letter.machine is not None:
        box.start(letter.machine, f"letter-{_safe(letter.letter_id)}", payload)
    elif letter.function is not None:
        box.invoke(letter.function, payload)
    box.delete(held)
    for ticket in desk.listed():
        if (ticket.thing.kind, ticket.thing.name) == ("QUEUE", letter.queue):
            if ticket.stage != "RESOLVED":
                desk.note(ticket.ticket_id, person, f"{letter.letter_id}: {letter.of}", now)
            break


def _write_down(records: Records, delivered: Delivered) -> None:
    body = delivered.model_dump_json(exclude_none=True).encode()
    digest = hashlib.sha256(body).hexdigest()[:32]
    records.put_once(f"{REDRIVES}{delivered.at[:10]}/{digest}.json", body)


def _safe(letter_id: str) -> str:
    return re.sub(r"[^0-9A-Za-z-]", "", letter_id)[:70]


def _target_name(arn: str) -> str:
    """Return a function's or machine's physical name; a function's version is no part of it."""
    pieces = arn.split(":")
    return pieces[6] if len(pieces) > 6 else ""  # noqa: PLR2004 - of an ARN's pieces the name


def _of(payload: Mapping[str, Any]) -> str:
    """Say what an event is without a name of it."""
    if isinstance(payload.get("day"), str):
        return f"scheduled start {payload['day'][:20]}"
    source = payload.get("source")
    return {"aws.s3": "drop", "aws.states": "failure", "aws.cloudwatch": "alarm"}.get(
        str(source), "event"
    )


def _attributes(message: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return dict(message.get("MessageAttributes") or {})


def _document(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
