"""The job that makes reports dies after any write, and what stands in the end is the same."""

from collections.abc import Iterator

import pytest

from backoffice.records.verify_store import verify_store
from tests.simulation.house import House
from tests.simulation.memory import Fuse, StoreFailedError
from tests.simulation.reporting import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    answer,
    cases,
    dealt,
    of_kind,
    opened,
    report,
    run,
)


def two_days() -> House:
    """Close two days: one is reported and answered, the other not yet, with something lacking."""
    house = opened(dealt("T-1", "BUY", "100", MONDAY))
    (made,) = of_kind(report(house))
    answer(house, made, TUESDAY, "RJCT")
    lacks = dealt("T-3", "BUY", "2", TUESDAY, account_id="C-BARE")
    run(house, TUESDAY, trades=[dealt("T-2", "BUY", "5", TUESDAY), lacks])
    return house


def faults(house: House) -> Iterator[Fuse]:
    whole = house.copy()
    report(whole)
    for write in range(1, whole.fuse.writes + 1):
        yield Fuse(blows_at=write)
        yield Fuse(blows_at=write, takes_effect=True)


def test_a_run_that_dies_anywhere_is_finished_by_the_next() -> None:
    house = two_days()
    whole = house.copy()
    report(whole)
    deaths = 0
    for fuse in faults(house):
        broken = house.copy(fuse)
        with pytest.raises(StoreFailedError):
            report(broken)
        deaths += 1
        mended = broken.copy()
        report(mended)
        assert mended.records.objects == whole.records.objects
        assert mended.outbox.objects == whole.outbox.objects
    assert deaths > 20


def test_what_dies_in_a_run_is_no_fault_of_the_records_of_the_next_day() -> None:
    house = two_days()
    for fuse in list(faults(house))[::5]:
        broken = house.copy(fuse)
        with pytest.raises(StoreFailedError):
            report(broken)
        late = broken.copy()
        run(late, WEDNESDAY)
        report(late)
        run(late, WEDNESDAY.replace(day=8))
        assert verify_store(late.records)[1] == []
        assert set(cases(late)) == {
            "REPORT_REJECTED RTS22-2026-10-05-001: no reason is given",
            "REPORT_OVERDUE RTS22-2026-10-06",
            "REPORT_DATA_MISSING account C-BARE lei or personal data",
        }
