"""Registers of acts: what people ask for, decide and do, an object an act, written once.

Where something is asked for or kept stands in its id, so an act needs no index. Of each act a
notice is given, by which the next cut-off takes it and the day's seal names it; whoever dies
between the two is made good by `give_notices`, for an act has one notice, always the same.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.intake.notices import Notice, give_notice
from backoffice.kernel.parts import Records
from backoffice.service_desk.acts import (
    LONGEST_TEXT,
    PLACES,
    DeskAct,
    act_key,
    is_id,
    is_same,
    new_act,
)

_KEY: Final = re.compile(r"[a-z]+/\d{4}-\d{2}-\d{2}/([A-Z]{3}-\d{8}-[0-9a-f]{10})/(\d{6})\.json")
_NOTICE: Final = "acts"
NOTICES_AGAIN: Final = timedelta(days=7)
"""How far back the jobs give notices again."""

Trail = tuple[DeskAct, ...]


class Registers:
    """The registers over a record store; acts never change, so each is read once."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self._known: dict[str, DeskAct | None] = {}

    def trails(self, kind: str) -> dict[str, Trail]:
        """Read every trail of a kind of id, by id: of each its gapless beginning."""
        return self._read(self.records.keys(PLACES[kind]), kind)

    def trail(self, about: str) -> Trail:
        """Read one trail; empty when there is none."""
        kind = about[:3]
        if not is_id(about, kind) or kind not in PLACES:
            return ()
        prefix = act_key(about, 1).rpartition("/")[0]
        return self._read(self.records.keys(f"{prefix}/"), kind).get(about, ())

    def add(self, act: DeskAct) -> bool:
        """Write an act as the next of its trail and give notice; False when another was first."""
        key = act_key(act.about, act.number)
        if not self.records.put_once(key, act.model_dump_json().encode()):
            return False
        give_notice(self.records, _notice_of(key, act))
        return True

    def give_notices(self, kind: str, since: date) -> None:
        """Give notice again of acts since a day: who died after an act gave none."""
        for trail in self.trails(kind).values():
            for act in trail:
                if act.at[:10] >= str(since):
                    give_notice(self.records, _notice_of(act_key(act.about, act.number), act))

    def _read(self, keys: Iterable[str], kind: str) -> dict[str, Trail]:
        wanted = [key for key in keys if (said := _KEY.fullmatch(key)) and said[1][:3] == kind]
        fresh = [key for key in wanted if key not in self._known]
        for key, body in zip(fresh, self.records.read_many(fresh), strict=True):
            self._known[key] = _act(key, body)
        found: dict[str, Trail] = {}
        for act in filter(None, map(self._known.__getitem__, wanted)):
            trail = found.get(act.about, ())
            if act.number == len(trail) + 1:
                found[act.about] = (*trail, act)
        return found


def take(
    registers: Registers,
    about: str,
    person: Person,
    verb: str,
    now: datetime,
    *,
    text: str = "",
    said: Mapping[str, Any] | None = None,
) -> DeskAct:
    """Write an act of a person as the next of a trail that was just looked at.

    The same act of the same person at the end of the trail is the same act, sent again.

    Raises
    ------
    ActRefusedError
        CONFLICT: somebody was first. INVALID: the text is too long.
    """
    if len(text) > LONGEST_TEXT:
        raise ActRefusedError("INVALID", f"a text has at most {LONGEST_TEXT:,} characters")
    trail = registers.trail(about)
    act = new_act(about, len(trail) + 1, now, person, verb, said or {}, text)
    if trail and is_same(trail[-1], act):
        return trail[-1]
    if registers.add(act):
        return act
    first = registers.trail(about)[act.number - 1 :]
    if first and is_same(first[0], act):
        return first[0]
    who = f"{first[0].actor} was first: {first[0].verb}" if first else "another act was first"
    raise ActRefusedError("CONFLICT", f"{who}; look at {about} again")


def _act(key: str, body: bytes) -> DeskAct | None:
    try:
        act = DeskAct.model_validate_json(body)
        return act if act_key(act.about, act.number) == key else None
    except ValueError:
        return None


def _notice_of(key: str, act: DeskAct) -> Notice:
    return Notice(source=_NOTICE, day=date.fromisoformat(act.at[:10]), records=(key,))
