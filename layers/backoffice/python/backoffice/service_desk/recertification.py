"""Each quarter everybody's groups are looked at again: kept or revoked, by somebody else.

What nobody answered when the time is over is revoked: access is what was confirmed, not what was
forgotten. What was opened and each answer stand in one trail, whose id is the quarter's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.clearance.trails import is_same_person
from backoffice.kernel.rulebook import Rulebook
from backoffice.service_desk.access_groups import CHECKERS_OF_ACCESS
from backoffice.service_desk.acts import DeskAct, new_act, new_id
from backoffice.service_desk.quarters import first_of_quarter, quarter_of
from backoffice.service_desk.registers import Registers, Trail, take

REVIEW: Final = "RCT"
OPENED: Final = "OPENED"
KEEP: Final = "KEEP"
REVOKE: Final = "REVOKE"
EXPIRED: Final = "EXPIRED"
REVIEWED: Final = "CARRIED_OUT"
_ANSWERS: Final = (KEEP, REVOKE)


@dataclass(frozen=True, slots=True)
class Revoked:
    """A group that was taken from somebody, and when."""

    person: str
    group: str
    at: str


@dataclass(frozen=True, slots=True)
class Line:
    """A group that somebody holds, and what came of it: an answer, or EXPIRED, or nothing yet."""

    person: str
    group: str
    answer: str = ""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A quarter's recertification: by when it is answered, and every line of it."""

    review_id: str
    quarter: str
    due: date
    lines: tuple[Line, ...]
    trail: Trail

    @property
    def open_lines(self) -> tuple[Line, ...]:
        """Return what nobody answered yet."""
        return tuple(line for line in self.lines if not line.answer)

    @property
    def to_carry_out(self) -> bool:
        """Whether anything was revoked since the pool was last brought in line."""
        done = max((act.number for act in self.trail if act.verb == REVIEWED), default=0)
        return any(act.number > done and act.verb in {REVOKE, EXPIRED} for act in self.trail)


def review_id(day: date) -> str:
    """Return the id of the recertification of a day's quarter."""
    return new_id(REVIEW, first_of_quarter(day), quarter_of(day))


def open_review(
    registers: Registers,
    holdings: Iterable[tuple[str, str]],
    now: datetime,
    rulebook: Rulebook,
    by: str,
) -> bool:
    """Open the recertification of a day's quarter with who holds what; once, whoever runs it.

    Parameters
    ----------
    holdings
        Person and group, of everybody who may sign in.
    by
        The job that opens it.
    """
    about, today = review_id(now.date()), now.date()
    if registers.trail(about):
        return False
    due = today + timedelta(days=rulebook.days("recertification_answer_days", today))
    said = {
        "quarter": quarter_of(today),
        "due": str(due),
        "holdings": [list(each) for each in sorted(set(holdings))],
    }
    return registers.add(new_act(about, 1, now, by, OPENED, said))


def read_reviews(trails: Mapping[str, Trail]) -> list[Review]:
    """Fold the recertifications there were, the newest first."""
    found = (_review(about, trail) for about, trail in trails.items() if _is_opened(trail))
    return sorted(found, key=lambda one: one.review_id, reverse=True)


def answer(
    registers: Registers,
    about: str,
    person: Person,
    line: tuple[str, str],
    verb: str,
    now: datetime,
    text: str = "",
) -> DeskAct:
    """Keep or revoke a group of somebody else's.

    Raises
    ------
    ActRefusedError
        FORBIDDEN to this person, INVALID, or in CONFLICT with an earlier answer or the deadline.
    """
    _check_reviewer(person, line, verb)
    review = next(iter(read_reviews({about: registers.trail(about)})), None)
    lines = review.lines if review else ()
    known = next((one for one in lines if (one.person, one.group) == line), None)
    if review is None or known is None:
        raise ActRefusedError("INVALID", f"{' '.join(line)} is no line of {about}")
    if (known.answer, known.by) == (verb, person.name):
        return next(act for act in review.trail if (act.at, act.verb) == (known.at, verb))
    if known.answer:
        raise ActRefusedError("CONFLICT", f"{known.by} answered already: {known.answer}")
    if now.date() > review.due:
        raise ActRefusedError("CONFLICT", f"it was to be answered by {review.due}")
    said = dict(zip(("person", "group"), line, strict=True))
    return take(registers, about, person, verb, now, text=text, said=said)


def _check_reviewer(person: Person, line: tuple[str, str], verb: str) -> None:
    if verb not in _ANSWERS:
        raise ActRefusedError("INVALID", f"{verb} is no answer: {', '.join(_ANSWERS)}")
    if CHECKERS_OF_ACCESS not in person.groups:
        raise ActRefusedError("FORBIDDEN", f"only {CHECKERS_OF_ACCESS} answer")
    if is_same_person(person.name, line[0]):
        raise ActRefusedError("FORBIDDEN", "nobody answers for themselves")


def expire(registers: Registers, review: Review, now: datetime, by: str) -> bool:
    """Revoke what nobody answered once the time is over."""
    left = review.open_lines
    if not left or now.date() <= review.due:
        return False
    said = {"holdings": [[line.person, line.group] for line in left]}
    return registers.add(new_act(review.review_id, len(review.trail) + 1, now, by, EXPIRED, said))


def revocations(reviews: Iterable[Review]) -> Iterator[Revoked]:
    """Name every group that was taken from somebody."""
    for review in reviews:
        for line in review.lines:
            if line.answer in {REVOKE, EXPIRED}:
                yield Revoked(line.person, line.group, line.at)


def _is_opened(trail: Trail) -> bool:
    return bool(trail) and trail[0].verb == OPENED and not trail[0].groups


def _review(about: str, trail: Trail) -> Review:
    said = trail[0].said
    lines = {(person, group): Line(person, group) for person, group in said["holdings"]}
    for act in trail[1:]:
        for place in _answered(act):
            if place in lines and not lines[place].answer:
                lines[place] = Line(*place, act.verb, act.actor, act.at)
    due = date.fromisoformat(said["due"])
    return Review(about, said["quarter"], due, tuple(lines.values()), trail)


def _answered(act: DeskAct) -> Iterator[tuple[str, str]]:
    """Name the lines that an act answers: of a reviewer's only what they may answer counts."""
    if act.verb == EXPIRED and not act.groups:
        yield from ((person, group) for person, group in act.said["holdings"])
    elif act.verb in _ANSWERS and CHECKERS_OF_ACCESS in act.groups:
        person = str(act.said.get("person", ""))
        if not is_same_person(person, act.actor):
            yield person, str(act.said.get("group", ""))
