"""A step that runs twice, or stops anywhere, leaves the books as if it had run once, whole."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Final

import pytest

from backoffice.intake.freeze import Frozen, freeze_close, freeze_cut_off
from backoffice.kernel.parts import Records
from backoffice.records.verify_store import verify_store
from samples.make_days import DAYS as SAMPLE_DAYS
from tests.reference.samples import trade
from tests.reference.writing import table_bytes
from tests.simulation.conftest import SampleDays
from tests.simulation.house import House, Result
from tests.simulation.memory import Fuse, RecordMemory, StoreFailedError
from tests.simulation.small_days import DAYS, FILES, FIRST, SECOND, THIRD, drop_all, run

_EVERY: Final = 3
"""A store stopped before, and one stopped after, every other write: all there is in between."""


class StutteringHouse(House):
    """Runs every step twice: the second time must say the same and write nothing."""

    steps = 0

    def step(self, call: Callable[[], Result]) -> Result:
        first = call()
        records, work, outbox = (
            dict(store.objects) for store in (self.records, self.work, self.outbox)
        )
        again = call()
        assert again == first
        assert self.records.objects == records
        assert self.work.objects == work
        assert self.outbox.objects == outbox
        self.steps += 1
        return first


@pytest.fixture(scope="module")
def one_day() -> House:
    return run(House(), FIRST)


@pytest.fixture(scope="module")
def two_days(one_day: House) -> House:
    return run(one_day.copy(), SECOND)


@pytest.fixture(scope="module")
def three_days(two_days: House) -> House:
    return run(two_days.copy(), THIRD)


def test_every_step_run_twice_says_the_same_and_writes_nothing_new(three_days: House) -> None:
    house = StutteringHouse(range_bytes=500, rows_per_bucket=4)
    run(house, *DAYS)
    assert house.steps > len(DAYS) * 10
    assert house.digest() == three_days.digest()


def test_a_large_day_run_again_from_equal_files_writes_equal_records(
    sample_days: SampleDays,
) -> None:
    again = House()
    first = SAMPLE_DAYS[0]
    again.day(sample_days.folder(first), first)
    kept = {
        key: body
        for key, body in sample_days.house.records.objects.items()
        if key.split("/")[1].removesuffix(".json") <= str(first)
    }
    assert set(again.records.objects) == set(kept)
    assert again.records.objects == kept


def _stopped(house: House, act: Callable[[House], None]) -> Iterator[tuple[int, House]]:
    """Yield a copy per third write of what `act` does to a house, stopped before it or after it."""
    for number in count(_EVERY, _EVERY):
        stopped = house.copy(Fuse(blows_at=number, takes_effect=number % 2 == 0))
        try:
            act(stopped)
        except StoreFailedError:
            yield number, stopped
        else:
            return


def _run_second_day(house: House) -> None:
    house.business_day(SECOND)


def test_a_day_stopped_at_any_write_and_run_again_ends_the_same(
    one_day: House, two_days: House
) -> None:
    dropped = one_day.copy()
    drop_all(dropped, SECOND)
    tried = []
    for number, stopped in _stopped(dropped, _run_second_day):
        tried.append(number)
        _run_second_day(stopped)
        assert stopped.records.objects == two_days.records.objects
        assert stopped.outbox.objects == two_days.outbox.objects
    assert max(tried) > 40, "a day of so few writes proves nothing"
    assert stopped.digest() == two_days.digest()
    assert verify_store(stopped.records)[1] == []


def test_a_capture_stopped_at_any_write_and_run_again_ends_the_same(one_day: House) -> None:
    dropped = one_day.copy()
    drop_all(dropped, SECOND)
    tried = []

    def drop(house: House) -> None:
        drop_all(house, SECOND)

    for number, stopped in _stopped(one_day, drop):
        tried.append(number)
        assert verify_store(stopped.records)[1] == []
        drop(stopped)
        assert stopped.records.objects == dropped.records.objects
    assert max(tried) > 8, "files of so few writes prove nothing"


def test_a_closed_day_run_again_changes_nothing(two_days: House) -> None:
    again = two_days.copy()
    assert again.cut_off(SECOND).outcome == "DONE"
    assert again.close(SECOND).outcome == "DONE"
    run(again, SECOND)
    assert again.records.objects == two_days.records.objects
    assert again.outbox.objects == two_days.outbox.objects


class _Overtaken(RecordMemory):
    """A record store of which the first look at a state is from before another wrote it."""

    looked = False

    def find_bytes(self, key: str) -> bytes | None:
        if key.startswith("books/") and not self.looked:
            self.looked = True
            return None
        return super().find_bytes(key)


@pytest.mark.parametrize("freeze", [freeze_cut_off, freeze_close])
def test_who_is_overtaken_by_another_that_completes_the_phase_is_done(
    one_day: House, freeze: Callable[[Records, date], Frozen]
) -> None:
    behind = _Overtaken("records")
    behind.objects = dict(one_day.records.objects)
    assert freeze(behind, FIRST).outcome == "DONE"
    assert behind.looked
    assert behind.objects == one_day.records.objects


def test_a_day_cut_off_again_keeps_its_inputs_whatever_came_since(one_day: House) -> None:
    house, late = one_day.copy(), table_bytes([trade("Z-1", "BUY", "1", "100")])
    drop_all(house, SECOND)
    house.cut_off(SECOND)
    house.drop("local", SECOND, "trades-99.csv", late)
    assert house.cut_off(SECOND).outcome == "DONE"
    house.close(SECOND)
    assert not [row for row in house.table("trades") if row["trade_id"] == "Z-1"]
    run(house, THIRD)
    assert [row["status"] for row in house.table("trades") if row["trade_id"] == "Z-1"] == [
        "CLEARED"
    ]


@pytest.mark.parametrize("days", [1, 2, 40])
def test_a_date_before_a_closed_day_is_refused_with_the_reason(one_day: House, days: int) -> None:
    house, early = one_day.copy(), FIRST - timedelta(days=days)
    drop = FILES[SECOND]["accounts.csv"]
    house.drop("local", early, "accounts-early.csv", drop)
    before = dict(house.records.objects)
    refused = house.cut_off(early)
    assert refused.outcome == "REFUSED"
    assert str(FIRST) in str(refused.reason)
    assert house.close(early).outcome == "REFUSED"
    assert house.records.objects == before


def test_a_day_cut_off_and_not_closed_stands_before_any_later_day(one_day: House) -> None:
    house = one_day.copy()
    drop_all(house, SECOND)
    house.cut_off(SECOND)
    refused = house.cut_off(THIRD)
    assert refused.outcome == "REFUSED"
    assert str(SECOND) in str(refused.reason)
    house.close(SECOND)
    assert house.cut_off(THIRD).outcome == "FROZEN"


def test_a_day_that_was_never_cut_off_is_not_closed(one_day: House) -> None:
    refused = one_day.copy().close(SECOND)
    assert refused.outcome == "REFUSED"
    assert str(SECOND) in str(refused.reason)


def test_a_first_day_without_any_file_closes_with_empty_books() -> None:
    house = House()
    house.business_day(date(2026, 1, 5))
    assert house.table("trial-balance") == []
    assert house.report(date(2026, 1, 5))["journal"]["balanced"] is True
    assert verify_store(house.records)[1] == []
