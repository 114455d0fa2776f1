"""What DynamoDB serves is the books' current state, made from the records alone."""

import json
from datetime import date

import polars as pl
import pytest

from backoffice.kernel.books import Books, latest, state_key
from backoffice.records.export import NothingYetError
from backoffice.records.serving import served_items
from backoffice.stores.parquet import from_parquet, to_parquet
from tests.simulation.house import VIEWS, House
from tests.simulation.small_days import DAYS, FIRST, SECOND, drop_all, run, run_into_silence

_LIVE = ("OPEN", "INSTRUCTED", "PARTIAL", "FAILED")


@pytest.fixture(scope="module")
def house() -> House:
    return run_into_silence()


def _books(house: House) -> Books:
    books = latest(house.records)
    assert books is not None
    return books


def test_obligations_that_live_are_served_by_counterparty_and_date(house: House) -> None:
    items = served_items(house.records, _books(house), to_parquet)["obligations"]
    served = pl.concat([from_parquet(item["packed"]) for item in items])
    live = [row for row in house.table("obligations") if row["status"] in _LIVE]
    assert sorted(served["obligation_id"]) == [row["obligation_id"] for row in live]
    assert len(live) > len(items) > 1
    for item in items:
        rows = from_parquet(item["packed"])
        assert item["rows"] == rows.height
        assert {f"OBLIGATIONS#{name}" for name in rows["counterparty"]} == {item["pk"]}
        assert {f"{day}#0000" for day in rows["settlement_date"]} == {item["sk"]}


def test_a_great_many_obligations_of_one_counterparty_and_date_are_several_items(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.records.serving._ROWS_PER_ITEM", 1)
    items = served_items(house.records, _books(house), to_parquet)["obligations"]
    assert {item["rows"] for item in items} == {1}
    assert len({(item["pk"], item["sk"]) for item in items}) == len(items)
    assert {item["sk"].rpartition("#")[2] for item in items} > {"0000"}


def test_open_cases_are_served_as_they_are_exported(house: House) -> None:
    items = served_items(house.records, _books(house), to_parquet)["cases"]
    shown = [row for row in house.table("cases") if row["status"] == "OPEN"]
    served = [
        {"case_id": item["sk"]} | {name: str(item[name]) for name in row if name != "case_id"}
        for item, row in zip(items, shown, strict=True)
    ]
    assert served == shown
    assert shown


def test_what_is_read_in_bulk_is_served_by_its_place_in_the_records(house: House) -> None:
    books = _books(house)
    tables = served_items(house.records, books, to_parquet)
    newest, reference, claims = tables["reference"]
    assert (newest["pk"], newest["sk"], newest["day"]) == ("BOOKS", "LATEST", str(SECOND))
    assert newest["state"] == state_key(SECOND, "closed")
    assert newest["counterparties_known"] is True
    assert set(reference["parts"]) >= {"accounts", "instruments", "counterparties", "fees"}
    in_buckets = [item["part"] for item in tables["balances"] if "part" in item]
    assert in_buckets == [part.key for part in books.bucketed["balances"]]
    assert newest["buckets"] == len(in_buckets) > 0
    assert (claims["pk"], claims["sk"]) == ("LOCATE_CLAIMS", str(SECOND))
    for key in [
        claims["part"],
        *reference["parts"].values(),
        *in_buckets,
    ]:
        assert house.records.find_bytes(key)


def test_before_any_obligation_or_case_nothing_of_them_is_served() -> None:
    empty = Books(day=date(2026, 10, 7), phase="closed", previous=None, rulebook="1")
    tables = served_items(House().records, empty, to_parquet)
    assert (tables["obligations"], tables["cases"]) == ([], [])
    assert tables["balances"] == []
    assert tables["reference"][0]["buckets"] == 0


@pytest.mark.parametrize("what", [*VIEWS, "records", "file-rejects", "case-members"])
def test_before_any_day_every_view_is_empty(what: str) -> None:
    house = House()
    assert json.loads(house.export(what, form="json")) == []
    assert len(house.export(what).splitlines()) == 1
    assert house.export("journal", form="beancount")
    with pytest.raises(NothingYetError, match=str(FIRST)):
        house.export(what, FIRST)


def test_the_state_of_a_cut_off_is_served_too() -> None:
    house = run(House(), *DAYS[:1])
    drop_all(house, SECOND)
    house.cut_off(SECOND)
    newest = served_items(house.records, _books(house), to_parquet)["reference"][0]
    assert (newest["day"], newest["phase"]) == (str(SECOND), "cut-off")
