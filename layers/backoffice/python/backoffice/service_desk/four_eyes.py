"""Four eyes on a trail of a register: one person proposes, another decides.

Who decides is never who proposed, nor whom it is about. Folding looks at it once more, whoever
wrote the trail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.clearance.trails import is_same_person
from backoffice.service_desk.acts import DeskAct
from backoffice.service_desk.registers import Trail

PROPOSE: Final = "PROPOSE"
APPROVE: Final = "APPROVE"
REJECT: Final = "REJECT"
WITHDRAW: Final = "WITHDRAW"
DECISIONS: Final = (APPROVE, REJECT, WITHDRAW)
STAGE_AFTER: Final = {APPROVE: "APPROVED", REJECT: "REJECTED", WITHDRAW: "WITHDRAWN"}
PROPOSED: Final = "PROPOSED"


@dataclass(frozen=True, slots=True)
class Hands:
    """Who may do what: the group that proposes (None: anybody who signed in), and who decides."""

    makers: str | None
    checkers: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A proposal and what was decided about it; `decision` is None while it waits."""

    proposal: DeskAct
    decision: DeskAct | None

    @property
    def stage(self) -> str:
        """PROPOSED, APPROVED, REJECTED or WITHDRAWN."""
        return STAGE_AFTER[self.decision.verb] if self.decision else PROPOSED


def matters(trail: Trail, hands: Hands) -> list[Matter]:
    """Return what was proposed in a trail, in order, each with the decision that counts."""
    found: list[Matter] = []
    for act in trail:
        waiting = found[-1] if found and found[-1].decision is None else None
        if act.verb == PROPOSE and waiting is None and _may_propose(act.groups, hands):
            found.append(Matter(act, None))
        elif act.verb in DECISIONS and waiting and not _fault(waiting.proposal, act, hands):
            found[-1] = Matter(waiting.proposal, act)
    return found


def check_proposal(trail: Trail, person: Person, hands: Hands) -> None:
    """Refuse a proposal by somebody who may not, or beside one that waits.

    Raises
    ------
    ActRefusedError
        FORBIDDEN or CONFLICT.
    """
    if not _may_propose(person.groups, hands):
        raise ActRefusedError("FORBIDDEN", f"only {hands.makers} propose")
    known = matters(trail, hands)
    if known and known[-1].decision is None:
        waiting = known[-1].proposal
        raise ActRefusedError("CONFLICT", f"{waiting.actor} proposed already: decide that first")


def check_decision(trail: Trail, person: Person, verb: str, hands: Hands) -> DeskAct:
    """Return the proposal that somebody decides, or refuse it.

    Raises
    ------
    ActRefusedError
        FORBIDDEN, CONFLICT or INVALID.
    """
    if verb not in DECISIONS:
        raise ActRefusedError("INVALID", f"{verb} decides nothing")
    known = matters(trail, hands)
    if not known or known[-1].decision is not None:
        raise ActRefusedError("CONFLICT", "nothing waits for a decision")
    act = DeskAct(about="", number=0, at="", actor=person.name, groups=person.groups, verb=verb)
    if fault := _fault(known[-1].proposal, act, hands):
        raise ActRefusedError("FORBIDDEN", fault)
    return known[-1].proposal


def decided_already(trail: Trail, person: Person, verb: str) -> DeskAct | None:
    """Return the end of a trail when it is this very decision, sent again for a lost answer."""
    last = trail[-1] if trail else None
    return last if last and (last.actor, last.verb) == (person.name, verb) else None


def _may_propose(groups: Iterable[str], hands: Hands) -> bool:
    return hands.makers is None or hands.makers in groups


def _fault(proposal: DeskAct, act: DeskAct, hands: Hands) -> str | None:
    """Say why an act does not decide a proposal."""
    own = is_same_person(proposal.actor, act.actor)
    if act.verb == WITHDRAW:
        return None if own else "only who proposed withdraws"
    if hands.checkers not in act.groups:
        return f"only {hands.checkers} decide"
    if own:
        return "who proposed does not decide: four eyes"
    if is_same_person(str(proposal.said.get("person", "")), act.actor):
        return "nobody decides for themselves"
    return None
