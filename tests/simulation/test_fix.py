"""Trades in FIX on a day over the real steps: the same books as of CSV, however they are cut."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date

import pytest

from backoffice.records.export import Asked, export
from tests.reference.fix_writing import SOH, fields_of, file_bytes, message
from tests.reference.samples import trade
from tests.reference.writing import table_bytes
from tests.simulation.firm import Firm, functions
from tests.simulation.history import evening
from tests.simulation.house import House
from tests.simulation.prepared import prepared
from tests.simulation.small_days import FILES, FIRST, SECOND

ROWS = {
    FIRST: [
        trade("F-1", "BUY", "10", "101.25", commission="1.95", order_id="O-1"),
        trade("F-2", "SELL", "4", "102", trade_time="2026-10-07T14:00:00.5Z"),
        trade("F-3", "SHORT", "2", "100"),
        trade("F-4", "BUY", "0", "100"),
        trade("F-5", "HOLD", "1", "100"),
        trade("F-6", "BUY", "3", "100", isin="US0378331004"),
        trade("F-1", "BUY", "10", "101.25", commission="1.95", order_id="O-1"),
        trade("F-7", "BUY", "6", "103"),
        trade("F-7", "BUY", "6", "103", action="CANCEL"),
        trade("F-8", "BUY", "1", "99"),
        trade("F-8", "BUY", "2", "99"),
    ],
    SECOND: [
        trade("F-1", "BUY", "10", "101.5", commission="1.95", action="AMEND", version="12"),
        trade("F-1", "BUY", "10", "101", commission="1.95", action="AMEND", version="7"),
        trade("F-2", "SELL", "4", "102", trade_time="2026-10-07T14:00:00.5Z", action="CANCEL"),
        trade("F-9", "BUY", "1", "104", action="AMEND", version="1"),
        trade("F-3", "SHORT", "2", "100"),
    ],
}
_NAMED = ("file", "message")
_EXPORTS = ("trades", "obligations", "positions", "lots", "journal", "trial-balance", "cases")


def _run(files: Mapping[date, Mapping[str, bytes]], **cut: int) -> House:
    house = House(**cut)
    for day, some in files.items():
        for name, body in {**FILES[day], **some}.items():
            house.drop("local", day, name, body)
        house.business_day(day)
    return house


def _as_fix(separator: str = SOH) -> House:
    return _run({day: {"trades-9.fix": file_bytes(rows, separator)} for day, rows in ROWS.items()})


@pytest.fixture(scope="module")
def as_csv() -> House:
    return _run({day: {"trades-9.csv": table_bytes(rows)} for day, rows in ROWS.items()})


@pytest.mark.parametrize("separator", [SOH, "|"])
def test_equal_trades_in_csv_and_fix_come_to_equal_books(as_csv: House, separator: str) -> None:
    house = _as_fix(separator)
    for what in _EXPORTS:
        assert house.export(what) == as_csv.export(what), what
    ours, theirs = (
        [{k: v for k, v in row.items() if k not in _NAMED} for row in each.table("rejects")]
        for each in (house, as_csv)
    )
    assert ours == theirs
    for day in ROWS:
        mine, other = (
            next(file for file in each.report(day)["files"] if file["name"].startswith("trades-9"))
            for each in (house, as_csv)
        )
        assert {**mine, "name": ""} == {**other, "name": ""}
        assert mine["duplicates"] == 1


def test_a_reject_names_the_tag_that_is_meant() -> None:
    told = {row["trade_id"]: row["message"] for row in _as_fix().table("rejects")}
    assert told["F-4"].endswith(" (LastQty 32).")
    assert told["F-5"].endswith(" (Side 54).")


@pytest.mark.parametrize(("range_bytes", "rows_per_bucket"), [(1, 1000), (700, 2), (10**6, 3)])
def test_a_file_of_fix_cut_anywhere_gives_the_same_books(
    range_bytes: int, rows_per_bucket: int
) -> None:
    beat, order = message([("35", "0")]), message([*fields_of(ROWS[FIRST][0]), ("58", "x")])
    body = beat + b"\n" + file_bytes(ROWS[FIRST]) + b"\n" + order[:-9] + b"\n" + beat
    files = {FIRST: {"trades-9.fix": body}}
    plain = _run(files)
    house = _run(files, range_bytes=range_bytes, rows_per_bucket=rows_per_bucket)
    assert house.digest() == plain.digest()
    assert house.report(FIRST)["files"] == plain.report(FIRST)["files"]


def test_what_is_no_trade_and_what_is_unknown_are_reported_with_the_file() -> None:
    rows = ROWS[FIRST][:2]
    beat, odd = message([("35", "0")]), message([("35", "8"), ("150", "4")])
    body = file_bytes(rows[:1], more=[("9001", "a")]) + beat + b"\n" + odd + b"\n" + beat + b"\n"
    body += file_bytes(rows[1:], more=[("58", "b")])
    control = json.dumps({"rows": 2, "sum_quantity": "14"}).encode()
    house = _run({FIRST: {"trades-9.fix": body, "trades-9.fix.control.json": control}})
    [file] = [each for each in house.report(FIRST)["files"] if each["name"] == "trades-9.fix"]
    assert (file["status"], file["rows"], file["captured"]) == ("COMMITTED", 2, 2)
    assert file["unknown_columns"] == ["58", "9001"]
    assert file["set_aside"] == [
        {"message": "150=4", "count": 1},
        {"message": "35=0", "count": 2},
    ]


def test_a_file_of_nothing_but_heartbeats_is_taken_and_has_no_rows() -> None:
    house = _run({FIRST: {"trades-9.fix": message([("35", "0")])}})
    [file] = [each for each in house.report(FIRST)["files"] if each["name"] == "trades-9.fix"]
    assert (file["status"], file["rows"]) == ("COMMITTED", 0)
    assert file["set_aside"] == [{"message": "35=0", "count": 1}]


def test_a_file_of_fix_goes_through_the_deployed_functions() -> None:
    day = prepared().days[0]
    firm = Firm(day.arrived.copy())
    rows = [trade("MT-1", "BUY", "2", "100.5"), trade("MT-2", "BUY", "2", "1e3")]
    with firm.at_work(evening(day.day)), functions().cut(200, 1_000):
        event = firm.drop("broker", day.day, "trades-1.fix", file_bytes(rows))
        assert firm.start("capture_file", event).status == "SUCCEEDED"
        for machine in ("cut_off", "close_business_day"):
            assert firm.start(machine, {"day": str(day.day)}).status == "SUCCEEDED"
        text = export(firm.records, Asked(what="trades")).decode()
    shown = list(csv.DictReader(io.StringIO(text)))
    assert [row["status"] for row in shown if row["partner"] == "broker"] == ["CLEARED"]
