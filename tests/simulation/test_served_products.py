"""What is served of instruments is what the books' own views say, as of the latest close."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from backoffice.accounting.risk.inputs import market_of
from backoffice.kernel.books import Books, latest
from backoffice.records.product_shapes import DUE_SCHEMA, PRODUCT_SCHEMA, PRODUCTS
from backoffice.records.serving import served_items
from backoffice.stores.parquet import from_parquet, to_parquet
from tests.simulation.house import House
from tests.simulation.small_days import DAYS, SECOND, drop_all, run, run_into_silence


def _served(house: House) -> list[dict[str, Any]]:
    books = latest(house.records)
    assert books is not None
    items = served_items(house.records, books, to_parquet)["balances"]
    return [dict(item) for item in items if item["pk"] == PRODUCTS]


def _frames(house: House) -> tuple[pl.DataFrame, pl.DataFrame]:
    items = _served(house)
    known, due = (pl.concat([from_parquet(i[name]) for i in items]) for name in ("packed", "due"))
    assert (known.schema, due.schema) == (PRODUCT_SCHEMA, DUE_SCHEMA)
    return known.sort("isin"), due.sort("isin", "settlement_date")


def _sum(rows: list[dict[str, str]], name: str) -> int:
    return sum(int(Decimal(row[name]).scaleb(8)) for row in rows)


def test_what_the_firm_and_clients_have_are_sums_of_their_positions() -> None:
    house = run_into_silence()
    known, _ = _frames(house)
    kinds = {"H-1": "own"}
    held = house.table("positions")
    for row in known.to_dicts():
        of_it = [each for each in held if each["isin"] == row["isin"]]
        own = [each for each in of_it if each["account_id"] in kinds]
        long = [
            each
            for each in of_it
            if each["account_id"] not in kinds and not each["settled_quantity"].startswith("-")
        ]
        assert row["own_traded_e8"] == _sum(own, "traded_quantity")
        assert row["own_settled_e8"] == _sum(own, "settled_quantity")
        assert row["clients_settled_e8"] == _sum(long, "settled_quantity")
    assert set(known["isin"]) >= {each["isin"] for each in held}
    assert known["own_traded_e8"].sum() > 0


def test_what_is_due_is_what_obligations_that_live_still_ask_for() -> None:
    house = run_into_silence()
    _, due = _frames(house)
    live = [
        row for row in house.table("obligations") if row["status"] not in {"SETTLED", "CANCELLED"}
    ]
    told = sum(due["receive_e8"]) + sum(due["deliver_e8"])
    assert told == _sum(live, "quantity") - _sum(live, "settled_quantity") > 0


def test_a_cut_off_serves_the_instruments_of_the_close_before_it() -> None:
    house = run(House(), *DAYS[:1])
    before = _served(house)
    assert before
    drop_all(house, SECOND)
    house.cut_off(SECOND)
    assert _served(house) == before


def test_before_any_close_there_are_none() -> None:
    empty = Books(day=date(2026, 10, 7), phase="cut-off", previous=None, rulebook="1")
    assert served_items(House().records, empty, to_parquet)["balances"] == []


def test_holdings_are_valued_at_what_the_risk_report_takes() -> None:
    house = run_into_silence()
    books = latest(house.records)
    assert books is not None
    known, _ = _frames(house)
    valued = known.filter(pl.col("value_close_e8").is_not_null())
    closes = market_of(house.records, books).closes
    assert dict(valued.select("isin", "value_close_e8").iter_rows()) == dict(
        closes.select("isin", "close_e8").iter_rows()
    )
