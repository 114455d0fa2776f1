"""What held on a trade's date."""

from datetime import date

import polars as pl

from backoffice.reference.lookup import ReferenceSnapshot, latest_closes, latest_rates
from backoffice.reference.tables import SCHEMAS
from tests.unit.clearance.builders import E8, ISIN, table

JANUARY = [date(2026, 1, day) for day in range(1, 7)]
OTHER = "US0000000000"


def test_the_latest_close_on_or_before_the_date_is_found() -> None:
    prices = table(
        "prices",
        {"date": JANUARY[4], "close_e8": 5 * E8},
        {"date": JANUARY[1], "close_e8": 2 * E8},
        {"date": JANUARY[0], "isin": OTHER, "close_e8": 9 * E8},
    )
    asked = pl.DataFrame({"isin": [ISIN] * 6, "trade_date": JANUARY})
    found = latest_closes(asked.lazy(), prices).collect().sort("trade_date")
    assert found["close_e8"].to_list() == [None, 2 * E8, 2 * E8, 2 * E8, 5 * E8, 5 * E8]


def test_repeats_are_answered_once_and_order_does_not_matter() -> None:
    prices = table("prices", {"date": JANUARY[0]})
    asked = pl.DataFrame(
        {"isin": [OTHER, ISIN, ISIN], "trade_date": [JANUARY[5], *JANUARY[:2][::-1]]}
    )
    found = latest_closes(pl.concat([asked, asked]).lazy(), prices).collect()
    assert set(found.rows()) == {
        (ISIN, JANUARY[0], 50 * E8),
        (ISIN, JANUARY[1], 50 * E8),
        (OTHER, JANUARY[5], None),
    }


def test_only_the_direct_pair_gives_a_rate() -> None:
    fx = table(
        "fx",
        {"date": JANUARY[0], "rate_e18": 1},
        {"date": JANUARY[2], "rate_e18": 3},
        {"date": JANUARY[0], "currency": "ISK", "base": "USD", "rate_e18": 7},
    )
    pairs = [("USD", "ISK"), ("ISK", "USD"), ("EUR", "ISK")]
    asked = pl.DataFrame(
        [(currency, base, JANUARY[1]) for currency, base in pairs],
        schema=["currency", "base", "trade_date"],
        orient="row",
    )
    assert set(latest_rates(asked.lazy(), fx).collect().rows()) == {
        ("USD", "ISK", JANUARY[1], 1),
        ("ISK", "USD", JANUARY[1], 7),
        ("EUR", "ISK", JANUARY[1], None),
    }


def test_a_kind_no_file_came_for_has_no_rows() -> None:
    known = ReferenceSnapshot.of({"prices": table("prices", {})}, counterparties_known=False)
    assert known.prices.height == 1
    for kind in ReferenceSnapshot.kinds():
        assert dict(getattr(known, kind).schema) == dict(SCHEMAS[kind])
