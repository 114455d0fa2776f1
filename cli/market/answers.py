"""What the market says on a day: a pure function of what it was sent and what it said before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from backoffice.formats.iso20022.answer_writer import Advice, write_status_advice
from backoffice.formats.iso20022.instruction_reader import Instruction, Unreadable
from cli.market.cancellations import NO_REFERENCE, Request, identity, take_requests
from cli.market.confirmations import confirmed, in_two_parts, settlement
from cli.market.history import History
from cli.market.holds import NOTHING_HELD, Held
from cli.market.references import (
    misleading_prefix,
    misleading_reference,
    misleads,
    reference_of,
)
from cli.market.rules import (
    DUPLICATE,
    EARLY,
    FAIL,
    MISLEADING,
    NONE,
    OUT_OF_ORDER,
    REJECT,
    UNMATCHED,
    Past,
    Rule,
)
from cli.market.script import Script

_ADVICE: Final[Mapping[str, tuple[Advice, str]]] = MappingProxyType(
    {
        REJECT: ("REJECTED", "OTHR"),
        FAIL: ("FAILING", "LACK"),
        UNMATCHED: ("UNMATCHED", "CMIS"),
    }
)
"""Acts that are told by a status, and the reason where the script gives none."""


@dataclass(frozen=True, slots=True)
class Said:
    """The Documents of a day's next file, and those of the file that is named after it."""

    documents: list[bytes] = field(default_factory=list)
    later: list[bytes] = field(default_factory=list)


def answer(
    instructions: Iterable[Instruction | Unreadable],
    requests: Iterable[Request],
    history: History,
    day: date,
    script: Script,
    held: Held = NOTHING_HELD,
) -> Said:
    """Return the Documents the market sends on `day`, cancellation answers first.

    The order is that of the ids, and references are derived, so that equal input is answered by
    equal bytes.
    """
    if script.is_silent:
        return Said()
    sent = list(instructions)
    unreadable = [each for each in sent if isinstance(each, Unreadable)]
    readable: dict[str, Instruction] = {}
    for each in sent:
        if isinstance(each, Instruction):
            readable.setdefault(each.obligation_id, each)
    taken = take_requests(requests, readable, history, day, script)
    market = _Market(history, day, script, taken.cancelled, held)
    market.said.documents.extend([*taken.messages, *held.messages])
    for refused in sorted(unreadable, key=identity):
        market.refuse(refused)
    for instruction in sorted(
        readable.values(), key=lambda i: (i.settlement_date, i.obligation_id)
    ):
        market.take(instruction)
    return market.said


class _Market:
    """One day's answers to instructions as they come to be."""

    def __init__(
        self, history: History, day: date, script: Script, cancelled: frozenset[str], held: Held
    ) -> None:
        self.said = Said()
        self._history = history
        self._day = day
        self._script = script
        self._cancelled = cancelled
        self._held = held
        self._refused: set[str] = set()
        self._misled = {
            reference[: len(misleading_prefix(""))]
            for reference in history.said
            if misleads(reference)
        }

    def refuse(self, refused: Unreadable) -> None:
        """Reject what could not be read, whenever the market settles at all."""
        reference = reference_of("reject", identity(refused), None)
        known = self._history.said | self._refused
        if self._script.default == NONE or reference in known:
            return
        self._refused.add(reference)
        owner_id = refused.obligation_id or NO_REFERENCE
        narrative = "; ".join(problem.message for problem in refused.problems)
        self.said.documents.append(
            write_status_advice(owner_id, "REJECTED", reference, "OTHR", narrative)
        )

    def take(self, instruction: Instruction) -> None:
        """Settle, fail or reject an instruction, say something else of it, or leave it alone."""
        if self._is_over(instruction):
            return
        act, rule = self._script.decide(instruction, self._day, self._past(instruction))
        if act not in (UNMATCHED, REJECT):
            self._match(instruction)
        if act == NONE or (act not in EARLY and instruction.settlement_date > self._day):
            return
        if act not in _ADVICE:
            before = self._history.settled.get(instruction.obligation_id)
            act, rule = self._held.bound(instruction.obligation_id, before, act, rule)
        if rule and act == OUT_OF_ORDER and self._tell_the_last_part_first(instruction, rule):
            return
        tell = self._advice if act in _ADVICE else self._confirmation
        is_doubled = rule and (rule.duplicate or act == DUPLICATE)
        self.said.documents.extend([tell(instruction, act, rule)] * (2 if is_doubled else 1))

    def _is_over(self, instruction: Instruction) -> bool:
        """Whether nothing is left to be said of an instruction, today or for good."""
        obligation_id, history = instruction.obligation_id, self._history
        before = history.settled.get(obligation_id)
        spoken = {
            reference_of("settle", obligation_id, self._day),
            misleading_reference(obligation_id, self._day),
        }
        return (
            obligation_id in self._cancelled
            or obligation_id in history.rejected
            or (before is not None and before.quantity_e8 >= abs(instruction.quantity_e8))
            or not spoken.isdisjoint(history.said)
        )

    def _past(self, instruction: Instruction) -> Past:
        obligation_id = instruction.obligation_id
        return Past(
            in_part=obligation_id in self._history.settled,
            misled=misleading_prefix(obligation_id) in self._misled,
            unmatched=obligation_id in self._history.unmatched,
        )

    def _match(self, instruction: Instruction) -> None:
        """Tell that what had no match has one now, once."""
        obligation_id, history = instruction.obligation_id, self._history
        if obligation_id in history.unmatched and obligation_id not in history.matched:
            reference = reference_of("match", obligation_id, None)
            self.said.documents.append(write_status_advice(obligation_id, "MATCHED", reference))

    def _advice(self, instruction: Instruction, act: str, rule: Rule | None) -> bytes:
        advice, usual_reason = _ADVICE[act]
        reason = (rule and rule.reason) or usual_reason
        reference = reference_of("settle", instruction.obligation_id, self._day)
        return write_status_advice(instruction.obligation_id, advice, reference, reason)

    def _confirmation(self, instruction: Instruction, act: str, rule: Rule | None) -> bytes:
        obligation_id = instruction.obligation_id
        before = self._history.settled.get(obligation_id)
        reference = reference_of("settle", obligation_id, self._day)
        if act in MISLEADING:
            reference = misleading_reference(obligation_id, self._day)
        settled = settlement(instruction, before, rule, self._effective(instruction, rule))
        return confirmed(instruction, settled, act, rule, reference)

    def _tell_the_last_part_first(self, instruction: Instruction, rule: Rule) -> bool:
        """Confirm both parts, the last in the file named first; False where there are no two."""
        obligation_id = instruction.obligation_id
        before = self._history.settled.get(obligation_id)
        parts = in_two_parts(instruction, before, rule, self._effective(instruction, rule))
        if parts is None:
            return False
        for settled, file, kind in zip(
            parts, (self.said.later, self.said.documents), ("part", "settle"), strict=True
        ):
            reference = reference_of(kind, obligation_id, self._day)
            file.append(confirmed(instruction, settled, OUT_OF_ORDER, rule, reference))
        return True

    def _effective(self, instruction: Instruction, rule: Rule | None) -> date:
        """Return the settlement date, or the day itself after a fail, a part, or by `on`."""
        obligation_id, history = instruction.obligation_id, self._history
        is_late = obligation_id in history.settled or obligation_id in history.failed
        return self._day if is_late or (rule and rule.on) else instruction.settlement_date
