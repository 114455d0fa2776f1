"""Each function's role allows what its step touches in a day, and lets it write nowhere else."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypeVar

import pytest

from infra.blocks.function_spec import FunctionSpec
from infra.capabilities import accounting, clearance, intake, records, settlement
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.market import settle_all
from tests.simulation.small_days import DAYS, FIRST, drop_all
from tests.simulation.test_decisions import decide
from tests.simulation.test_sanctions import take

Result = TypeVar("Result")

SPECS: Final = {
    spec.name: spec
    for room in (intake, clearance, settlement, accounting, records)
    for spec in room.FUNCTIONS
}
FUNCTION_OF: Final = {
    "plan": "plan_file",
    "capture_range": "capture_range",
    "commit_file": "commit_file",
    "freeze_cut_off": "freeze_inputs",
    "freeze_close": "freeze_inputs",
    "_resolve": "resolve_trades",
    "screen_day": "screen_parties",
    "decide_at_close": "take_decisions",
    "pay_out": "net_obligations",
    "close_decisions": "net_obligations",
    "clear_share": "clear_trades",
    "cut_off": "net_obligations",
    "settle_day": "settle_obligations",
    "book_bucket": "book_accounts",
    "close_books": "close_books",
    "seal_day": "seal_records",
}
NOT_IN_A_DAY_OF_FILES: Final = {"records/intake/", "work/captured/"}
"""What freezing writes only when apps sent trades."""


class Watched(dict[str, bytes]):
    """A bucket's objects; remembers what was read and written by their place."""

    def __init__(self, bucket: str, seen: set[tuple[str, str]]) -> None:
        super().__init__()
        self._bucket, self._seen = bucket, seen

    def __getitem__(self, key: str) -> bytes:
        """Read."""
        self._seen.add(("read", f"{self._bucket}/{key}"))
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        """Ask before writing once: S3 is asked by the write itself."""
        self._seen.add(("write", f"{self._bucket}/{key}"))
        return super().__contains__(key)

    def __setitem__(self, key: str, body: bytes) -> None:
        """Write."""
        self._seen.add(("write", f"{self._bucket}/{key}"))
        super().__setitem__(key, body)


class WatchedHouse(House):
    """A house that knows which function touched what."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[tuple[str, str]] = set()
        self.touched: dict[str, set[tuple[str, str]]] = {}
        for store in (self.drops, self.work, self.records, self.outbox):
            store.objects = Watched(store.name, self._seen)

    def step(self, call: Callable[[], Result]) -> Result:
        """Run a step and note what it touched under its function's name."""
        self._seen.clear()
        try:
            return call()
        finally:
            names = [FUNCTION_OF[name] for name in call.__code__.co_names if name in FUNCTION_OF]
            self.touched.setdefault(names[0], set()).update(self._seen)


@pytest.fixture(scope="module")
def touched() -> dict[str, set[tuple[str, str]]]:
    house = WatchedHouse()
    house.drop("bank", FIRST, "holdings-1.csv", b"isin,quantity\nUS0378331005,1\n")
    take(house, table_bytes([{"entry_id": "1", "name": "Perihelion Freight Syndicate"}]), FIRST)
    for day in DAYS:
        drop_all(house, day)
        house.cut_off(day)
        for name, body in _settle_all_and_state(house, day).items():
            house.drop("market", day, name, body)
        if day == FIRST:
            decide(house, "SHORT_WITHOUT_LOCATE", "RELEASE")
        house.close(day)
    return house.touched


def _settle_all_and_state(house: House, day: date) -> Mapping[str, bytes]:
    statement = b"currency,closing_balance\nUSD,1.00\n"
    return {**settle_all(house, day), "cash-1.csv": statement}


def _under(place: str, prefixes: tuple[str, ...]) -> bool:
    return any(place.startswith(p if "/" in p else f"{p}/") for p in prefixes)


def test_a_day_takes_every_function_that_writes_to_the_books(
    touched: dict[str, set[tuple[str, str]]],
) -> None:
    assert set(touched) == set(FUNCTION_OF.values())


@pytest.mark.parametrize("name", sorted(set(FUNCTION_OF.values())))
def test_a_step_touches_what_its_role_allows(
    touched: dict[str, set[tuple[str, str]]], name: str
) -> None:
    spec: FunctionSpec = SPECS[name]
    for deed, place in touched[name]:
        assert _under(place, spec.reads if deed == "read" else spec.writes), (deed, place)


@pytest.mark.parametrize("name", sorted(set(FUNCTION_OF.values())))
def test_a_role_allows_no_place_that_its_step_does_not_write(
    touched: dict[str, set[tuple[str, str]]], name: str
) -> None:
    written = {place for deed, place in touched[name] if deed == "write"}
    unused = {p for p in SPECS[name].writes if not any(place.startswith(p) for place in written)}
    assert unused == (NOT_IN_A_DAY_OF_FILES if name == "freeze_inputs" else set())
