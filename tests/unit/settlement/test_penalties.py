"""Cash penalties: RULES' figures, who pays, and what cannot be told."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from backoffice.kernel.rulebook import default_rulebook
from backoffice.settlement.penalties import (
    Closes,
    assess_penalties,
    cash_penalty,
    lacks_cash,
    penalty_class,
    securities_penalty,
)

E8 = 10**8
DAY = date(2026, 9, 17)
ISIN = "DE0000000030"
_FAIL: dict[str, Any] = {
    "fail_id": "FAIL-OB1",
    "obligation_id": "OB1",
    "counterparty": "54930084UKLVMY22DS16",
    "isin": ISIN,
    "currency": "EUR",
    "direction": "DELIVER",
    "venue": "XETR",
    "reason": None,
    "open_quantity_e8": 10_000 * E8,
    "open_money_minor": 100_000_000,
    "asset_class": "EQUITY",
    "liquid": "Y",
    "cfi": None,
}


def assessed(day: date = DAY, close: int | None = 100 * E8, **said: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    rows = [] if close is None else [(ISIN, date(2026, 9, 1), close, "EUR")]
    types = {"isin": pl.String, "date": pl.Date, "close_e8": pl.Int128, "currency": pl.String}
    prices = pl.DataFrame(rows, schema=types, orient="row")
    schema = {"open_quantity_e8": pl.Int128, "open_money_minor": pl.Int128}
    fails = pl.DataFrame([{**_FAIL, **said}], schema_overrides=schema)
    closes = Closes.of(prices, fails["isin"])
    found = assess_penalties(fails, {"FAIL-OB1": [day]}, closes, default_rulebook())
    return found.select("penalty_minor", "note").to_dicts()


@pytest.mark.parametrize(
    ("said", "minor"),
    [
        ({}, -100_00),
        ({"direction": "RECEIVE"}, 100_00),
        ({"liquid": "N"}, -50_00),
        ({"liquid": None}, -50_00),
        ({"asset_class": "ETF"}, -50_00),
        ({"asset_class": "BOND", "cfi": "DBFTFB", "open_quantity_e8": 1_000_000 * E8}, -10_00),
        ({"asset_class": "BOND", "cfi": "DBFUFB", "open_quantity_e8": 1_000_000 * E8}, -20_00),
    ],
)
def test_a_days_penalty_on_a_million_euros(said: dict[str, Any], minor: int) -> None:
    assert [row["penalty_minor"] for row in assessed(**said)] == [minor]


def test_lack_of_cash_costs_the_overnight_rate_and_falls_on_the_payer() -> None:
    said: dict[str, Any] = {"direction": "RECEIVE", "open_money_minor": -360_000_00}
    said["reason"] = "MONY"
    assert assessed(**said) == [{"penalty_minor": -24_00, "note": "2026-09-17 lack of cash"}]
    said = {"direction": "CASH", "open_money_minor": 360_000_00}
    assert [row["penalty_minor"] for row in assessed(**said)] == [24_00]


def test_a_venue_outside_the_regime_and_a_day_before_it_cost_nothing() -> None:
    assert assessed(venue="XNYS") == assessed(venue="XLON") == []
    assert assessed(day=date(2022, 1, 31)) == []


def test_without_a_close_or_a_rate_it_says_so() -> None:
    assert assessed(close=None) == [{"penalty_minor": None, "note": "2026-09-17: no close in EUR"}]
    assert assessed(reason="CMON", currency="ISK") == [
        {"penalty_minor": None, "note": "2026-09-17: no overnight rate of ISK"}
    ]


def test_a_penalty_is_rounded_once_half_up() -> None:
    # 1 share at 50.00: half a basis point is 0.0025; at 100 exactly half a cent
    assert securities_penalty(E8, 50 * E8, "EUR", 5_000) == 0
    assert securities_penalty(E8, 100 * E8, "EUR", 5_000) == 1
    assert securities_penalty(E8, 9_999 * E8, "ISK", 5_000) == 0
    assert securities_penalty(10**26 - 1, 10**13, "KWD", 10_000) == 10**22
    assert cash_penalty(-75_00, 24_000, 360) == 1
    assert cash_penalty(74_99, 24_000, 360) == 0


def test_what_lacks_cash_is_told_by_its_code_alone() -> None:
    assert lacks_cash("RECEIVE", "MONY no funds")
    assert not lacks_cash("RECEIVE", "LACK MONYS")
    assert not lacks_cash("DELIVER", None)
    assert penalty_class(None, None, None) == "other"
