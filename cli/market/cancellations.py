"""How the market takes requests to cancel: what has settled stays settled.

Of what had settled in part before the request was left, the rest is cancelled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from backoffice.formats.iso20022.answer_writer import Answer, write_cancellation_answer
from backoffice.formats.iso20022.instruction_reader import Cancellation, Instruction, Unreadable
from cli.market.history import History
from cli.market.references import reference_of
from cli.market.rules import ACCEPT_CANCELLATION, NONE, REFUSE_CANCELLATION
from cli.market.script import Script

NO_REFERENCE: Final = "NONREF"
"""Stands where the sender's reference could not be read."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to cancel, and the day (ISO 8601) it was left in the outbox."""

    cancellation: Cancellation | Unreadable
    requested_on: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The answers to a day's requests, and every obligation that is cancelled after them."""

    messages: list[bytes]
    cancelled: frozenset[str]


def take_requests(
    requests: Iterable[Request],
    instructions: Mapping[str, Instruction],
    history: History,
    day: date,
    script: Script,
) -> Taken:
    """Answer every request once, in the order of the days they were left and of their ids."""
    cancelled, said = set(history.cancelled), set(history.said)
    messages = []
    for request in sorted(requests, key=lambda r: (r.requested_on, identity(r.cancellation))):
        cancellation = request.cancellation
        instruction = instructions.get(cancellation.obligation_id or "")
        reference = reference_of("cancel", identity(cancellation), request.requested_on)
        act = _act(script, instruction, day)
        if act == NONE or reference in said:
            continue
        said.add(reference)
        verdict = _verdict(request, act, history, cancelled, known=instruction is not None)
        if verdict[0] == "CANCELLED" and cancellation.obligation_id:
            cancelled.add(cancellation.obligation_id)
        messages.append(_answer(cancellation, verdict, reference))
    return Taken(messages, frozenset(cancelled))


def identity(sent: Cancellation | Unreadable) -> str:
    """Return what tells a message from others: its obligation, or what is wrong with it."""
    if isinstance(sent, Cancellation):
        return sent.obligation_id
    problems = "; ".join(f"{p.field} {p.message}" for p in sent.problems)
    return f"{sent.obligation_id or ''}|{problems}"


def _act(script: Script, instruction: Instruction | None, day: date) -> str:
    if instruction is not None:
        return script.cancellation_act(instruction, day)
    return NONE if script.default == NONE else ACCEPT_CANCELLATION


def _answer(
    cancellation: Cancellation | Unreadable, verdict: tuple[Answer, str], reference: str
) -> bytes:
    movement = None if isinstance(cancellation, Unreadable) else cancellation.movement
    owner_id = cancellation.obligation_id or NO_REFERENCE
    return write_cancellation_answer(owner_id, movement, verdict[0], reference, verdict[1])


def _verdict(
    request: Request,
    act: str,
    history: History,
    cancelled: set[str],
    *,
    known: bool,
) -> tuple[Answer, str]:
    cancellation = request.cancellation
    if isinstance(cancellation, Unreadable):
        return "REJECTED", "OTHR"
    settled = history.settled.get(cancellation.obligation_id)
    is_whole = cancellation.obligation_id in history.complete
    if settled is not None and (is_whole or settled.until >= request.requested_on):
        return "DENIED", "DSET"
    if cancellation.obligation_id in cancelled:
        return "DENIED", "DCAN"
    if not known:
        return "REJECTED", "REFE"
    return ("DENIED", "OTHR") if act == REFUSE_CANCELLATION else ("CANCELLED", "CANI")
