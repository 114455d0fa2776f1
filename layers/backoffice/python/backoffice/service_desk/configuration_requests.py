"""Changes that people ask for before they are deployed: one asks, another approves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pydantic import Field, ValidationError

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.kernel.parts import Document
from backoffice.service_desk.access_requests import HANDS
from backoffice.service_desk.acts import DeskAct, new_id
from backoffice.service_desk.four_eyes import (
    APPROVE,
    PROPOSE,
    Matter,
    check_decision,
    check_proposal,
    decided_already,
    matters,
)
from backoffice.service_desk.registers import Registers, Trail, take

REQUEST: Final = "CHG"


class ChangeRequest(Document):
    """A change that somebody asks for, before it is deployed."""

    title: str = Field(min_length=1, max_length=200)
    what: str = Field(min_length=1, max_length=1_000)
    planned_on: date


@dataclass(frozen=True, slots=True)
class KnownChange:
    """A request for a change as it stands."""

    request_id: str
    asked: ChangeRequest
    matter: Matter
    trail: Trail


def read_changes(registers: Registers) -> list[KnownChange]:
    """Return the changes that were asked for, the newest first."""
    found = []
    for about, trail in registers.trails(REQUEST).items():
        known = matters(trail, HANDS)
        if known and (asked := _asked(known[0].proposal)):
            found.append(KnownChange(about, asked, known[0], trail))
    return sorted(found, key=lambda one: (one.trail[0].at, one.request_id), reverse=True)


def ask_for_change(
    registers: Registers, person: Person, said: Mapping[str, str], now: datetime
) -> DeskAct:
    """Ask for a change.

    Raises
    ------
    ActRefusedError
        FORBIDDEN or INVALID.
    """
    try:
        asked = ChangeRequest.model_validate(said)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise ActRefusedError("INVALID", f"{first['loc'][0]}: {first['msg']}") from wrong
    content = asked.model_dump(mode="json")
    about = new_id(REQUEST, now.date(), content, person.name)
    trail = registers.trail(about)
    if trail:
        return trail[0]
    check_proposal((), person, HANDS)
    return take(registers, about, person, PROPOSE, now, text=asked.what, said=content)


def decide_change(
    registers: Registers, about: str, person: Person, verb: str, now: datetime, text: str = ""
) -> DeskAct:
    """Approve, reject or withdraw a change.

    Raises
    ------
    ActRefusedError
        FORBIDDEN, INVALID or in CONFLICT.
    """
    trail = registers.trail(about)
    if known := decided_already(trail, person, verb):
        return known
    check_decision(trail, person, verb, HANDS)
    return take(registers, about, person, verb, now, text=text)


def is_approved(registers: Registers, about: str, at: str) -> bool:
    """Tell whether two people had approved a change by an instant."""
    known = matters(registers.trail(about), HANDS) if about else []
    decision = known[0].decision if known else None
    return decision is not None and decision.verb == APPROVE and decision.at <= at


def _asked(proposal: DeskAct) -> ChangeRequest | None:
    try:
        return ChangeRequest.model_validate(proposal.said)
    except ValidationError:
        return None
