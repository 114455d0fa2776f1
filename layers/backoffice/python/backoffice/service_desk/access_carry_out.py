"""Bring the pool in line with what was decided: people made, groups changed, leavers shut out.

Every step may run twice, late, or die after any of its calls: what the pool should hold is folded
anew, and what it holds already is not asked for again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from backoffice.kernel.rulebook import Rulebook
from backoffice.service_desk.access_drift import POOL, note_pool
from backoffice.service_desk.access_groups import GROUPS, conflicts
from backoffice.service_desk.access_requests import (
    CARRIED_OUT,
    NOT_CARRIED_OUT,
    REQUEST,
    KnownRequest,
    read_requests,
)
from backoffice.service_desk.acts import new_act
from backoffice.service_desk.entitlements import Drift, Entitled, Held, drift, entitlements
from backoffice.service_desk.recertification import (
    REVIEW,
    REVIEWED,
    expire,
    open_review,
    read_reviews,
    revocations,
)
from backoffice.service_desk.registers import NOTICES_AGAIN, Registers

JOB: Final = "keep_access"


class People(Protocol):
    """The pool that people sign in to."""

    def held(self, groups: tuple[str, ...]) -> Mapping[str, Held]:
        """Return everybody in the pool with those of some groups that they are in."""

    def let_in(self, person: str) -> None:
        """Make a person, or let one sign in again."""

    def shut_out(self, person: str) -> None:
        """Let a person sign in no more, and end what they have begun."""

    def sign_out(self, person: str) -> None:
        """End what a person has begun: they sign in anew."""

    def put_in(self, person: str, group: str) -> None:
        """Put a person into a group."""

    def take_from(self, person: str, group: str) -> None:
        """Take a person out of a group."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one run did: requests carried out or not, a review opened or over, what is drifted."""

    carried_out: tuple[str, ...]
    not_carried_out: tuple[str, ...]
    opened: bool
    expired: int
    drift: tuple[Drift, ...]


def keep_access(registers: Registers, people: People, rulebook: Rulebook, now: datetime) -> Kept:
    """Carry out what is due, open and end the quarter's review, note what the pool holds."""
    today = now.date()
    for kind in (REQUEST, REVIEW, POOL):
        registers.give_notices(kind, today - NOTICES_AGAIN)
    expired = sum(
        expire(registers, review, now, JOB) for review in read_reviews(registers.trails(REVIEW))
    )
    requests = read_requests(registers.trails(REQUEST))
    reviews = read_reviews(registers.trails(REVIEW))
    may = entitlements(requests, revocations(reviews), today)
    held = people.held(GROUPS)
    done, failed = _carry_out(registers, people, (requests, may, held), rulebook, now)
    _shut_out_who_left(people, may, held)
    for review in reviews:
        if review.to_carry_out:
            for line in review.lines:
                _take_back(people, may.get(line.person), held.get(line.person), line.person)
            _note(registers, review.review_id, len(review.trail) + 1, now, REVIEWED, {})
    held = people.held(GROUPS)
    opened = open_review(registers, _holdings(held), now, rulebook, JOB)
    note_pool(registers, held, now, JOB)
    return Kept(tuple(done), tuple(failed), opened, expired, tuple(drift(may, held)))


def _carry_out(
    registers: Registers,
    people: People,
    known: tuple[list[KnownRequest], Mapping[str, Entitled], Mapping[str, Held]],
    rulebook: Rulebook,
    now: datetime,
) -> tuple[list[str], list[str]]:
    """Carry out every request that is due, for each person what is approved of them by now."""
    requests, may, held = known
    done, failed = list[str](), list[str]()
    for request in sorted(requests, key=lambda one: one.request_id):
        if not request.is_due(now.date()):
            continue
        person, number = request.asked.person, len(request.trail) + 1
        why = "; ".join(
            ": ".join(each) for each in conflicts(may[person].groups, now.date(), rulebook)
        )
        if why:
            said: dict[str, Any] = {"why": why}
            _note(registers, request.request_id, number, now, NOT_CARRIED_OUT, said)
            failed.append(request.request_id)
            continue
        said = _bring(people, person, may[person], held.get(person))
        _note(registers, request.request_id, number, now, CARRIED_OUT, said)
        done.append(request.request_id)
    return done, failed


def _bring(people: People, person: str, may: Entitled, holds: Held | None) -> dict[str, Any]:
    """Bring one person in line; return what was changed."""
    has = holds.groups if holds else frozenset[str]()
    added, removed = sorted(may.groups - has), sorted(has - may.groups)
    if may.left:
        if holds is not None:
            people.shut_out(person)
    else:
        people.let_in(person)
    for group in removed:
        people.take_from(person, group)
    for group in added:
        people.put_in(person, group)
    if removed and not may.left:
        people.sign_out(person)
    return {"added": added, "removed": removed, "made": holds is None and not may.left}


def _shut_out_who_left(
    people: People, may: Mapping[str, Entitled], held: Mapping[str, Held]
) -> None:
    """Shut out whoever left and was let in again by hand."""
    for person, one in may.items():
        if one.left and person in held and held[person].enabled:
            people.shut_out(person)


def _take_back(people: People, may: Entitled | None, holds: Held | None, person: str) -> None:
    if may is None or holds is None:
        return
    taken = sorted(may.revoked & holds.groups)
    for group in taken:
        people.take_from(person, group)
    if taken:
        people.sign_out(person)


def _holdings(held: Mapping[str, Held]) -> Iterator[tuple[str, str]]:
    for person, one in held.items():
        if one.enabled:
            yield from ((person, group) for group in one.groups)


def _note(
    registers: Registers, about: str, number: int, now: datetime, verb: str, said: dict[str, Any]
) -> None:
    """Write what the job did; whoever wrote that number first did the same."""
    registers.add(new_act(about, number, now, JOB, verb, said))
