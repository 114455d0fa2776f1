"""The latest row of every key."""

from datetime import date

import polars as pl
import pytest

from backoffice.reference.merge import merge
from backoffice.reference.tables import KEYS, SCHEMAS, empty_table
from tests.unit.clearance.builders import Row, table


def merged(kind: str, *rows: Row) -> pl.DataFrame:
    return merge(kind, empty_table(kind), table(kind, *rows))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (
            {"business_date": date(2026, 1, 2), "file": "z", "row": 9, "partner": "z"},
            {"business_date": date(2026, 1, 3), "file": "a", "row": 1, "partner": "a"},
        ),
        ({"file": "a", "row": 9, "partner": "z"}, {"file": "b", "row": 1, "partner": "a"}),
        ({"row": 9, "partner": "z"}, {"row": 10, "partner": "a"}),
        ({"partner": "a"}, {"partner": "b"}),
        ({"name": "A"}, {"name": "B"}),  # one name dropped twice on one day
    ],
)
def test_the_later_row_applies_by_date_file_row_and_partner(earlier: Row, later: Row) -> None:
    for rows in ([earlier, later], [later, earlier]):
        kept = merged("accounts", *rows)
        assert kept.equals(table("accounts", later))


def test_rows_of_other_keys_stay_and_the_table_is_sorted() -> None:
    kept = merged("accounts", {"account_id": "B"}, {"account_id": "A"}, {"account_id": "B"})
    assert kept["account_id"].to_list() == ["A", "B"]


def test_prices_and_rates_keep_every_date() -> None:
    days: list[Row] = [{"date": date(2026, 1, day)} for day in (2, 3, 2)]
    assert merged("prices", *days)["date"].to_list() == [date(2026, 1, 2), date(2026, 1, 3)]
    assert merged("fx", *days)["date"].to_list() == [date(2026, 1, 2), date(2026, 1, 3)]


def test_a_fee_is_replaced_by_its_whole_key_only() -> None:
    kept = merged(
        "fees",
        {"row": 1, "rate_e8": 1},
        {"row": 2, "rate_e8": 2},
        {"row": 3, "side": "BUY"},
        {"row": 4, "venue": "XNYS"},
        {"row": 5, "currency": "EUR"},
        {"row": 6, "valid_from": date(2026, 1, 1)},
        {"row": 7, "fee_code": "OTHER"},
    )
    assert sorted(kept["row"].to_list()) == [2, 3, 4, 5, 6, 7]


def test_a_restriction_is_replaced_by_its_whole_key_only() -> None:
    kept = merged(
        "restrictions",
        {"row": 1},
        {"row": 2, "valid_to": date(2026, 1, 1), "reason": "over"},
        {"row": 3, "list": "WATCH"},
        {"row": 4, "accounts": "HOUSE"},
        {"row": 5, "side": "BUY"},
        {"row": 6, "valid_from": date(2026, 1, 1)},
        {"row": 7, "subject": "54930084UKLVMY22DS16"},
    )
    assert sorted(kept["row"].to_list()) == [2, 3, 4, 5, 6, 7]


def test_today_may_have_its_columns_in_another_order() -> None:
    rows = table("counterparties", {})
    kept = merge("counterparties", rows, rows.select(sorted(rows.columns)))
    assert kept.equals(rows)


@pytest.mark.parametrize("kind", KEYS)
def test_an_empty_table_has_its_columns_and_its_key(kind: str) -> None:
    assert dict(empty_table(kind).schema) == dict(SCHEMAS[kind])
    assert set(KEYS[kind]) <= set(SCHEMAS[kind])
    assert merge(kind, empty_table(kind), empty_table(kind)).is_empty()


def test_what_is_no_reference_table_is_refused() -> None:
    with pytest.raises(KeyError):
        merge("trades", pl.DataFrame(), pl.DataFrame())
