"""The sweep: what apps sent becomes entries once, whatever the order and however often."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from backoffice.intake.app_trades import rows_of_text
from backoffice.intake.documents import FileEntry
from backoffice.intake.freeze import freeze_cut_off
from backoffice.intake.staging import read_bucket
from backoffice.intake.sweep import sweep_trades
from backoffice.intake.trade_frames import REJECT_SCHEMA, TRADE_SCHEMA
from tests.simulation.memory import RecordMemory, WorkMemory
from tests.unit.front_office.api_events import GOOD

DAY, NEXT = date(2026, 4, 7), date(2026, 4, 8)


def _item(trade_id: str, partner: str = "app1", **fields: str) -> dict[str, Any]:
    trade = {**GOOD, "trade_id": trade_id, **fields}
    return {
        "pk": f"TRADE#{partner}#2026-04-07",
        "sk": f"{trade_id}#{trade.get('action', 'NEW')}#{trade.get('version', '')}",
        "partner": partner,
        "trade": trade,
        "received_at": "2026-04-07T15:30:00+00:00",
        "expires_at": 1,
    }


def _entry(records: RecordMemory, key: str) -> FileEntry:
    return FileEntry.model_validate_json(records.read_bytes(key))


def _rows(records: RecordMemory, work: WorkMemory, key: str) -> pl.DataFrame:
    frames = [
        rows for rows in read_bucket(work, _entry(records, key).cuts, 0, 1) if rows is not None
    ]
    return pl.concat(frames)


def test_swept_trades_stand_as_a_file_of_their_app() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    (key,) = sweep_trades(records, work, [_item("T1"), _item("T2", desk="nordic")], DAY)
    entry = _entry(records, key)
    assert key == f"intake/{DAY}/files/app1/{entry.sha256}/api-{DAY}.json"
    assert (entry.drop.kind, entry.drop.name) == ("trades", f"api-{DAY}")
    assert (entry.rows, entry.captured, entry.rejected) == (2, 2, 0)
    assert (entry.sum_quantity, entry.unknown_columns) == ("200", ("desk",))
    rows = _rows(records, work, key)
    assert dict(rows.schema) == dict(TRADE_SCHEMA)
    assert rows["partner"].unique().to_list() == ["app1"]
    assert rows["business_date"].unique().to_list() == [DAY]
    assert rows["file"].unique().to_list() == [f"api-{DAY}"]
    assert rows["unknown"].to_list() == [None, '{"desk":"nordic"}']


def test_rows_are_numbered_by_trade_action_and_version() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    items = [
        _item("T1", action="AMEND", version="10"),
        _item("T2"),
        _item("T1", action="AMEND", version="9"),
        _item("T1"),
        _item("T1", action="AMEND"),
    ]
    (key,) = sweep_trades(records, work, items, DAY)
    rows = _rows(records, work, key)
    assert rows.select("row", "trade_id", "action", "version").rows() == [
        (1, "T1", "AMEND", None),
        (2, "T1", "AMEND", 9),
        (3, "T1", "AMEND", 10),
        (4, "T1", "NEW", None),
        (5, "T2", "NEW", None),
    ]
    (identities,) = _entry(records, key).identities
    assert work.read(identities).columns == ["row", "trade_id", "trade_date", "action"]


def test_the_order_of_the_table_changes_nothing() -> None:
    items = [_item(f"T{n}", partner=f"app{n % 3}") for n in range(20)]
    stores = []
    for order in (items, items[::-1], items[7:] + items[:7]):
        records, work = RecordMemory("records"), WorkMemory("work")
        sweep_trades(records, work, order, DAY)
        stores.append((records.objects, work.objects))
    assert stores[0] == stores[1] == stores[2]


def test_each_app_gets_an_entry_of_its_own() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    keys = sweep_trades(records, work, [_item("T1", "app2"), _item("T1", "app1")], DAY)
    assert [_entry(records, key).drop.partner for key in keys] == ["app1", "app2"]


def test_nothing_to_sweep_writes_nothing() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    assert sweep_trades(records, work, [], DAY) == []
    assert sweep_trades(records, work, [{"pk": "OTHER", "sk": "1"}], DAY) == []
    assert not records.objects
    assert not work.objects


def test_a_second_sweep_changes_nothing() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    items = [_item("T1"), _item("T2", price="x")]
    assert len(sweep_trades(records, work, items, DAY)) == 1
    before = dict(records.objects), dict(work.objects)
    assert sweep_trades(records, work, items, DAY) == []
    assert sweep_trades(records, work, items, NEXT) == []
    assert (records.objects, work.objects) == before


def test_a_sweep_that_died_before_its_commit_is_done_again_alike() -> None:
    whole, work = RecordMemory("records"), WorkMemory("work")
    (key,) = sweep_trades(whole, work, [_item("T1")], DAY)
    torn = RecordMemory("records")
    torn.objects = {name: body for name, body in whole.objects.items() if name != key}
    assert sweep_trades(torn, work, [_item("T1")], DAY) == [key]
    assert torn.objects == whole.objects


def test_a_later_sweep_takes_what_came_since_even_when_the_work_has_expired() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    sweep_trades(records, work, [_item("T1")], DAY)
    work.objects.clear()
    (key,) = sweep_trades(records, work, [_item("T1"), _item("T2")], NEXT)
    assert _rows(records, work, key)["trade_id"].to_list() == ["T2"]


def test_two_sweeps_of_one_day_number_their_rows_on() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    (first,) = sweep_trades(records, work, [_item("T2"), _item("T3")], DAY)
    (second,) = sweep_trades(records, work, [_item("T1"), _item("T2"), _item("T3")], DAY)
    assert _rows(records, work, first)["row"].to_list() == [1, 2]
    assert _rows(records, work, second)["row"].to_list() == [3]


class _Behind(RecordMemory):
    """A record store whose lists are from before the other sweep began."""

    def keys(self, prefix: str) -> list[str]:
        del prefix
        return []


def _at_once(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[str]:
    """Sweep twice, neither seeing the other; return the trades of all entries, by row."""
    records, work = _Behind("records"), WorkMemory("work")
    keys = {*sweep_trades(records, work, first, DAY), *sweep_trades(records, work, second, DAY)}
    rows = pl.concat([_rows(records, work, key) for key in keys]).sort("row")
    assert rows["row"].to_list() == list(range(1, rows.height + 1))
    return rows["trade_id"].to_list()


def test_of_two_sweeps_at_once_each_trade_is_in_one() -> None:
    fewer, more = [_item("T2")], [_item("T1"), _item("T2")]
    assert _at_once(fewer, fewer) == ["T2"]
    assert _at_once(fewer, more) == ["T2", "T1"]
    assert _at_once(more, fewer) == ["T1", "T2"]


def test_what_a_sweep_took_that_died_is_committed_with_the_next_day() -> None:
    whole, work = RecordMemory("records"), WorkMemory("work")
    (key,) = sweep_trades(whole, work, [_item("T1")], DAY)
    torn = RecordMemory("records")
    torn.objects = {name: body for name, body in whole.objects.items() if name != key}
    assert sweep_trades(torn, work, [], NEXT) == [key]
    assert torn.objects == whole.objects


def test_once_the_day_is_frozen_its_sweep_waits_for_the_next() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    (first,) = sweep_trades(records, work, [_item("T1")], DAY)
    freeze_cut_off(records, DAY)
    items = [_item("T1"), _item("T2")]
    assert sweep_trades(records, work, items, DAY) == []
    (second,) = sweep_trades(records, work, items, NEXT)
    assert f"/{NEXT}/" in second
    assert first != second


def test_what_no_longer_passes_is_rejected_with_its_row() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    (key,) = sweep_trades(records, work, [_item("T1"), _item("T2", venue="XXXX")], DAY)
    entry = _entry(records, key)
    assert (entry.captured, entry.rejected) == (1, 1)
    rejects = work.read_all(entry.rejects)
    assert rejects is not None
    assert set(rejects.columns) == set(REJECT_SCHEMA)
    assert rejects.select("row", "trade_id", "field", "code").rows() == [
        (2, "T2", "venue", "BAD_VENUE")
    ]


def test_a_sweep_of_rejects_alone_is_committed_without_parts() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    (key,) = sweep_trades(records, work, [_item("T1", venue="XXXX")], DAY)
    entry = _entry(records, key)
    assert (entry.cuts, entry.identities, len(entry.rejects)) == ((), (), 1)


def test_a_dropped_file_named_like_a_sweep_hides_nothing() -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    (key,) = sweep_trades(records, work, [_item("T1")], DAY)
    swept = _entry(records, key)
    drop = swept.drop.model_copy(update={"key": f"drops/app1/{DAY}/api-{DAY}", "kind": None})
    dropped = swept.model_copy(update={"drop": drop, "refusal": "no kind", "original": "gone"})
    records.objects[key] = dropped.model_dump_json().encode()
    assert sweep_trades(records, work, [_item("T1")], NEXT) != []


def test_every_field_of_a_trade_is_a_column_of_text_and_unknown_ones_are_labelled() -> None:
    rows = rows_of_text([{"trade_id": "T1", "row": "9"}, {"side": "BUY"}], first_row=5)
    assert rows.to_dict(as_series=False) == {
        "row": [5, 6],
        "trade_id": ["T1", None],
        "side": [None, "BUY"],
        "x:row": ["9", None],
    }


def test_trades_that_name_very_many_fields_are_read_in_narrow_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    items = [
        _item(f"T{n}", quantity="-1" if n == 3 else "1", **{f"f{n}-{m}": "x" for m in range(40)})
        for n in range(1, 9)
    ]
    plain = RecordMemory("records"), WorkMemory("work")
    (whole,) = sweep_trades(*plain, items, DAY)
    monkeypatch.setattr("backoffice.intake.app_trades._MOST_COLUMNS", 100)
    cut = RecordMemory("records"), WorkMemory("work")
    (narrow,) = sweep_trades(*cut, items, DAY)
    assert whole == narrow
    one, many = _entry(plain[0], whole), _entry(cut[0], narrow)
    assert len(many.cuts) > len(one.cuts)
    assert (many.rows, many.captured, many.rejected) == (8, 7, 1)
    assert many.unknown_columns == one.unknown_columns
    assert _rows(*cut, narrow).drop("unknown").equals(_rows(*plain, whole).drop("unknown"))
    assert cut[1].read_all(many.rejects).select("row", "field").rows() == [(3, "quantity")]  # type: ignore[union-attr]
