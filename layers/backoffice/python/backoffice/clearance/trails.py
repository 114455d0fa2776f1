"""A case's trail: what people did about it, an object an act, written once and never changed.

The trail is the truth of who decided what. Its numbers have no gaps, and a number is taken by
whoever writes it first: of two people who act at once, one wins and the other is told.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

from pydantic import Field

from backoffice.kernel.parts import Document, Part, Records

Verb = Literal[
    "PROPOSE", "APPROVE", "REJECT", "WITHDRAW", "COMMENT", "ASSIGN", "ATTACH", "SPLIT", "ESCALATE"
]
Outcome = Literal["RELEASE", "REFUSE", "ERROR_ACCOUNT", "ACKNOWLEDGE", "ELECT"]

MAKERS: Final = "case-makers"
CHECKERS: Final = "case-checkers"
PLATFORM: Final = "resolve_case"
"""Who speaks in a trail for the platform: no person, and nothing it says decides."""
LONGEST_TEXT: Final = 4_000
_LONGEST_NAME: Final = 128
_ACT: Final = ".json"
_NOT_SEEN: Final = frozenset({"Cc", "Cf"})
_LEAVES_NO_MARK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that are not seen all the same: joiners, fillers, selectors of a variant."""
_CASE: Final = re.compile(r"CASE-(\d{8})-[0-9a-f]{10}", re.ASCII)


class TradeName(Document):
    """A trade's identity."""

    partner: str
    trade_date: date
    trade_id: str


class Act(Document):
    """What someone does about a case.

    A proposal says its outcome, for ERROR_ACCOUNT the account that takes the trades, for ELECT the
    option and the shares it is for (all that are left, unless it says how many), and which trades
    it is about: all there are, unless it names some. Who decides says the number of the
    proposal that they saw. `seen` names what the case held when they looked.
    """

    verb: Verb
    outcome: Outcome | None = None
    text: str = Field(default="", max_length=LONGEST_TEXT)
    account: str | None = Field(default=None, max_length=40)
    option: str | None = Field(default=None, max_length=40)
    quantity: str | None = Field(default=None, max_length=40)
    assignee: str | None = Field(default=None, max_length=_LONGEST_NAME)
    record: str | None = None
    proposal: int | None = None
    seen: str | None = None
    trades: tuple[TradeName, ...] = ()


class TrailEvent(Document):
    """An act as it stands: its number in the trail, when, by whom, and what they had seen.

    Attributes
    ----------
    groups
        What the actor's token said they may do.
    members
        The part of the books that the case's members were read from: what a proposal is about.
    """

    case_id: str
    number: int
    at: str
    actor: str
    groups: tuple[str, ...]
    act: Act
    members: Part | None = None


class Decision(Document):
    """What two people decided: the proposal of one that another approved."""

    case_id: str
    proposal: TrailEvent
    approval: TrailEvent

    @property
    def outcome(self) -> str:
        """RELEASE, REFUSE, ERROR_ACCOUNT, ACKNOWLEDGE or ELECT."""
        return str(self.proposal.act.outcome)


def trails_prefix(opened_on: date) -> str:
    """Where the trails of the cases opened on a day stand, and the documents attached to them.

    Only the functions of the exceptions desk may write there.
    """
    return f"cases/{opened_on}/"


def is_case(text: str) -> bool:
    """Tell whether a text has the shape of a case's id."""
    return _CASE.fullmatch(text) is not None


def opened_on(case_id: str) -> date:
    """Return the day a case was opened on, which its id says.

    Raises
    ------
    ValueError
        The text is no case's id.
    """
    found = _CASE.fullmatch(case_id)
    if found is None:
        raise ValueError(f"{case_id} is no case")
    return date.fromisoformat(found[1])


def trail_key(case_id: str, number: int) -> str:
    """Where an act stands."""
    return f"{trails_prefix(opened_on(case_id))}{case_id}/{number:06d}{_ACT}"


def attachment_key(case_id: str, sha256: str) -> str:
    """Where a document stands that was attached to a case."""
    return f"{trails_prefix(opened_on(case_id))}{case_id}/attached/{sha256}"


def append(records: Records, event: TrailEvent) -> bool:
    """Write an act as the next of its trail; False when another was first."""
    body = event.model_dump_json(exclude_none=True).encode()
    return records.put_once(trail_key(event.case_id, event.number), body)


def pending_proposal(trail: Iterable[TrailEvent]) -> TrailEvent | None:
    """Return the proposal that waits for a second hand, if one does."""
    waiting: TrailEvent | None = None
    for event in trail:
        if event.act.verb == "PROPOSE":
            waiting = event
        elif event.act.verb in {"APPROVE", "REJECT", "WITHDRAW"}:
            waiting = None
    return waiting


def decisions(trail: Iterable[TrailEvent], after: int = 0) -> list[Decision]:
    """Return what was decided in a trail by approvals numbered above `after`.

    Four eyes are looked at once more, whoever wrote the trail: an approval by the proposer, or by
    someone whose token did not say they may, decides nothing.
    """
    found: list[Decision] = []
    waiting: TrailEvent | None = None
    for event in trail:
        if event.act.verb == "PROPOSE":
            waiting = event if MAKERS in event.groups else None
        elif event.act.verb in {"REJECT", "WITHDRAW"}:
            waiting = None
        elif event.act.verb == "APPROVE" and waiting is not None:
            saw_it = event.act.proposal == waiting.number
            second = is_second_hand(waiting, event.actor, event.groups)
            if event.number > after and saw_it and second:
                found.append(Decision(case_id=event.case_id, proposal=waiting, approval=event))
            waiting = None
    return found


def is_second_hand(proposal: TrailEvent, actor: str, groups: Iterable[str]) -> bool:
    """Tell whether a person may decide a proposal: a checker, and not who made it."""
    return CHECKERS in set(groups) and not is_same_person(actor, proposal.actor)


def is_same_person(one: str, other: str) -> bool:
    """Tell whether two names are one person's: how letters are written makes nobody another."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    """Return a name without case, composition, what is not seen, and more than a blank."""
    seen = "".join(
        one for one in name if one.isspace() or unicodedata.category(one) not in _NOT_SEEN
    )
    folded = unicodedata.normalize("NFKC", _LEAVES_NO_MARK.sub("", seen)).casefold()
    # folding may leave letters apart that are one composed
    return " ".join(unicodedata.normalize("NFKC", folded).split())
