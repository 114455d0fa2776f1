"""What was approved is carried out in the pool: once, late, twice, or after a death between."""

from datetime import datetime, timedelta

import pytest

from backoffice.service_desk.access_carry_out import Kept, keep_access
from backoffice.service_desk.access_drift import pool_held
from backoffice.service_desk.access_requests import REQUEST, read_requests
from backoffice.service_desk.entitlements import Drift, Held
from backoffice.service_desk.registers import Registers
from tests.unit.service_desk.desk import NOW, RULEBOOK, MemoryPool, granted, registers

ONE_DAY = timedelta(days=1)


def _keep(book: Registers, pool: MemoryPool, now: datetime = NOW) -> Kept:
    return keep_access(book, pool, RULEBOOK, now)


def test_a_joiner_is_made_and_put_into_their_groups() -> None:
    book, pool = registers(), MemoryPool()
    about = granted(book, "einar", "JOIN", ("case-makers", "compliance"))
    assert _keep(book, pool).carried_out == (about,)
    assert pool.people["einar"] == Held(frozenset({"case-makers", "compliance"}))
    assert _keep(book, pool).drift == ()


def test_a_mover_has_the_new_groups_alone_and_signs_in_anew() -> None:
    book, pool = registers(), MemoryPool()
    granted(book, "einar", "JOIN", ("case-makers", "compliance"))
    _keep(book, pool)
    granted(book, "einar", "MOVE", ("case-checkers",), now=NOW + ONE_DAY)
    _keep(book, pool, NOW + ONE_DAY)
    assert pool.people["einar"].groups == {"case-checkers"}
    assert pool.calls[-1] == ("sign_out", "einar")


def test_a_leaver_is_shut_out_on_their_date_and_not_before() -> None:
    book, pool = registers(), MemoryPool()
    granted(book, "einar", "JOIN", ("compliance",))
    _keep(book, pool)
    granted(book, "einar", "LEAVE", on="2026-11-30")
    _keep(book, pool, NOW + ONE_DAY)
    assert pool.people["einar"].enabled
    _keep(book, pool, NOW + 3 * ONE_DAY)
    assert pool.people["einar"] == Held(frozenset(), enabled=False)


def test_who_left_and_was_let_in_by_hand_is_shut_out_again() -> None:
    book, pool = registers(), MemoryPool()
    granted(book, "einar", "JOIN", ("compliance",))
    granted(book, "einar", "LEAVE", now=NOW + ONE_DAY)
    _keep(book, pool, NOW + ONE_DAY)
    pool.people["einar"] = Held(frozenset({"compliance"}), enabled=True)
    _keep(book, pool, NOW + ONE_DAY)
    assert not pool.people["einar"].enabled


def test_who_comes_back_is_let_in_again() -> None:
    book, pool = registers(), MemoryPool()
    granted(book, "einar", "JOIN", ("compliance",))
    granted(book, "einar", "LEAVE", now=NOW + ONE_DAY)
    _keep(book, pool, NOW + ONE_DAY)
    granted(book, "einar", "JOIN", ("case-makers",), now=NOW + 2 * ONE_DAY)
    _keep(book, pool, NOW + 2 * ONE_DAY)
    assert pool.people["einar"] == Held(frozenset({"case-makers"}))


def test_what_was_approved_before_somebody_left_lets_them_in_no_more() -> None:
    book, pool = registers(), MemoryPool()
    granted(book, "einar", "JOIN", ("compliance",))
    _keep(book, pool)
    granted(book, "einar", "MOVE", ("case-checkers",), "2026-11-30", NOW + ONE_DAY)
    granted(book, "einar", "LEAVE", now=NOW + ONE_DAY + timedelta(hours=1), on="2026-11-29")
    _keep(book, pool, NOW + 2 * ONE_DAY)
    _keep(book, pool, NOW + 3 * ONE_DAY)
    assert pool.people["einar"] == Held(frozenset(), enabled=False)
    granted(book, "einar", "JOIN", ("compliance",), now=NOW + 4 * ONE_DAY)
    _keep(book, pool, NOW + 4 * ONE_DAY)
    assert pool.people["einar"] == Held(frozenset({"compliance"}))


@pytest.mark.parametrize("dies_at", range(8))
def test_a_run_that_dies_anywhere_is_made_good_by_the_next(dies_at: int) -> None:
    book = registers()
    pool = MemoryPool({"gunna": Held(frozenset({"compliance"}))}, dies_at=dies_at)
    granted(book, "einar", "JOIN", ("case-makers", "compliance"))
    granted(book, "gunna", "LEAVE")
    for _ in range(2):
        try:
            _keep(book, pool)
        except ConnectionError:
            continue
    assert pool.people["einar"].groups == {"case-makers", "compliance"}
    assert pool.people["gunna"] == Held(frozenset(), enabled=False)
    assert {one.stage for one in read_requests(book.trails(REQUEST))} == {"CARRIED_OUT"}


def test_running_twice_changes_nothing_more() -> None:
    book, pool = registers(), MemoryPool()
    granted(book, "einar", "JOIN", ("compliance",))
    _keep(book, pool)
    calls, keys = list(pool.calls), book.records.keys("")
    _keep(book, pool)
    assert (pool.calls, book.records.keys("")) == (calls, keys)


def test_late_requests_end_as_the_latest_of_them_says() -> None:
    book, pool = registers(), MemoryPool()
    granted(book, "einar", "JOIN", ("case-makers",))
    granted(book, "einar", "MOVE", ("case-checkers",), now=NOW + ONE_DAY)
    assert len(_keep(book, pool, NOW + 9 * ONE_DAY).carried_out) == 2
    assert pool.people["einar"].groups == {"case-checkers"}
    assert ("put_in", "einar", "case-makers") not in pool.calls


def test_what_the_pool_holds_otherwise_is_listed() -> None:
    book, pool = registers(), MemoryPool({"first": Held(frozenset({"access-checkers"}))})
    granted(book, "einar", "JOIN", ("compliance",))
    _keep(book, pool)
    pool.people["einar"] = Held(frozenset({"supervisors"}))
    assert _keep(book, pool).drift == (
        Drift("einar", "MISSING", "compliance"),
        Drift("einar", "UNASKED", "supervisors"),
        Drift("first", "UNASKED", "access-checkers"),
        Drift("first", "UNKNOWN"),
    )
    assert pool_held(book)[1]["einar"] == [True, "supervisors"]
