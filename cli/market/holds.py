"""How the market takes requests to hold and release: what is on hold does not settle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from backoffice.formats.iso20022.answer_writer import write_change_answer
from backoffice.formats.iso20022.instruction_reader import Change, Unreadable
from cli.market.history import History, Settled
from cli.market.references import reference_of
from cli.market.rules import FAIL, PARTIAL, Rule

_NOTHING: Final = Settled(0, 0)
_ON_HOLD: Final = "PREA"
"""Why what its owner holds does not settle: preadvice."""


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A request to hold or release, the day (ISO 8601) it was left in the outbox, and the file."""

    change: Change | Unreadable
    requested_on: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """The answers to new requests, and of what is on hold how much may settle in all, at 10^8."""

    messages: list[bytes]
    released_e8: Mapping[str, int]

    def bound(
        self, obligation_id: str, before: Settled | None, act: str, rule: Rule | None
    ) -> tuple[str, Rule | None]:
        """Let what is on hold fail, or settle no more of it than was let go."""
        if obligation_id not in self.released_e8:
            return act, rule
        most = self.released_e8[obligation_id] - (before or _NOTHING).quantity_e8
        if most <= 0:
            return FAIL, Rule(do=FAIL, reason=_ON_HOLD)
        return PARTIAL, Rule(do=PARTIAL, quantity_e8=most)


NOTHING_HELD: Final = Held([], {})


def take_changes(requests: Iterable[ChangeRequest], history: History) -> Held:
    """Take every request in the order they were left, and answer each once."""
    messages, released, said = list[bytes](), dict[str, int](), set(history.said)
    for request in requests:
        change = request.change
        if isinstance(change, Unreadable):
            continue
        over = change.obligation_id in history.finished
        if not over:
            settled = history.settled.get(change.obligation_id) or _NOTHING
            _apply(change, released, settled.before(request.requested_on))
        named = f"{change.obligation_id}|{change.hold}|{change.released_e8}|{request.name}"
        reference = reference_of("change", named, request.requested_on)
        if reference not in said:
            said.add(reference)
            messages.append(
                write_change_answer(change, "REJECTED", reference, "OTHR")
                if over
                else write_change_answer(change, "COMPLETED", reference)
            )
    return Held(messages, released)


def _apply(change: Change, released: dict[str, int], settled: int) -> None:
    name = change.obligation_id
    if change.hold:
        released[name] = settled
    elif change.released_e8 is None:
        released.pop(name, None)
    elif name in released:
        released[name] = max(released[name], settled) + change.released_e8
