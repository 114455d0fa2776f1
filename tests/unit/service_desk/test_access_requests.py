"""Requests for access: four eyes, the segregation of duties, and who is first."""

import pytest

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.service_desk.access_requests import REQUEST, decide, read_request, read_requests
from backoffice.service_desk.acts import new_act
from backoffice.service_desk.registers import Registers
from backoffice.service_desk.tickets import is_ticket
from tests.unit.service_desk.desk import (
    ASKER,
    DESK,
    GIVER,
    NOW,
    OTHER,
    RULEBOOK,
    asked,
    granted,
    registers,
)


def _stage(book: Registers, about: str) -> str:
    return next(one.stage for one in read_requests(book.trails(REQUEST)) if one.request_id == about)


def test_one_asks_and_another_approves() -> None:
    book = registers()
    about = asked(book, "einar", "JOIN", ("case-makers",)).about
    assert _stage(book, about) == "PROPOSED"
    decide(book, about, GIVER, "APPROVE", RULEBOOK, NOW)
    assert _stage(book, about) == "APPROVED"


def test_nobody_approves_their_own_or_for_themselves() -> None:
    book = registers()
    both = Person(name="anna", groups=("access-makers", "access-checkers"))
    own = asked(book, "einar", "JOIN", ("compliance",), by=both).about
    for other in (both, Person(name="ANNA ", groups=both.groups)):
        with pytest.raises(ActRefusedError, match="four eyes"):
            decide(book, own, other, "APPROVE", RULEBOOK, NOW)
    himself = asked(book, "bjorn", "MOVE", ("compliance",)).about
    with pytest.raises(ActRefusedError, match="for themselves"):
        decide(book, himself, GIVER, "APPROVE", RULEBOOK, NOW)
    decide(book, himself, OTHER, "APPROVE", RULEBOOK, NOW)


def test_who_is_of_no_group_neither_asks_nor_decides() -> None:
    book = registers()
    with pytest.raises(ActRefusedError, match="only access-makers"):
        asked(book, "einar", "JOIN", ("compliance",), by=DESK)
    about = asked(book, "einar", "JOIN", ("compliance",)).about
    with pytest.raises(ActRefusedError, match="only access-checkers"):
        decide(book, about, DESK, "APPROVE", RULEBOOK, NOW)


@pytest.mark.parametrize(
    ("kind", "groups", "why"),
    [
        ("JOIN", ("case-makers", "case-checkers"), "who proposes does not decide"),
        ("MOVE", ("access-makers", "access-checkers"), "who asks for access does not give it"),
        ("JOIN", ("access-checkers", "case-checkers"), "decides on no case"),
        ("JOIN", ("keepers",), "there is no group keepers"),
        ("JOIN", (), "names at least one group"),
        ("LEAVE", ("compliance",), "keeps no group"),
    ],
)
def test_what_nobody_may_be_given_is_refused(kind: str, groups: tuple[str, ...], why: str) -> None:
    with pytest.raises(ActRefusedError, match=why):
        asked(registers(), "einar", kind, groups)


@pytest.mark.parametrize("name", ["", "Einar", "einar jonsson", "a/b", "../x", "é"])
def test_a_name_that_is_no_user_name_is_refused(name: str) -> None:
    with pytest.raises(ActRefusedError):
        asked(registers(), name, "LEAVE")


def test_a_request_without_a_date_names_what_is_missing() -> None:
    with pytest.raises(ActRefusedError, match="effective_on"):
        read_request({"person": "einar", "kind": "JOIN", "reason": "work"})


def test_the_same_request_again_is_the_same_and_another_waits_its_turn() -> None:
    book = registers()
    first = asked(book, "einar", "JOIN", ("compliance",))
    assert asked(book, "einar", "JOIN", ("compliance",)) == first
    with pytest.raises(ActRefusedError, match="waits"):
        asked(book, "einar", "JOIN", ("case-makers",))


def test_a_decision_is_taken_once_and_withdrawn_by_who_asked() -> None:
    book = registers()
    about = granted(book, "einar", "JOIN", ("compliance",))
    assert decide(book, about, GIVER, "APPROVE", RULEBOOK, NOW).number == 2
    with pytest.raises(ActRefusedError, match="nothing waits"):
        decide(book, about, OTHER, "REJECT", RULEBOOK, NOW)
    other = asked(book, "gunna", "JOIN", ("compliance",)).about
    with pytest.raises(ActRefusedError, match="only who proposed"):
        decide(book, other, GIVER, "WITHDRAW", RULEBOOK, NOW)
    decide(book, other, ASKER, "WITHDRAW", RULEBOOK, NOW)
    assert _stage(book, other) == "WITHDRAWN"


def test_a_text_that_is_too_long_is_refused_and_not_an_error() -> None:
    book = registers()
    about = asked(book, "einar", "JOIN", ("compliance",)).about
    with pytest.raises(ActRefusedError, match="at most 1,000 characters"):
        decide(book, about, GIVER, "REJECT", RULEBOOK, NOW, "x" * 1_001)


def test_an_id_of_a_day_that_there_is_not_names_nothing() -> None:
    book = registers()
    assert book.trail("ACR-20261301-0123456789") == ()
    assert not is_ticket("TICKET-99999999-0123456789")


def test_a_forged_approval_decides_nothing() -> None:
    book = registers()
    about = asked(book, "einar", "JOIN", ("compliance",)).about
    forger = Person(name="anna", groups=("access-checkers",))
    book.add(new_act(about, 2, NOW, forger, "APPROVE", {}))
    assert _stage(book, about) == "PROPOSED"


def test_an_act_that_stands_elsewhere_or_after_a_gap_is_none() -> None:
    book = registers()
    act = asked(book, "einar", "JOIN", ("compliance",))
    key = f"access/2026-11-27/{act.about}/000003.json"
    book.records.put_once(key, act.model_dump_json().encode())
    later = act.model_copy(update={"number": 3})
    book.records.put_once(key.replace("000003", "000004"), later.model_dump_json().encode())
    assert len(book.trail(act.about)) == 1


def test_notice_is_given_of_each_act_once_whoever_died_between() -> None:
    book = registers()
    asked(book, "einar", "JOIN", ("compliance",))
    given = book.records.keys("notices/")
    assert len(given) == 1
    book.give_notices(REQUEST, NOW.date())
    assert book.records.keys("notices/") == given
