"""What people do about home locations: propose, decide, confirm and inspect."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl
from pydantic import ValidationError

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.clearance.trails import is_same_person
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.sealed_text import Seals
from backoffice.remote_operations.eligibility import check_eligible
from backoffice.remote_operations.register import (
    ATTEST,
    HANDS,
    HOME,
    INSPECT,
    Home,
    KnownHome,
    Proposal,
    read_homes,
    read_proposal,
)
from backoffice.service_desk.access_groups import SUPERVISORS
from backoffice.service_desk.acts import DeskAct, new_id
from backoffice.service_desk.four_eyes import (
    APPROVE,
    PROPOSE,
    check_decision,
    check_proposal,
    decided_already,
)
from backoffice.service_desk.registers import Registers, take

ADDRESS = "home_address"


def register_home(
    registers: Registers,
    person: Person,
    said: Mapping[str, Any],
    seals: Seals,
    rulebook: Rulebook,
    now: datetime,
) -> DeskAct:
    """Propose a home, by whoever lives there or anybody for them.

    Raises
    ------
    ActRefusedError
        INVALID, naming what is wrong or which condition it does not meet.
    """
    home = _home(said, seals)
    check_eligible(home.kind, home.met, home.barred, now.date(), rulebook)
    proposal = Proposal(what="REGISTER", person=home.person, happened_on=home.since, home=home)
    content = proposal.model_dump(mode="json")
    about = new_id(HOME, now.date(), content, person.name)
    trail = registers.trail(about)
    if trail:
        return trail[0]
    return take(registers, about, person, PROPOSE, now, said=content)


def change_home(
    registers: Registers,
    location: KnownHome,
    person: Person,
    proposal: Proposal,
    rulebook: Rulebook,
    now: datetime,
) -> DeskAct:
    """Propose that a registered home is changed or closed.

    Raises
    ------
    ActRefusedError
        FORBIDDEN, INVALID, or in CONFLICT with what waits.
    """
    if location.status != "REGISTERED":
        raise ActRefusedError("CONFLICT", f"{location.location_id} is not registered")
    check_proposal(location.trail, person, HANDS)
    if proposal.happened_on > now.date():
        raise ActRefusedError("INVALID", "happened_on is to come: a change is told when it is one")
    if proposal.home is not None:
        home = proposal.home
        check_eligible(home.kind, home.met, home.barred, now.date(), rulebook)
    said = proposal.model_dump(mode="json")
    return take(registers, location.location_id, person, PROPOSE, now, said=said)


def decide_home(
    registers: Registers,
    about: str,
    person: Person,
    verb: str,
    rulebook: Rulebook,
    now: datetime,
    text: str = "",
) -> DeskAct:
    """Approve, reject or withdraw what is proposed of a home.

    Raises
    ------
    ActRefusedError
        FORBIDDEN, INVALID or in CONFLICT.
    """
    trail = registers.trail(about)
    if known := decided_already(trail, person, verb):
        return known
    act = check_decision(trail, person, verb, HANDS)
    proposal = read_proposal(act.said)
    if verb == APPROVE and proposal and proposal.home:
        home = proposal.home
        check_eligible(home.kind, home.met, home.barred, now.date(), rulebook)
    return take(registers, about, person, verb, now, text=text)


def attest(
    registers: Registers,
    location: KnownHome,
    person: Person,
    met: tuple[str, ...],
    rulebook: Rulebook,
    now: datetime,
) -> DeskAct:
    """Confirm, as whose home it is, that it still meets every condition.

    Raises
    ------
    ActRefusedError
        FORBIDDEN to anybody else; INVALID when it does not: then it is changed or closed.
    """
    _check_registered(location)
    if not is_same_person(person.name, location.home.person):
        raise ActRefusedError("FORBIDDEN", "whose home it is confirms it, and nobody else")
    check_eligible(location.home.kind, met, location.home.barred, now.date(), rulebook)
    said = {"on": str(now.date()), "met": list(met)}
    return take(registers, location.location_id, person, ATTEST, now, said=said)


def inspect(
    registers: Registers,
    location: KnownHome,
    person: Person,
    on: date,
    found: str,
    now: datetime,
) -> DeskAct:
    """Put an inspection on record, with what was found.

    Raises
    ------
    ActRefusedError
        FORBIDDEN to who is no supervisor or lives there; INVALID.
    """
    _check_registered(location)
    if SUPERVISORS not in person.groups:
        raise ActRefusedError("FORBIDDEN", f"only {SUPERVISORS} inspect")
    if is_same_person(person.name, location.home.person):
        raise ActRefusedError("FORBIDDEN", "nobody inspects their own home")
    if not found.strip():
        raise ActRefusedError("INVALID", "an inspection says what was found")
    if on > now.date() or (location.registered_on and on < location.registered_on):
        raise ActRefusedError("INVALID", f"{on} is to come, or before it was registered")
    said = {"on": str(on)}
    return take(registers, location.location_id, person, INSPECT, now, text=found, said=said)


def find_home(registers: Registers, about: str, rulebook: Rulebook) -> KnownHome:
    """Return a home of the register.

    Raises
    ------
    LookupError
        There is none.
    """
    trail = registers.trail(about)
    found = read_homes({about: trail}, rulebook) if trail else []
    if not found:
        raise LookupError(about)
    return found[0]


def _check_registered(location: KnownHome) -> None:
    if location.status != "REGISTERED":
        raise ActRefusedError("CONFLICT", f"{location.location_id} is not registered")


def _home(said: Mapping[str, Any], seals: Seals) -> Home:
    """Read a home; its address is sealed under the key of whose it is before it is kept."""
    try:
        plain = Home.model_validate(said)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise ActRefusedError("INVALID", f"{first['loc'][0]}: {first['msg']}") from None
    whose, address = pl.Series([f"person.{plain.person}"]), pl.Series([plain.address])
    return plain.model_copy(update={"address": seals.sealed(ADDRESS, whose, address).item()})
