"""What a person may do about a case as it stands: four eyes, one proposal at a time.

Whoever proposes must be of the makers; whoever decides of the checkers, and another.
"""

from collections.abc import Sequence
from typing import Final, Literal

from backoffice.clearance.case_outcomes import outcomes_of
from backoffice.clearance.election_codes import choice_fault
from backoffice.clearance.holds import HOLD_CODES, SANCTIONS_HIT
from backoffice.clearance.trails import (
    CHECKERS,
    MAKERS,
    Act,
    TrailEvent,
    decisions,
    is_same_person,
    is_second_hand,
    pending_proposal,
)
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Document, Part

Why = Literal["FORBIDDEN", "CONFLICT", "INVALID"]

_DECIDE: Final = frozenset({"APPROVE", "REJECT"})
_NEEDS: Final = {"COMMENT": "text", "ASSIGN": "assignee", "ATTACH": "record", "PROPOSE": "outcome"}


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
    """What the books say of a case: its cause, where its members stand, the acts they took.

    Attributes
    ----------
    seen
        Names what the case holds now; None when no act asks.
    unknown
        A trade that the act names and the case does not hold.
    options
        What can be chosen where a choice is due, the default first.
    """

    case_id: str
    code: str
    subject: str
    status: str
    members: int
    evidence: Part | None
    taken: int
    seen: str | None = None
    unknown: str | None = None
    options: tuple[str, ...] = ()


def check_act(case: OpenCase, trail: Sequence[TrailEvent], person: Person, act: Act) -> None:
    """Refuse an act that the case, its trail or the person does not allow.

    Raises
    ------
    ActRefusedError
        With why, and what to do instead.
    """
    waiting = pending_proposal(trail)
    _check_case(case, trail, act)
    _check_proposal(case, waiting, act)
    _check_person(waiting, person, act)
    _check_content(case, act)


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
    splits = [event for event in trail if event.act.verb == "SPLIT" and event.number > case.taken]
    if act.verb == "PROPOSE" and splits:
        raise ActRefusedError("CONFLICT", "the case is split at the next cut-off or close")
    if act.seen is not None and act.seen != case.seen:
        raise ActRefusedError(
            "CONFLICT", f"{case.case_id} holds something else now: look at the case again"
        )


def _check_proposal(case: OpenCase, waiting: TrailEvent | None, act: Act) -> None:
    if act.verb in {*_DECIDE, "WITHDRAW"} and waiting is None:
        raise ActRefusedError("CONFLICT", f"nothing is proposed for {case.case_id}")
    if act.verb in _DECIDE and waiting is not None and act.proposal != waiting.number:
        raise ActRefusedError(
            "CONFLICT", f"the proposal that waits is act {waiting.number}: look at the case again"
        )
    if act.verb in {"PROPOSE", "SPLIT"} and waiting is not None:
        raise ActRefusedError(
            "CONFLICT",
            f"{waiting.act.outcome} was proposed by {waiting.actor} and waits for a second hand",
        )


def _check_person(waiting: TrailEvent | None, person: Person, act: Act) -> None:
    groups = set(person.groups)
    if act.verb in _DECIDE:
        if CHECKERS not in groups:
            raise ActRefusedError("FORBIDDEN", f"only {CHECKERS} decide")
        if waiting is not None and not is_second_hand(waiting, person.name, groups):
            raise ActRefusedError("FORBIDDEN", "who proposed does not decide: four eyes")
    elif act.verb == "WITHDRAW":
        if waiting is not None and not is_same_person(waiting.actor, person.name):
            raise ActRefusedError("FORBIDDEN", "only who proposed withdraws")
    elif act.verb in {"PROPOSE", "SPLIT"} and MAKERS not in groups:
        raise ActRefusedError("FORBIDDEN", f"only {MAKERS} propose")
    else:
        check_desk(person)


def works_on_cases(person: Person) -> bool:
    """Tell whether somebody is of the exceptions desk."""
    return bool({MAKERS, CHECKERS} & set(person.groups))


def check_desk(person: Person) -> None:
    """Refuse whoever is not of the exceptions desk.

    Raises
    ------
    ActRefusedError
        FORBIDDEN.
    """
    if not works_on_cases(person):
        raise ActRefusedError("FORBIDDEN", "only the exceptions desk works on cases")


def _check_content(case: OpenCase, act: Act) -> None:
    if case.unknown is not None:
        raise ActRefusedError("INVALID", f"{case.unknown} is no trade of {case.case_id}")
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
    if fault := choice_fault(act, case.options):
        raise ActRefusedError("INVALID", fault)
