"""What is proposed on a register's page and decided by another: what a person may do, and did."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.clearance.trails import is_same_person
from backoffice.console.tables import ROWS_A_PAGE, Column, Row, Table
from backoffice.front_office.case_desk import STATUS_OF
from backoffice.service_desk.four_eyes import Hands, matters
from backoffice.service_desk.registers import Trail

Told = tuple[HTTPStatus, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to read of a matter: its name in the catalogue, how it is written, its text."""

    name: str
    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class MayDecide:
    """What somebody may do about what waits, and by whom it was proposed; "" when nothing waits."""

    decide: bool
    withdraw: bool
    proposed_by: str


def may_decide(trail: Trail, person: Person, hands: Hands) -> MayDecide:
    """Tell what somebody may do about what is proposed in a trail."""
    known = matters(trail, hands)
    if not known or known[-1].decision is not None:
        return MayDecide(decide=False, withdraw=False, proposed_by="")
    proposal = known[-1].proposal
    own = is_same_person(proposal.actor, person.name)
    theirs = is_same_person(str(proposal.said.get("person", "")), person.name)
    decides = hands.checkers in person.groups and not own and not theirs
    return MayDecide(decide=decides, withdraw=own, proposed_by=proposal.actor)


def refusal(act: Callable[[], object]) -> Told | None:
    """Take an act; return how it was refused, None when it was taken."""
    try:
        act()
    except ActRefusedError as refused:
        return HTTPStatus(STATUS_OF[refused.why]), str(refused)
    return None


def table_of(
    name: str, columns: tuple[Column, ...], rows: Iterable[Row], place: str, start: int
) -> Table:
    """Return a page of rows that are all known."""
    known = list(rows)
    shown = known[start : start + ROWS_A_PAGE]
    return Table(name, columns, shown, place, start, len(known))
