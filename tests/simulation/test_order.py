"""What a day decides is a function of the set of its files, however they come and are cut."""

import random
from datetime import date
from pathlib import Path

import pytest

from backoffice.intake.freeze import freeze_cut_off
from tests.reference.samples import account, trade
from tests.reference.scenario import ScenarioDay, Size, write_scenario
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.market import MARKETS
from tests.simulation.small_days import DAYS, FIRST, SECOND, THIRD, drop_all, first_day, run

SHUFFLES = 3
_SCENARIO_DAYS = 2
_FEW = Size(days=_SCENARIO_DAYS, least=20, most=30)


@pytest.fixture(scope="module", params=[31, 32])
def scenario(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Days":
    return Days(tmp_path_factory.mktemp("scenario"), request.param)


class Days:
    """The days of a small scenario, and a house that took their files by name."""

    def __init__(self, root: Path, seed: int) -> None:
        self.days = write_scenario(root, seed, _FEW).days
        self.plain = House()
        for each in self.days:
            self.plain.day(each.folder, each.day, MARKETS[each.market])


def _paths(each: ScenarioDay) -> list[Path]:
    return sorted(each.folder.iterdir())


@pytest.mark.parametrize("shuffle", range(SHUFFLES))
def test_files_in_any_order_give_the_same_books_and_records(scenario: Days, shuffle: int) -> None:
    rng, house = random.Random(shuffle), House()  # noqa: S311 - an order, no secret
    for each in scenario.days:
        for path in rng.sample(_paths(each), k=len(_paths(each))):
            house.drop("local", each.day, path.name, path.read_bytes())
        house.business_day(each.day, MARKETS[each.market])
    last = scenario.days[-1].day
    assert house.digest() == scenario.plain.digest(last)
    _same_records(house, scenario.plain, last)


def _same_records(house: House, other: House, until: date) -> None:
    kept = {key: body for key, body in other.records.objects.items() if _day_of(key) <= str(until)}
    assert {key for key in house.records.objects if _day_of(key) <= str(until)} == set(kept)
    assert house.records.objects == kept


def _day_of(key: str) -> str:
    return key.split("/")[1].removesuffix(".json")


def test_files_dropped_before_earlier_days_are_run_give_the_same_books(scenario: Days) -> None:
    house = House()
    for each in reversed(scenario.days):
        house.take(_paths(each), each.day)
    for each in scenario.days:
        house.business_day(each.day, MARKETS[each.market])
    assert house.digest() == scenario.plain.digest()
    _same_records(house, scenario.plain, scenario.days[-1].day)


@pytest.mark.parametrize(
    ("range_bytes", "rows_per_bucket"), [(1, 1000), (700, 12), (10**6, 20), (10**6, 6)]
)
def test_ranges_and_account_buckets_of_any_size_give_the_same_books(
    scenario: Days, range_bytes: int, rows_per_bucket: int
) -> None:
    house = House(range_bytes, rows_per_bucket)
    for each in scenario.days:
        house.day(each.folder, each.day, MARKETS[each.market])
    assert house.digest() == scenario.plain.digest()


def test_buckets_that_grow_in_the_midst_of_a_trade_give_the_same_books() -> None:
    plain, growing = run(House(), *DAYS), House()
    seen = []
    for day, rows in zip(DAYS, (100, 3, 1), strict=True):
        growing.rows_per_bucket = rows
        drop_all(growing, day)
        growing.business_day(day)
        seen.append(growing.books(day).buckets)
    assert seen == sorted(seen)
    assert seen[0] == 1
    assert seen[-1] > 1
    assert growing.digest() == plain.digest()


def test_a_file_dropped_twice_is_taken_once() -> None:
    plain, twice = run(House(), FIRST), House()
    drop_all(twice, FIRST)
    drop_all(twice, FIRST)
    twice.business_day(FIRST)
    assert twice.digest() == plain.digest()
    assert twice.records.objects == plain.records.objects


def test_equal_content_that_comes_after_the_freeze_takes_nothing_from_the_day() -> None:
    house, body = run(House(), FIRST), table_bytes([trade("E-1", "BUY", "1", "100")])
    house.drop("local", SECOND, "trades-9.csv", body)
    freeze_cut_off(house.records, SECOND)
    house.drop("local", SECOND, "trades-1.csv", body)
    house.drop("local", SECOND, "trades-9.csv.control.json", b'{"rows": 7}')
    house.business_day(SECOND)
    assert [row["status"] for row in house.table("trades") if row["trade_id"] == "E-1"] == [
        "CLEARED"
    ]
    assert not [row for row in house.table("cases") if row["code"] == "CONTROL_MISMATCH"]
    house.business_day(THIRD)
    statuses = {file["name"]: file["status"] for file in house.report(THIRD)["files"]}
    assert statuses["trades-1.csv"] == "REPEATED"
    found = [row["subject"] for row in house.table("cases") if row["code"] == "CONTROL_MISMATCH"]
    assert found == [f"local/{SECOND}/trades-9.csv"]


def test_two_contents_under_one_name_are_taken_alike_in_either_order() -> None:
    versions = [
        table_bytes([trade("X-1", "BUY", "1", "100"), trade("X-2", "BUY", "2", "100")]),
        table_bytes([trade("X-1", "BUY", "9", "100"), trade("X-3", "SELL", "1", "100")]),
    ]
    tables = [table_bytes([account("C-9", lot_method=method)]) for method in ("LIFO", "AVERAGE")]
    digests = set()
    for turn in (1, -1):
        house = House()
        for name, body in first_day().items():
            house.drop("local", FIRST, name, body)
        for body in versions[::turn]:
            house.drop("local", FIRST, "trades-9.csv", body)
        for body in tables[::turn]:
            house.drop("local", FIRST, "accounts-9.csv", body)
        house.business_day(FIRST)
        digests.add((house.digest(), frozenset(house.records.objects)))
    assert len(digests) == 1


def test_a_file_that_comes_late_counts_from_the_day_it_is_taken() -> None:
    early, late = House(), House()
    drop_all(early, FIRST)
    drop_all(late, FIRST)
    extra = table_bytes([trade("L-1", "BUY", "1", "100")])
    late.business_day(FIRST)
    early.business_day(FIRST)
    early.drop("local", FIRST, "trades-9.csv", extra)
    late.drop("local", SECOND, "trades-9.csv", extra)
    early.business_day(SECOND)
    late.business_day(SECOND)
    assert early.table("positions") == late.table("positions")
    assert early.table("journal") == late.table("journal")


def _refused_by_its_control() -> tuple[House, bytes]:
    """Run a first day whose extra file a wrong control file takes out."""
    house, body = House(), table_bytes([trade("R-1", "BUY", "1", "100")])
    drop_all(house, FIRST)
    house.drop("local", FIRST, "trades-9.csv", body)
    house.drop("local", FIRST, "trades-9.csv.control.json", b'{"rows": 7}')
    house.business_day(FIRST)
    assert _file_statuses(house, FIRST)["trades-9.csv"] == "REFUSED"
    return house, body


def _file_statuses(house: House, day: date) -> dict[str, str]:
    return {file["name"]: file["status"] for file in house.report(day)["files"]}


def _cleared(house: House, trade_id: str) -> list[str]:
    return [row["status"] for row in house.table("trades") if row["trade_id"] == trade_id]


def test_a_corrected_control_file_takes_in_what_a_wrong_one_refused() -> None:
    house, body = _refused_by_its_control()
    house.drop("local", FIRST, "trades-9.csv", body)
    house.drop("local", FIRST, "trades-9.csv.control.json", b'{"rows": 1}')
    house.business_day(SECOND)
    assert _file_statuses(house, SECOND)["trades-9.csv"] == "COMMITTED"
    assert _cleared(house, "R-1") == ["CLEARED"]
    house.drop("local", FIRST, "trades-9.csv.control.json", b'{"rows": 8}')
    house.business_day(THIRD)
    assert "trades-9.csv" not in _file_statuses(house, THIRD)
    found = [row["subject"] for row in house.table("cases") if row["code"] == "CONTROL_MISMATCH"]
    assert found == [f"local/{FIRST}/trades-9.csv"]


def test_a_second_wrong_control_file_refuses_again_and_a_right_one_cures_it() -> None:
    house, _ = _refused_by_its_control()
    house.drop("local", FIRST, "trades-9.csv.control.json", b'{"rows": 6}')
    house.business_day(SECOND)
    assert _file_statuses(house, SECOND)["trades-9.csv"] == "REFUSED"
    house.drop("local", FIRST, "trades-9.csv.control.json", b'{"rows": 1}')
    house.business_day(THIRD)
    assert _file_statuses(house, THIRD)["trades-9.csv"] == "COMMITTED"
    assert _cleared(house, "R-1") == ["CLEARED"]


def test_what_was_refused_comes_in_under_another_name() -> None:
    house, body = _refused_by_its_control()
    house.drop("local", FIRST, "trades-10.csv", body)
    house.business_day(SECOND)
    assert _file_statuses(house, SECOND)["trades-10.csv"] == "COMMITTED"
    assert _cleared(house, "R-1") == ["CLEARED"]
    house.drop("local", FIRST, "trades-11.csv", body)
    house.business_day(THIRD)
    assert _file_statuses(house, THIRD)["trades-11.csv"] == "REPEATED"


def test_a_day_that_was_frozen_and_not_cut_off_comes_first() -> None:
    house = run(House(), FIRST)
    drop_all(house, SECOND)
    freeze_cut_off(house.records, SECOND)
    drop_all(house, THIRD)
    frozen = freeze_cut_off(house.records, THIRD)
    assert (frozen.outcome, f"run {SECOND} first" in str(frozen.reason)) == ("REFUSED", True)
    house.business_day(SECOND)
    house.business_day(THIRD)
    assert house.digest() == run(House(), *DAYS).digest()


def test_a_control_file_that_came_with_an_earlier_cut_off_still_counts() -> None:
    house = House()
    drop_all(house, FIRST)
    house.drop("local", FIRST, "trades-9.csv.control.json", b'{"rows": 7}')
    house.business_day(FIRST)
    house.drop("local", FIRST, "trades-9.csv", table_bytes([trade("R-1", "BUY", "1", "100")]))
    house.business_day(SECOND)
    assert _file_statuses(house, SECOND)["trades-9.csv"] == "REFUSED"
    assert _cleared(house, "R-1") == []
    house.drop("local", FIRST, "trades-9.csv.control.json", b'{"rows": 1}')
    house.business_day(THIRD)
    assert _file_statuses(house, THIRD)["trades-9.csv"] == "COMMITTED"


def test_a_control_file_of_a_statement_counts_at_the_close() -> None:
    house = House()
    drop_all(house, FIRST)
    sent = {
        "cash-1.csv": b"currency,closing_balance\nUSD,1.00\n",
        "cash-1.csv.control.json": b'{"rows": 2}',
    }
    house.business_day(FIRST, lambda _house, _day: sent)
    assert _file_statuses(house, FIRST)["cash-1.csv"] == "REFUSED"
    assert house.report(FIRST)["breaks"] == 0


def test_a_control_file_dropped_with_the_next_day_speaks_of_the_file_of_its_name_before() -> None:
    house = House()
    drop_all(house, FIRST)
    house.drop("local", FIRST, "trades-9.csv", table_bytes([trade("R-1", "BUY", "1", "100")]))
    house.business_day(FIRST)
    house.drop("local", SECOND, "trades-9.csv.control.json", b'{"rows": 7}')
    house.business_day(SECOND)
    found = [row["subject"] for row in house.table("cases") if row["code"] == "CONTROL_MISMATCH"]
    assert found == [f"local/{FIRST}/trades-9.csv"]
    assert _cleared(house, "R-1") == ["CLEARED"]


def test_a_control_file_speaks_of_its_own_days_file_where_there_is_one() -> None:
    house = House()
    drop_all(house, FIRST)
    house.drop("local", FIRST, "trades-9.csv", table_bytes([trade("R-1", "BUY", "1", "100")]))
    house.business_day(FIRST)
    two = table_bytes([trade("R-2", "BUY", "1", "100"), trade("R-3", "BUY", "1", "100")])
    house.drop("local", SECOND, "trades-9.csv", two)
    house.drop("local", SECOND, "trades-9.csv.control.json", b'{"rows": 2}')
    house.business_day(SECOND)
    assert _file_statuses(house, SECOND)["trades-9.csv"] == "COMMITTED"
    assert not [row for row in house.table("cases") if row["code"] == "CONTROL_MISMATCH"]
