"""The register of home locations: what was approved of each, inspections and attestations.

A home is registered, changed and closed by a proposal that a supervisor approves who neither made
it nor lives there. Its address is sealed under a key of the person's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from backoffice.clearance.trails import is_same_person
from backoffice.kernel.parts import Document
from backoffice.kernel.rulebook import Rulebook
from backoffice.records.retention import years_on
from backoffice.service_desk.access_groups import SUPERVISORS
from backoffice.service_desk.acts import DeskAct
from backoffice.service_desk.four_eyes import Hands, Matter, matters
from backoffice.service_desk.registers import Trail

HOME: Final = "LOC"
HANDS: Final = Hands(makers=None, checkers=SUPERVISORS)
ATTEST: Final = "ATTEST"
INSPECT: Final = "INSPECT"
_CHANGE_DAYS: Final = "home_change_days"


class Home(Document):
    """A home: whose, of which kind, where (sealed), the branch and supervisor it belongs to."""

    person: str = Field(min_length=1, max_length=64)
    kind: Literal["RSL", "HOME"]
    address: str = Field(min_length=1, max_length=1_000)
    branch: str = Field(min_length=1, max_length=80)
    supervisor: str = Field(min_length=1, max_length=64)
    since: date = Field(lt=date(2100, 1, 1))
    met: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()


class Proposal(Document):
    """What is proposed of a home, and when it happened; of one that is closed nothing else."""

    what: Literal["REGISTER", "CHANGE", "CLOSE"]
    person: str
    happened_on: date
    home: Home | None = None


@dataclass(frozen=True, slots=True)
class KnownHome:
    """A home as it stands.

    Attributes
    ----------
    home
        As it was last approved; as it was proposed, while nobody ever approved it.
    status
        PROPOSED, REGISTERED, CLOSED, or REJECTED or WITHDRAWN when it never came to be.
    registered_on, closed_on
        The days of the approvals.
    waits
        What is proposed and not decided.
    """

    location_id: str
    home: Home
    status: str
    registered_on: date | None
    closed_on: date | None
    inspected_on: date | None
    attested_on: date | None
    waits: Proposal | None
    late_changes: int
    trail: Trail

    def inspection_due(self, rulebook: Rulebook) -> date | None:
        """Return by when it is inspected; None of what is not registered."""
        return self._due(self.inspected_on, "home_inspection_years", rulebook)

    def attestation_due(self, rulebook: Rulebook) -> date | None:
        """Return by when whose home it is confirms its conditions; None if not registered."""
        return self._due(self.attested_on, "home_attestation_years", rulebook)

    def stood_on(self, day: date) -> bool:
        """Whether it was registered on a day, and not closed yet."""
        registered = self.registered_on is not None and self.registered_on <= day
        return registered and (self.closed_on is None or self.closed_on > day)

    def _due(self, last: date | None, rule: str, rulebook: Rulebook) -> date | None:
        if self.status != "REGISTERED" or self.registered_on is None:
            return None
        since = max(self.registered_on, last or date.min)
        return years_on(since, rulebook.days(rule, since))


def change_deadline(proposal: Proposal, rulebook: Rulebook) -> date:
    """Return by when what happened has to be in the register.

    What happened before there was a rule, as a home that was worked from before, counts from when
    the rule began.
    """
    rules = (rule for rule in rulebook.rules() if rule.name == _CHANGE_DAYS)
    since = max(proposal.happened_on, min(rule.valid_from for rule in rules))
    return since + timedelta(days=rulebook.days(_CHANGE_DAYS, since))


def read_homes(trails: Mapping[str, Trail], rulebook: Rulebook) -> list[KnownHome]:
    """Fold the register, by person; what is none is left out."""
    found = (_fold(about, trail, rulebook) for about, trail in trails.items())
    return sorted(filter(None, found), key=lambda one: (one.home.person, one.location_id))


def read_proposal(said: Mapping[str, Any]) -> Proposal | None:
    """Return a proposal as an act says it; None when it is none."""
    try:
        return Proposal.model_validate(said)
    except ValidationError:
        return None


def _fold(about: str, trail: Trail, rulebook: Rulebook) -> KnownHome | None:
    known = [(one, read_proposal(one.proposal.said)) for one in matters(trail, HANDS)]
    said = [(one, proposal) for one, proposal in known if proposal is not None]
    if not said or said[0][1].home is None:
        return None
    approved = [(one, proposal) for one, proposal in said if one.stage == "APPROVED"]
    homes = [proposal.home for _, proposal in approved if proposal.home]
    closed = next((one for one, proposal in approved if proposal.what == "CLOSE"), None)
    registered = _decided_on(approved[0][0]) if approved else None
    first = said[0][0].stage
    registration = "REGISTERED" if approved else first
    last, proposal = said[-1]
    return KnownHome(
        location_id=about,
        home=homes[-1] if homes else said[0][1].home,
        status="CLOSED" if closed else registration,
        registered_on=registered,
        closed_on=_decided_on(closed) if closed else None,
        inspected_on=_latest(trail, INSPECT, said[0][1].person),
        attested_on=_latest(trail, ATTEST, said[0][1].person),
        waits=proposal if last.decision is None else None,
        late_changes=sum(_is_late(one, each, rulebook) for one, each in approved),
        trail=trail,
    )


def _decided_on(matter: Matter) -> date | None:
    return date.fromisoformat(matter.decision.at[:10]) if matter.decision else None


def _is_late(matter: Matter, proposal: Proposal, rulebook: Rulebook) -> bool:
    decided = _decided_on(matter)
    return decided is not None and decided > change_deadline(proposal, rulebook)


def _latest(trail: Trail, verb: str, person: str) -> date | None:
    """Return the day of the last inspection or attestation that counts."""
    counts = (act for act in trail if act.verb == verb and _is_theirs(act, person))
    return max((day for act in counts if (day := _day_of(act))), default=None)


def _is_theirs(act: DeskAct, person: str) -> bool:
    """Whether who acted may: whose home it is attests, another supervisor inspects."""
    own = is_same_person(act.actor, person)
    return own if act.verb == ATTEST else not own and SUPERVISORS in act.groups


def _day_of(act: DeskAct) -> date | None:
    try:
        return date.fromisoformat(str(act.said["on"]))
    except (KeyError, ValueError):
        return None
