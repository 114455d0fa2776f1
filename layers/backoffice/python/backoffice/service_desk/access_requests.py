"""Requests for access: somebody joins, moves or leaves; what they ask for, and what they become.

A request is asked by one person and approved by another, and holds from its date on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from pydantic import Field, ValidationError

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.clearance.trails import is_same_person
from backoffice.kernel.parts import Document
from backoffice.kernel.rulebook import Rulebook
from backoffice.service_desk.access_groups import CHECKERS_OF_ACCESS as CHECKERS
from backoffice.service_desk.access_groups import GROUPS, MAKERS_OF_ACCESS, check_separation
from backoffice.service_desk.acts import DeskAct, new_id
from backoffice.service_desk.four_eyes import (
    APPROVE,
    PROPOSE,
    Hands,
    Matter,
    check_decision,
    check_proposal,
    decided_already,
    matters,
)
from backoffice.service_desk.registers import Registers, Trail, take

Kind = Literal["JOIN", "MOVE", "LEAVE"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
REQUEST: Final = "ACR"
HANDS: Final = Hands(makers=MAKERS_OF_ACCESS, checkers=CHECKERS)
CARRIED_OUT: Final = "CARRIED_OUT"
NOT_CARRIED_OUT: Final = "NOT_CARRIED_OUT"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}", re.ASCII)


class AccessRequest(Document):
    """Who joins, moves or leaves, the groups they are in afterwards, from when, and why.

    Of who moves the groups are all that they have then; who leaves has none.
    """

    person: str
    kind: Kind
    groups: tuple[str, ...] = ()
    effective_on: date
    reason: str = Field(min_length=1, max_length=500)


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """A request as it stands: its stage is the decision's, or that it was carried out."""

    request_id: str
    asked: AccessRequest
    matter: Matter
    trail: Trail

    @property
    def stage(self) -> str:
        """PROPOSED, APPROVED, REJECTED, WITHDRAWN, CARRIED_OUT or NOT_CARRIED_OUT."""
        last = self.trail[-1].verb
        return last if last in {CARRIED_OUT, NOT_CARRIED_OUT} else self.matter.stage

    def is_due(self, today: date) -> bool:
        """Whether it was approved, its date has come, and nobody carried it out yet."""
        return self.stage == "APPROVED" and self.asked.effective_on <= today


def read_requests(trails: Mapping[str, Trail]) -> list[KnownRequest]:
    """Fold the requests of a register, the newest first; what is none is left out."""
    found = []
    for request_id, trail in trails.items():
        known = matters(trail, HANDS)
        asked = _asked(known[0].proposal) if known else None
        if asked is not None:
            found.append(KnownRequest(request_id, asked, known[0], trail))
    return sorted(found, key=lambda one: (one.trail[0].at, one.request_id), reverse=True)


def read_request(fields: Mapping[str, object]) -> AccessRequest:
    """Return what somebody asks for, as they said it.

    Raises
    ------
    ActRefusedError
        INVALID, naming what is wrong.
    """
    try:
        return AccessRequest.model_validate(fields)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ActRefusedError("INVALID", f"{place}: {first['msg']}") from wrong


def ask(
    registers: Registers, person: Person, asked: AccessRequest, rulebook: Rulebook, now: datetime
) -> DeskAct:
    """Propose a request.

    Raises
    ------
    ActRefusedError
        FORBIDDEN to this person, INVALID, or in CONFLICT with another that waits.
    """
    check_request(asked, rulebook)
    said = asked.model_dump(mode="json")
    about = new_id(REQUEST, now.date(), said, person.name)
    trail = registers.trail(about)
    if trail:
        return trail[0]
    check_proposal((), person, HANDS)
    for other in read_requests(registers.trails(REQUEST)):
        if other.stage == "PROPOSED" and is_same_person(other.asked.person, asked.person):
            raise ActRefusedError("CONFLICT", f"{other.request_id} about {asked.person} waits")
    return take(registers, about, person, PROPOSE, now, text=asked.reason, said=said)


def decide(
    registers: Registers,
    request_id: str,
    person: Person,
    verb: str,
    rulebook: Rulebook,
    now: datetime,
    text: str = "",
) -> DeskAct:
    """Approve, reject or withdraw a request.

    Raises
    ------
    ActRefusedError
        FORBIDDEN, in CONFLICT, or INVALID; an approval of what the rules do not allow too.
    """
    trail = registers.trail(request_id)
    if known := decided_already(trail, person, verb):
        return known
    proposal = check_decision(trail, person, verb, HANDS)
    if verb == APPROVE:
        check_request(read_request(proposal.said), rulebook)
    return take(registers, request_id, person, verb, now, text=text)


def check_request(asked: AccessRequest, rulebook: Rulebook) -> None:
    """Refuse what nobody may be given.

    Raises
    ------
    ActRefusedError
        INVALID, with what is wrong.
    """
    if not _NAME.fullmatch(asked.person):
        raise ActRefusedError("INVALID", "person: small letters, digits, . _ - alone")
    if unknown := sorted(set(asked.groups) - set(GROUPS)):
        raise ActRefusedError("INVALID", f"there is no group {unknown[0]}")
    if asked.kind == "LEAVE" and asked.groups:
        raise ActRefusedError("INVALID", "who leaves keeps no group")
    if asked.kind != "LEAVE" and not asked.groups:
        raise ActRefusedError("INVALID", f"{asked.kind} names at least one group")
    check_separation(asked.groups, asked.effective_on, rulebook)


def _asked(proposal: DeskAct) -> AccessRequest | None:
    try:
        return AccessRequest.model_validate(proposal.said)
    except ValidationError:
        return None
