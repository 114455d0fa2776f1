"""Each quarter everybody's groups are looked at again, by somebody else, in time."""

from datetime import timedelta

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.service_desk.access_carry_out import keep_access
from backoffice.service_desk.entitlements import Held
from backoffice.service_desk.quarters import quarter_of
from backoffice.service_desk.recertification import (
    REVIEW,
    Review,
    answer,
    read_reviews,
    review_id,
)
from backoffice.service_desk.registers import Registers
from tests.unit.service_desk.desk import (
    ASKER,
    GIVER,
    NOW,
    OTHER,
    RULEBOOK,
    MemoryPool,
    granted,
    registers,
)

EINAR, BJORN = ("einar", "compliance"), ("bjorn", "access-checkers")
ABOUT = review_id(NOW.date())
OVER = NOW + timedelta(days=15)


def _opened() -> tuple[Registers, MemoryPool]:
    book = registers()
    pool = MemoryPool({"bjorn": Held(frozenset({"access-checkers"}))})
    granted(book, "einar", "JOIN", ("compliance",))
    keep_access(book, pool, RULEBOOK, NOW)
    return book, pool


def _review(book: Registers) -> Review:
    (review,) = read_reviews(book.trails(REVIEW))
    return review


def test_a_quarter_opens_once_with_everybody_and_each_group() -> None:
    book, pool = _opened()
    keep_access(book, pool, RULEBOOK, NOW + timedelta(days=1))
    review = _review(book)
    assert (review.quarter, str(review.due)) == ("2026-Q4", "2026-12-11")
    assert {(line.person, line.group) for line in review.lines} == {EINAR, BJORN}


def test_nobody_answers_for_themselves_nor_twice_nor_who_may_not() -> None:
    book, _ = _opened()
    with pytest.raises(ActRefusedError, match="for themselves"):
        answer(book, ABOUT, GIVER, BJORN, "KEEP", NOW)
    with pytest.raises(ActRefusedError, match="only access-checkers"):
        answer(book, ABOUT, ASKER, EINAR, "KEEP", NOW)
    with pytest.raises(ActRefusedError, match="no line"):
        answer(book, ABOUT, GIVER, ("einar", "supervisors"), "KEEP", NOW)
    kept = answer(book, ABOUT, GIVER, EINAR, "KEEP", NOW)
    assert answer(book, ABOUT, GIVER, EINAR, "KEEP", NOW) == kept
    with pytest.raises(ActRefusedError, match="answered already"):
        answer(book, ABOUT, OTHER, EINAR, "REVOKE", NOW)


def test_what_is_revoked_is_taken_and_stays_taken_until_asked_for() -> None:
    book, pool = _opened()
    answer(book, ABOUT, GIVER, EINAR, "REVOKE", NOW)
    keep_access(book, pool, RULEBOOK, NOW)
    assert pool.people["einar"].groups == set()
    assert not _review(book).to_carry_out
    later = NOW + timedelta(days=1)
    granted(book, "einar", "MOVE", ("compliance",), on="2026-11-28", now=later)
    keep_access(book, pool, RULEBOOK, later)
    assert pool.people["einar"].groups == {"compliance"}


def test_what_was_approved_before_it_was_revoked_gives_it_back_no_more() -> None:
    book, pool = _opened()
    tomorrow = NOW + timedelta(days=1)
    granted(book, "einar", "MOVE", ("compliance", "supervisors"), "2026-11-30")
    answer(book, ABOUT, OTHER, EINAR, "REVOKE", tomorrow)
    kept = keep_access(book, pool, RULEBOOK, NOW + timedelta(days=3))
    assert pool.people["einar"].groups == {"supervisors"}
    assert not [one for one in kept.drift if one.person == "einar"]


def test_what_nobody_answered_in_time_is_revoked() -> None:
    book, pool = _opened()
    answer(book, ABOUT, OTHER, BJORN, "KEEP", NOW)
    keep_access(book, pool, RULEBOOK, OVER - timedelta(days=1))
    assert pool.people["einar"].groups == {"compliance"}
    assert keep_access(book, pool, RULEBOOK, OVER).expired == 1
    assert pool.people["einar"].groups == set()
    assert pool.people["bjorn"].groups == {"access-checkers"}
    assert [line.answer for line in _review(book).lines] == ["KEEP", "EXPIRED"]
    with pytest.raises(ActRefusedError):
        answer(book, ABOUT, GIVER, EINAR, "KEEP", OVER)


def test_a_quarter_has_a_name_and_an_id_of_its_own() -> None:
    days = [NOW.date() + timedelta(days=n) for n in range(0, 400, 7)]
    assert len({review_id(day) for day in days}) == len({quarter_of(day) for day in days})
