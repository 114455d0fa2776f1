"""What is found in the records is what reading all of them finds, by whatever it is asked for."""

import random
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from backoffice.records.listing import record_id
from backoffice.records.search import blocks, find, runs
from backoffice.records.search.find import BadCursorError, Finder, Query
from backoffice.records.search.questions import read_cursor
from backoffice.records.search.rows import SCHEMA, DayRows, rows_of_day
from backoffice.records.search.runs import Index, add_run, index_records, read_index
from tests.simulation.house import House
from tests.simulation.memory import WorkMemory
from tests.simulation.small_days import DAYS, FIRST, SECOND, THIRD, run

COLUMNS = [name for name in SCHEMA if name != "confidential"]


@pytest.fixture(scope="module")
def house() -> House:
    return run(House(), *DAYS)


@pytest.fixture(scope="module", params=[16_384, 7])
def store(house: House, request: pytest.FixtureRequest) -> WorkMemory:
    """Index three days, in blocks of one size or another, two runs becoming one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "ROWS_A_BLOCK", request.param)
        patch.setattr(runs, "FAN", 2)
        work = WorkMemory("work")
        index_records(house.records, work)
    return work


def all_rows(house: House) -> pl.DataFrame:
    frames, first = [], 0
    for day in DAYS:
        found = rows_of_day(house.records, day, first)
        first += found.objects.height
        frames.append(found.rows.join(found.objects, on="object"))
    return pl.concat(frames).sort(runs.PLACE).drop("confidential")


def pages(finder: Finder, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = finder.find(Query(**{"confidential": True} | asked, cursor=cursor))
        assert len(page.rows) <= asked.get("limit", 50)
        rows += page.rows
        cursor = page.next
        if cursor is None:
            return rows


def expected(rows: pl.DataFrame, **asked: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    for name in ("id", "account", "counterparty", "instrument", "kind"):
        if name in asked:
            rows = rows.filter(pl.col(name) == asked[name])
    rows = rows.filter(pl.col("date") >= asked.get("since", ""))
    return rows.filter(pl.col("date") <= asked.get("until", "9999")).rows()


def _as_row(found: dict[str, Any]) -> tuple[Any, ...]:
    row = -1 if found["row"] is None else found["row"]
    return (*(found[name] for name in COLUMNS[:-1]), row, found["key"], found["sealed_in"])


def test_any_question_is_answered_as_reading_everything_would(
    house: House, store: WorkMemory
) -> None:
    rows, chance, finder = all_rows(house), random.Random(7), Finder(store)  # noqa: S311
    assert rows.height > 300
    for _ in range(40):
        like = rows.row(chance.randrange(rows.height), named=True)
        names = chance.sample(["id", "account", "counterparty", "instrument", "kind"], 2)
        asked: dict[str, Any] = {name: like[name] for name in names if like[name]}
        asked["limit"] = chance.choice([9, 50])
        if chance.random() < 0.5:
            asked |= {"since": str(FIRST), "until": str(SECOND)}
        found = [_as_row(one) for one in pages(finder, **asked)]
        assert found == expected(rows, **asked), asked


def test_a_scan_that_may_read_few_blocks_goes_on_where_it_was(
    house: House, store: WorkMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.records.search.find.MOST_BLOCKS", 2)
    asked = {"account": "C-1", "kind": "entry", "limit": 5}
    found = [_as_row(one) for one in pages(Finder(store), **asked)]
    assert found == expected(all_rows(house), **asked)
    everything = [_as_row(one) for one in pages(Finder(store), limit=50)]
    assert everything == all_rows(house).rows()


def test_a_record_and_a_business_id_lead_to_the_object_that_holds_them(
    house: House, store: WorkMemory
) -> None:
    finder = Finder(store)
    for key in (f"seals/{FIRST}.json", next(iter(house.records.keys("clearance/")))):
        (found,) = finder.find(Query(id=record_id(key), confidential=True)).rows
        assert (found["key"], found["row"]) == (key, None)
    trades = [one for one in finder.find(Query(id="A-7")).rows if one["kind"] == "trade"]
    assert trades[0]["account"] == "C-AVERAGE"
    frame = house.records.read(_part(trades[0]["key"]))
    assert frame.row(trades[0]["row"], named=True)["trade_id"] == "A-7"
    kinds = {one["kind"] for one in pages(finder, account="C-1")}
    assert {"trade", "entry", "account", "movement"} <= kinds


def _part(key: str) -> Any:  # noqa: ANN401
    from backoffice.kernel.parts import Part  # noqa: PLC0415

    return Part(key=key, sha256="", rows=0)


def test_indexing_again_changes_nothing_and_anew_gives_the_same(house: House) -> None:
    work = WorkMemory("work")
    first = index_records(house.records, work)
    before = dict(work.objects)
    assert index_records(house.records, work) == first
    assert work.objects == before
    assert index_records(house.records, work, anew=True) == first
    later = run(house.copy(), *())
    assert index_records(later.records, WorkMemory("work")) == first


def test_a_run_of_powers_keeps_a_search_to_few_runs(house: House) -> None:
    work, index = WorkMemory("work"), read_index(WorkMemory("work"))
    found = rows_of_day(house.records, THIRD, 0)
    for number in range(70):
        day = FIRST + timedelta(days=number)
        index = add_run(work, index, found, day)
    assert [run.level for run in index.runs] == [2, *([0] * 6)]
    assert sum(run.rows for run in index.runs) == 70 * found.rows.height
    assert sum(run.days for run in index.runs) == 70


def test_neither_a_page_nor_its_cursor_tells_of_what_is_confidential(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "ROWS_A_BLOCK", 5)
    monkeypatch.setattr(find, "MOST_BLOCKS", 2)
    found = rows_of_day(house.records, FIRST, 0)
    # whole blocks of it, and the ends of others
    marked = found.rows.sort(runs.PLACE).with_row_index("at")
    marked = marked.with_columns(confidential=(pl.col("at") % 23 < 12) | (pl.col("at") % 5 == 4))
    work = WorkMemory("work")
    index = add_run(work, Index(), DayRows(marked.drop("at"), found.objects), FIRST)
    work.put(runs.CURRENT, index.model_dump_json().encode())
    known = marked.filter(~pl.col("confidential")).select(runs.PLACE).rows()
    for asked in ({}, {"kind": "entry"}, {"account": "C-1", "limit": 3}):
        cursor, seen = None, []
        while True:
            page = Finder(work).find(Query(**asked, cursor=cursor))
            seen += [one["id"] for one in page.rows]
            if (cursor := page.next) is None:
                break
            assert read_cursor(cursor) in known
        own = marked.filter(~pl.col("confidential"))
        for name in asked.keys() - {"limit"}:
            own = own.filter(pl.col(name) == asked[name])
        assert seen == own["id"].to_list()


def test_a_cursor_that_no_page_gave_is_refused(store: WorkMemory) -> None:
    for cursor in ("nonsense", "W10=", "e30="):
        with pytest.raises(BadCursorError):
            Finder(store).find(Query(cursor=cursor))


def test_nothing_is_found_before_anything_is_indexed() -> None:
    assert Finder(WorkMemory("work")).find(Query(id="A-1")).rows == ()
