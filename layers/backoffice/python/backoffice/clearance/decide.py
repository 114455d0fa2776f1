"""Act on a case: propose, approve, reject and everything else that people do about it.

Whoever proposes and whoever approves are two people: the first must be of the makers, the second
of the checkers and another. What both decided counts from the next cut-off or close on.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from backoffice.clearance.holds import HOLD_CODES, NOT_WAIVABLE, SANCTIONS_HIT
from backoffice.clearance.trails import (
    CHECKERS,
    MAKERS,
    PLATFORM,
    Act,
    TrailEvent,
    append,
    decisions,
    is_second_hand,
    pending_proposal,
    read_trail,
)
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Document, Part, Records

Why = Literal["FORBIDDEN", "CONFLICT", "INVALID"]

_DECIDE: Final = frozenset({"APPROVE", "REJECT"})
_NEEDS: Final = {
    "COMMENT": "text",
    "ASSIGN": "assignee",
    "ATTACH": "record",
    "PROPOSE": "outcome",
}


class ActRefusedError(BackofficeError):
    """An act that is not taken: FORBIDDEN to this person, in CONFLICT with the case, or INVALID."""

    def __init__(self, why: Why, message: str) -> None:
        super().__init__(message)
        self.why = why


class Person(Document):
    """Who acts: their name, and the groups that their token says they are in."""

    name: str
    groups: tuple[str, ...]


class OpenCase(Document):
    """What the books say of a case: its cause, where its members stand, the acts they took."""

    case_id: str
    code: str
    subject: str
    status: str
    members: int
    evidence: Part | None
    taken: int


def outcomes_of(code: str) -> tuple[str, ...]:
    """Name what a case of a code can come to."""
    if code not in HOLD_CODES:
        return ("ACKNOWLEDGE",)
    if code == SANCTIONS_HIT:
        return ("RELEASE", "REFUSE")
    if code in NOT_WAIVABLE:
        return ("REFUSE", "ERROR_ACCOUNT") if code == "UNKNOWN_ACCOUNT" else ("REFUSE",)
    return ("RELEASE", "REFUSE", "ERROR_ACCOUNT")


def act_on(records: Records, case: OpenCase, person: Person, act: Act, now: datetime) -> TrailEvent:
    """Take an act into a case's trail and return it as it stands.

    The same act of the same person at the end of the trail is the same act, sent again because its
    answer was lost.

    Raises
    ------
    ActRefusedError
        With why, and what to do instead.
    """
    trail = read_trail(records, case.case_id)
    by_people = [event for event in trail if event.actor != PLATFORM]
    if by_people and _is_same(by_people[-1], person, act):
        return by_people[-1]
    _check_case(case, trail, act)
    _check_person(trail, person, act)
    _check_content(case, act)
    event = TrailEvent(
        case_id=case.case_id,
        number=len(trail) + 1,
        at=now.isoformat(timespec="milliseconds"),
        actor=person.name,
        groups=person.groups,
        act=act,
        members=case.evidence if act.verb in {"PROPOSE", "SPLIT"} else None,
    )
    if not append(records, event):
        return _lost_to(records, case, person, act)
    return event


def _is_same(event: TrailEvent, person: Person, act: Act) -> bool:
    return event.actor == person.name and event.act == act


def _lost_to(records: Records, case: OpenCase, person: Person, act: Act) -> TrailEvent:
    """Tell who was first; unless it was this very act, whose first answer was lost."""
    last = read_trail(records, case.case_id)[-1]
    if _is_same(last, person, act):
        return last
    raise ActRefusedError(
        "CONFLICT", f"{last.actor} was first: {last.act.verb} of {last.at}; look at the case again"
    )


def _check_case(case: OpenCase, trail: Sequence[TrailEvent], act: Act) -> None:
    if case.status != "OPEN":
        raise ActRefusedError("CONFLICT", f"{case.case_id} is closed")
    decided = decisions(trail, after=case.taken)
    if decided and act.verb not in {"COMMENT", "ATTACH"}:
        raise ActRefusedError(
            "CONFLICT",
            f"{case.case_id} is decided: {decided[-1].outcome}, by "
            f"{decided[-1].proposal.actor} and {decided[-1].approval.actor}",
        )
    waiting = pending_proposal(trail)
    if act.verb in {*_DECIDE, "WITHDRAW"} and waiting is None:
        raise ActRefusedError("CONFLICT", f"nothing is proposed for {case.case_id}")
    if act.verb in _DECIDE and waiting is not None and act.proposal != waiting.number:
        raise ActRefusedError(
            "CONFLICT", f"the proposal that waits is act {waiting.number}: look at the case again"
        )
    splits = [event for event in trail if event.act.verb == "SPLIT" and event.number > case.taken]
    if act.verb == "PROPOSE" and splits:
        raise ActRefusedError("CONFLICT", "the case is split at the next cut-off or close")
    if act.verb in {"PROPOSE", "SPLIT"} and waiting is not None:
        raise ActRefusedError(
            "CONFLICT",
            f"{waiting.act.outcome} was proposed by {waiting.actor} and waits for a second hand",
        )


def _check_person(trail: Sequence[TrailEvent], person: Person, act: Act) -> None:
    groups = set(person.groups)
    if act.verb in _DECIDE:
        waiting = pending_proposal(trail)
        if CHECKERS not in groups:
            raise ActRefusedError("FORBIDDEN", f"only {CHECKERS} decide")
        if waiting is not None and not is_second_hand(waiting, person.name, groups):
            raise ActRefusedError("FORBIDDEN", "who proposed does not decide: four eyes")
    elif act.verb == "WITHDRAW":
        waiting = pending_proposal(trail)
        if waiting is not None and waiting.actor != person.name:
            raise ActRefusedError("FORBIDDEN", "only who proposed withdraws")
    elif act.verb in {"PROPOSE", "SPLIT"} and MAKERS not in groups:
        raise ActRefusedError("FORBIDDEN", f"only {MAKERS} propose")
    else:
        check_desk(person)


def check_desk(person: Person) -> None:
    """Refuse whoever is not of the exceptions desk.

    Raises
    ------
    ActRefusedError
        FORBIDDEN.
    """
    if not {MAKERS, CHECKERS} & set(person.groups):
        raise ActRefusedError("FORBIDDEN", "only the exceptions desk works on cases")


def _check_content(case: OpenCase, act: Act) -> None:
    needed = _NEEDS.get(act.verb)
    if needed and not getattr(act, needed):
        raise ActRefusedError("INVALID", f"{act.verb} needs {needed}")
    whole = case.code == SANCTIONS_HIT or case.code not in HOLD_CODES
    if act.verb == "SPLIT" and (whole or not act.trades):
        raise ActRefusedError("INVALID", "SPLIT names trades, of a case of trades alone")
    if act.trades and act.outcome == "RELEASE" and whole:
        raise ActRefusedError("INVALID", "what is found of a party is decided for the party")
    if act.verb != "PROPOSE":
        return
    if act.outcome not in outcomes_of(case.code):
        raise ActRefusedError(
            "INVALID",
            f"{act.outcome} is no way out of {case.code}: {', '.join(outcomes_of(case.code))}, "
            "or reference data that cures it",
        )
    if not act.text.strip():
        raise ActRefusedError("INVALID", "a proposal says why")
    if (act.outcome == "ERROR_ACCOUNT") != bool(act.account):
        raise ActRefusedError("INVALID", "ERROR_ACCOUNT, and it alone, names the account")
