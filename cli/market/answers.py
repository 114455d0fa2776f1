"""What the market says on a day: a pure function of what it was sent and what it said before."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from backoffice.formats.iso20022.answer_writer import (
    Advice,
    Answer,
    Settlement,
    write_cancellation_answer,
    write_confirmation,
    write_status_advice,
)
from backoffice.formats.iso20022.instruction_reader import Cancellation, Instruction, Unreadable
from backoffice.kernel.currencies import minor_units
from backoffice.kernel.scaled import parse_scaled, round_half_up
from cli.market.history import History, Settled
from cli.market.script import (
    ACCEPT_CANCELLATION,
    FAIL,
    NONE,
    PARTIAL,
    REFUSE_CANCELLATION,
    REJECT,
    Rule,
    Script,
)

NO_REFERENCE: Final = "NONREF"
"""Stands where the sender's reference could not be read."""


_ADVICE: Final[Mapping[str, tuple[Advice, str]]] = MappingProxyType(
    {REJECT: ("REJECTED", "OTHR"), FAIL: ("FAILING", "LACK")}
)
"""Acts that are told by a status, and the reason where the script gives none."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to cancel, and the day (ISO 8601) it was left in the outbox."""

    cancellation: Cancellation | Unreadable
    requested_on: str


def answer(
    instructions: Iterable[Instruction | Unreadable],
    requests: Iterable[Request],
    history: History,
    day: date,
    script: Script,
) -> list[bytes]:
    """Return the Documents the market sends on `day`, cancellation answers first.

    The order is that of the ids, and references are derived, so that equal input is answered by
    equal bytes.
    """
    if script.is_silent:
        return []
    readable: dict[str, Instruction] = {}
    unreadable: list[Unreadable] = []
    for sent in instructions:
        if isinstance(sent, Unreadable):
            unreadable.append(sent)
        else:
            readable.setdefault(sent.obligation_id, sent)
    market = _Market(history, day, script)
    for request in sorted(requests, key=lambda r: (r.requested_on, _identity(r.cancellation))):
        market.take_request(request, readable.get(request.cancellation.obligation_id or ""))
    for refused in sorted(unreadable, key=_identity):
        market.refuse(refused)
    for instruction in sorted(
        readable.values(), key=lambda i: (i.settlement_date, i.obligation_id)
    ):
        market.take(instruction)
    return market.messages


class _Market:
    """One day's answers as they come to be."""

    def __init__(self, history: History, day: date, script: Script) -> None:
        self.messages: list[bytes] = []
        self._history = history
        self._day = day
        self._script = script
        self._cancelled = set(history.cancelled)
        self._said: set[str] = set()

    def take_request(self, request: Request, instruction: Instruction | None) -> None:
        """Answer a request to cancel, once; what has settled, even in part, stays settled."""
        cancellation = request.cancellation
        reference = reference_of("cancel", _identity(cancellation), request.requested_on)
        act = self._cancellation_act(instruction)
        if act == NONE or self._was_said(reference):
            return
        self._said.add(reference)
        if isinstance(cancellation, Unreadable):
            owner_id = cancellation.obligation_id or NO_REFERENCE
            said = write_cancellation_answer(owner_id, None, "REJECTED", reference, "OTHR")
        else:
            owner_id = cancellation.obligation_id
            verdict, reason = self._verdict(owner_id, act, known=instruction is not None)
            if verdict == "CANCELLED":
                self._cancelled.add(owner_id)
            movement = cancellation.movement
            said = write_cancellation_answer(owner_id, movement, verdict, reference, reason)
        self.messages.append(said)

    def _was_said(self, reference: str) -> bool:
        return reference in self._history.said or reference in self._said

    def _cancellation_act(self, instruction: Instruction | None) -> str:
        if instruction is not None:
            return self._script.cancellation_act(instruction, self._day)
        return NONE if self._script.default == NONE else ACCEPT_CANCELLATION

    def _verdict(self, obligation_id: str, act: str, *, known: bool) -> tuple[Answer, str]:
        if obligation_id in self._history.settled:
            return "DENIED", "DSET"
        if obligation_id in self._cancelled:
            return "DENIED", "DCAN"
        if not known:
            return "REJECTED", "REFE"
        return ("DENIED", "OTHR") if act == REFUSE_CANCELLATION else ("CANCELLED", "CANI")

    def refuse(self, refused: Unreadable) -> None:
        """Reject what could not be read, whenever the market settles at all."""
        reference = reference_of("reject", _identity(refused), None)
        if self._script.default == NONE or self._was_said(reference):
            return
        self._said.add(reference)
        owner_id = refused.obligation_id or NO_REFERENCE
        narrative = "; ".join(problem.message for problem in refused.problems)
        self.messages.append(
            write_status_advice(owner_id, "REJECTED", reference, "OTHR", narrative)
        )

    def take(self, instruction: Instruction) -> None:
        """Settle, fail or reject an instruction, or leave it alone."""
        obligation_id, history = instruction.obligation_id, self._history
        before = history.settled.get(obligation_id)
        if obligation_id in self._cancelled or obligation_id in history.rejected:
            return
        if before is not None and before.quantity_e8 >= abs(instruction.quantity_e8):
            return
        rule = self._script.rule_for(instruction, self._day, untouched=before is None)
        act = rule.do if rule else self._script.default
        reference = reference_of("settle", obligation_id, self._day)
        if act == NONE or self._was_said(reference):
            return
        if act != REJECT and instruction.settlement_date > self._day:
            return
        said = self._saying(instruction, before, act, rule)
        self.messages.extend([said] * (2 if rule and rule.duplicate else 1))

    def _saying(
        self, instruction: Instruction, before: Settled | None, act: str, rule: Rule | None
    ) -> bytes:
        reference = reference_of("settle", instruction.obligation_id, self._day)
        if act in _ADVICE:
            advice, usual_reason = _ADVICE[act]
            reason = (rule and rule.reason) or usual_reason
            return write_status_advice(instruction.obligation_id, advice, reference, reason)
        settled = self._settlement(instruction, before, rule)
        return write_confirmation(instruction, settled, reference)

    def _settlement(
        self, instruction: Instruction, before: Settled | None, rule: Rule | None
    ) -> Settlement:
        whole = abs(instruction.quantity_e8)
        rest = whole - (before.quantity_e8 if before else 0)
        wanted = rule.quantity_e8 if rule and rule.do == PARTIAL else None
        quantity = min(rest, wanted) if wanted else rest
        if rule and rule.money is not None:
            money = parse_scaled(rule.money, minor_units(instruction.currency))
        elif quantity == rest:
            money = instruction.money_minor - (before.money_minor if before else 0)
        else:
            money = round_half_up(instruction.money_minor * quantity, whole)
        late = before is not None or instruction.obligation_id in self._history.failed
        return Settlement(
            quantity_e8=quantity,
            money_minor=money,
            effective_date=self._day if late or (rule and rule.on) else instruction.settlement_date,
            part="PAIN" if quantity < rest else "PARC" if before else None,
        )


def reference_of(kind: str, identity: str, on: date | str | None) -> str:
    """Return the market's own reference for what it says: derived, so that it never varies."""
    digest = hashlib.sha256(f"{kind}|{identity}|{on}".encode()).hexdigest()
    return f"MK{digest[:24].upper()}"


def _identity(sent: Cancellation | Unreadable) -> str:
    if isinstance(sent, Cancellation):
        return sent.obligation_id
    problems = "; ".join(f"{p.field} {p.message}" for p in sent.problems)
    return f"{sent.obligation_id or ''}|{problems}"
