"""Whoever proposed does not decide, however their name is written."""

from datetime import UTC, datetime

import pytest

from backoffice.clearance.act_rules import ActRefusedError, OpenCase, Person
from backoffice.clearance.decide import act_on
from backoffice.clearance.trails import CHECKERS, MAKERS, Act, TrailEvent, decisions
from tests.simulation.memory import RecordMemory

CASE = "CASE-20261007-0123456789"
BOTH = (CHECKERS, MAKERS)
NOW = datetime(2026, 10, 7, 12, tzinfo=UTC)
SPELLINGS = [
    ("anna", "Anna"),
    ("anna", "anna "),
    ("anna", "\u00a0ANNA\t"),
    ("Krist\u00edn", "Kristi\u0301n"),
    ("stra\u00dfe", "STRASSE"),
    ("anna", "\uff41nna"),
    ("anna", "an\u200bna"),
    ("anna", "anna\ufe0f"),
    ("anna", "an\u034fna\u3164"),
    ("anna", "\x00anna"),
    ("Anna Bj\u00f6rk", "anna  bj\u00f6rk"),
]


def event(number: int, actor: str, act: Act) -> TrailEvent:
    at = f"2026-10-07T12:00:{number:02d}Z"
    return TrailEvent(case_id=CASE, number=number, at=at, actor=actor, groups=BOTH, act=act)


@pytest.mark.parametrize(("one", "again"), SPELLINGS)
def test_one_person_written_in_two_ways_is_no_second_hand(one: str, again: str) -> None:
    proposal = Act(verb="PROPOSE", outcome="RELEASE")
    approval = Act(verb="APPROVE", proposal=1)
    assert decisions([event(1, one, proposal), event(2, again, approval)]) == []
    assert decisions([event(1, one, proposal), event(2, "Bj\u00f6rn", approval)])


@pytest.mark.parametrize(("one", "again"), SPELLINGS)
def test_the_desk_refuses_it_and_lets_whoever_proposed_withdraw(one: str, again: str) -> None:
    records = RecordMemory("records")
    about = {"code": "MANUAL_ENTRY", "subject": "E-1", "status": "OPEN", "members": 1}
    case = OpenCase.model_validate({"case_id": CASE, "evidence": None, "taken": 0} | about)
    proposal = Act(verb="PROPOSE", outcome="RELEASE", text="why")
    act_on(records, case, Person(name=one, groups=BOTH), proposal, NOW)
    same = Person(name=again, groups=BOTH)
    with pytest.raises(ActRefusedError, match="four eyes"):
        act_on(records, case, same, Act(verb="APPROVE", proposal=1), NOW)
    taken = act_on(records, case, same, Act(verb="WITHDRAW"), NOW)
    assert taken.event.number == 2
