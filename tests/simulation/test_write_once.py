"""Who writes first decides: an entry, a freeze and a seal that stand are never replaced."""

import pytest

from backoffice.formats.sealed_originals import SealedOriginals
from backoffice.intake.commit_file import commit_file
from backoffice.intake.documents import CUT_OFF, frozen_key
from backoffice.intake.freeze import freeze_cut_off
from backoffice.kernel.books import state_key
from backoffice.records.seal_day import seal_day, seal_key
from tests.reference.samples import trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.small_days import FIRST, SECOND, drop_all, run

LATE = table_bytes([trade("Z-1", "BUY", "1", "100")])


@pytest.fixture(scope="module")
def one_day() -> House:
    return run(House(), FIRST)


def test_an_entry_that_stands_is_kept_whatever_a_second_commit_says(one_day: House) -> None:
    house = one_day.copy()
    first = house.drop("local", SECOND, "trades-1.csv", LATE)
    (plan,) = (key for key in house.work.keys("") if f"/{first.sha256}/" in key and "plan" in key)
    second = commit_file(
        house.records, house.drops, house.work, plan, [], SealedOriginals(house.keys)
    )
    assert (first.captured, second.captured) == (1, 0)
    assert house.records.read_bytes(first.key) == first.model_dump_json().encode()


def test_a_freeze_that_stands_is_kept_whatever_came_since(one_day: House) -> None:
    house = one_day.copy()
    drop_all(house, SECOND)
    assert freeze_cut_off(house.records, SECOND).outcome == "FROZEN"
    before = house.records.read_bytes(frozen_key(SECOND, CUT_OFF))
    house.drop("local", SECOND, "trades-99.csv", LATE)
    assert freeze_cut_off(house.records, SECOND).outcome == "FROZEN"
    assert house.records.read_bytes(frozen_key(SECOND, CUT_OFF)) == before


def test_a_seal_that_stands_is_kept_whatever_sealing_again_would_say(one_day: House) -> None:
    house = one_day.copy()
    before = house.records.read_bytes(seal_key(FIRST))
    closed = house.records.keep_bytes("accounting", FIRST, b"{}", ".json")
    books = house.books(FIRST)
    more = books.model_copy(update={"written": (*books.written, closed)})
    key = house.records.keep_bytes("accounting", FIRST, more.model_dump_json().encode(), ".json")
    seal_day(house.records, key, house.signer)
    assert house.records.read_bytes(seal_key(FIRST)) == before
    assert house.records.read_bytes(state_key(FIRST, "closed")) != house.records.read_bytes(key)
