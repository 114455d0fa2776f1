"""The restricted and the watch list: what an entry is about."""

from datetime import date
from typing import Any, Final

import polars as pl
import pytest

from backoffice.risk.restrictions import watched, with_restricted
from tests.unit.clearance.builders import E8, ISIN, LEI, TUESDAY, Row, table

OTHER: Final = "US0000000000"
SISTER: Final = "IS0000000024"
NEXT: Final = date(2026, 4, 8)
INSTRUMENTS: Final = table(
    "instruments",
    {"issuer_lei": LEI},
    {"isin": SISTER, "issuer_lei": LEI},
    {"isin": OTHER},
)
_TRADE: Final[Row] = {"isin": ISIN, "trade_date": TUESDAY, "account_kind": "CLIENT", "side": "BUY"}
_SCHEMA: Final[dict[str, Any]] = {
    "isin": pl.String,
    "trade_date": pl.Date,
    "account_kind": pl.String,
    "side": pl.String,
    "account_id": pl.String,
    "quantity_e8": pl.Int128,
}


def traded(*rows: Row) -> pl.DataFrame:
    filled = [{**_TRADE, "account_id": "A1", "quantity_e8": E8, **row} for row in rows]
    return pl.DataFrame(filled, schema=_SCHEMA)


def is_restricted(trade: Row, *entries: Row) -> bool:
    rows = with_restricted(traded(trade), table("restrictions", *entries), INSTRUMENTS)
    found: bool = rows["restricted"].item()
    return found


@pytest.mark.parametrize(
    ("trade", "entry", "restricted"),
    [
        ({}, {}, True),
        ({"isin": OTHER}, {}, False),
        ({"isin": "XS0000000009"}, {"subject": "XS0000000009"}, True),
        ({}, {"subject": LEI}, True),
        ({"isin": SISTER}, {"subject": LEI}, True),
        ({"isin": OTHER}, {"subject": LEI}, False),
        ({}, {"list": "WATCH"}, False),
        ({}, {"accounts": "CLIENT"}, True),
        ({}, {"accounts": "HOUSE"}, False),
        ({"account_kind": "HOUSE"}, {"accounts": "HOUSE"}, True),
        ({"account_kind": None}, {"accounts": "CLIENT"}, False),
        ({"account_kind": None}, {}, True),
        ({}, {"side": "BUY"}, True),
        ({}, {"side": "SELL"}, False),
        ({"side": "SELL"}, {"side": "SELL"}, True),
        ({"side": "SHORT"}, {"side": "SELL"}, True),
        ({"side": "SHORT"}, {"side": "BUY"}, False),
        ({}, {"valid_from": TUESDAY, "valid_to": TUESDAY}, True),
        ({}, {"valid_from": NEXT}, False),
        ({"trade_date": NEXT}, {"valid_from": NEXT}, True),
        ({"trade_date": NEXT}, {"valid_to": TUESDAY}, False),
    ],
)
def test_an_entry_is_about_its_issues_accounts_side_and_time(
    trade: Row, entry: Row, *, restricted: bool
) -> None:
    assert is_restricted(trade, entry) is restricted


def test_trades_stay_in_their_order_each_once_whatever_overlaps() -> None:
    rows = traded(*({"isin": (OTHER, ISIN, SISTER)[n % 3], "quantity_e8": n} for n in range(9)))
    entries = table("restrictions", {}, {"side": "BUY"}, {"subject": LEI}, {"accounts": "CLIENT"})
    marked = with_restricted(rows, entries, INSTRUMENTS)
    assert marked.drop("restricted").equals(rows)
    assert marked["restricted"].to_list() == [False, True, True] * 3


def test_without_entries_nothing_is_restricted_or_watched() -> None:
    none = table("restrictions")
    assert with_restricted(traded({}, {}), none, INSTRUMENTS)["restricted"].to_list() == [False] * 2
    assert watched(traded({}, {}), none, INSTRUMENTS).is_empty()


def test_trades_in_watched_issues_are_added_up_under_each_subject_once() -> None:
    entries = table(
        "restrictions",
        {"list": "WATCH"},
        {"list": "WATCH", "side": "BUY"},
        {"list": "WATCH", "subject": LEI, "side": "SELL"},
        {"subject": OTHER},
    )
    rows = traded(
        {},
        {"quantity_e8": 2 * E8},
        {"account_id": "A2"},
        {"side": "SHORT"},
        {"isin": SISTER, "side": "SELL"},
        {"isin": SISTER},
        {"isin": OTHER},
    )
    assert watched(rows, entries, INSTRUMENTS).rows() == [
        (TUESDAY, LEI, SISTER, "A1", "SELL", E8, 1),
        (TUESDAY, LEI, ISIN, "A1", "SHORT", E8, 1),
        (TUESDAY, ISIN, ISIN, "A1", "BUY", 3 * E8, 2),
        (TUESDAY, ISIN, ISIN, "A1", "SHORT", E8, 1),
        (TUESDAY, ISIN, ISIN, "A2", "BUY", E8, 1),
    ]
