"""Margin: the examples of the rules, shorts, currencies, and what is missing."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import default_rulebook
from backoffice.risk.margin import Assessed, assess
from backoffice.risk.margin_rates import MarginRates
from backoffice.risk.valuation import latest_on
from tests.unit.risk.margin_frames import (
    BOND,
    DAY,
    EURO,
    PENNY,
    RATES,
    SHARE,
    accounts,
    cash,
    house,
    market,
    positions,
)

E8 = 10**8


def one(assessed: Assessed) -> dict[str, Any]:
    assert assessed.missing.height == 0
    (row,) = assessed.margin.to_dicts()
    return row


def test_bought_for_16000_on_a_loan_of_8000_and_now_worth_12000_nothing_is_called() -> None:
    at = one(assess(accounts(), positions(SHARE, 160), cash(-8_000_00), market(75), RATES))
    assert at["long_market_value_minor"] == 12_000_00
    assert at["debit_minor"] == 8_000_00
    assert at["equity_minor"] == 4_000_00
    assert at["maintenance_requirement_minor"] == 3_000_00
    assert at["call_minor"] == 0


def test_a_house_that_asks_for_40_per_cent_calls_800() -> None:
    held = positions(SHARE, 160), cash(-8_000_00), market(75)
    at = one(assess(accounts(), *held, house(40)))
    assert at["maintenance_requirement_minor"] == 4_800_00
    assert at["call_minor"] == 800_00


def test_a_house_that_asks_for_less_than_the_rules_changes_nothing() -> None:
    held = positions(SHARE, 160), cash(-8_000_00), market(75)
    assert one(assess(accounts(), *held, house(10))) == one(assess(accounts(), *held, RATES))


def test_a_debit_of_30000_against_50000_leaves_an_equity_of_20000_which_is_40_per_cent() -> None:
    at = one(assess(accounts(), positions(SHARE, 500), cash(-30_000_00), market(100), RATES))
    assert at["equity_minor"] == 20_000_00
    assert at["equity_minor"] * 100 == 40 * at["long_market_value_minor"]
    assert at["initial_requirement_minor"] == 25_000_00
    assert at["excess_minor"] == -5_000_00
    assert at["buying_power_minor"] == 0


def test_what_is_above_the_initial_requirement_buys_twice_as_much() -> None:
    at = one(assess(accounts(), positions(SHARE, 100), cash(0), market(100), RATES))
    assert at["excess_minor"] == 5_000_00
    assert at["buying_power_minor"] == 10_000_00


def test_money_alone_buys_twice_as_much() -> None:
    at = one(assess(accounts(), positions(SHARE, 0), cash(1_000_00), market(100), RATES))
    assert (at["credit_minor"], at["buying_power_minor"]) == (1_000_00, 2_000_00)


def test_a_short_of_10000_needs_half_of_it_beside_its_proceeds_and_30_per_cent_to_stay() -> None:
    at = one(assess(accounts(), positions(SHARE, -100), cash(15_000_00), market(100), RATES))
    assert at["short_market_value_minor"] == 10_000_00
    assert at["equity_minor"] == 5_000_00
    assert at["initial_requirement_minor"] == 5_000_00
    assert at["maintenance_requirement_minor"] == 3_000_00


@pytest.mark.parametrize(
    ("price", "needed"),
    [
        ("5.00", 500_00),  # 5 dollars a share are more than 30 per cent
        ("16.66", 500_00),
        ("16.67", 500_10),
        ("4.99", 499_00),  # below 5 dollars: all of it
        ("2.50", 250_00),
        ("1.00", 250_00),  # or 2.50 a share
    ],
)
def test_a_stock_sold_short_needs_the_greater_of_a_share_and_its_value(
    price: str, needed: int
) -> None:
    at = one(assess(accounts(), positions(PENNY, -100), cash(0), market(penny=price), RATES))
    assert at["maintenance_requirement_minor"] == needed


@pytest.mark.parametrize(("price", "needed"), [("100", 300_00), ("10", 50_00)])
def test_a_bond_sold_short_needs_the_greater_of_its_value_and_its_principal(
    price: str, needed: int
) -> None:
    prices = market(bond=price)
    at = one(assess(accounts(), positions(BOND, -1000), cash(0), prices, RATES))
    assert at["maintenance_requirement_minor"] == needed


def test_values_and_money_count_in_the_currency_of_the_account_at_direct_rates() -> None:
    both = pl.concat([cash(-100_00), cash(-50_00, currency="EUR")])
    at = one(assess(accounts("ISK"), positions(EURO, 10), both, market(), RATES))
    # 10 x 20 EUR at 150; -100 USD at 130, -50 EUR at 150
    assert at["long_market_value_minor"] == 30_000
    assert at["debit_minor"] == 13_000 + 7_500


@pytest.mark.parametrize(
    ("currency", "isin", "owed_in", "said"),
    [
        ("EUR", SHARE, "EUR", "NO_FX_RATE USD/EUR"),
        ("USD", EURO, "USD", "NO_FX_RATE EUR/USD"),
        ("USD", SHARE, "ISK", "NO_FX_RATE ISK/USD"),
        ("USD", "US0000000000", "USD", "UNKNOWN_INSTRUMENT US0000000000"),
        ("USD", "US9999999999", "USD", "NO_PRICE US9999999999"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_guessed(
    currency: str, isin: str, owed_in: str, said: str
) -> None:
    owed = cash(-100, currency=owed_in)
    found = assess(accounts(currency), positions(isin, 1), owed, market(), RATES)
    assert found.margin.height == 0
    assert found.missing.rows() == [("M-1", said)]


def test_what_does_not_fit_is_told_and_never_wrapped() -> None:
    much = assess(accounts(), positions(SHARE, 10**17), cash(0), market("99999999999"), RATES)
    assert much.missing.rows() == [("M-1", f"OUT_OF_RANGE {SHARE}")]


def test_what_a_short_needs_and_does_not_fit_is_told_and_never_left_out() -> None:
    dear = market(penny="0.0001")
    dear = replace(dear, rates=dear.rates.with_columns(rate_e18=pl.lit(10**30, dtype=pl.Int128)))
    short = assess(accounts("ISK"), positions(PENNY, -(10**6)), cash(0), dear, RATES)
    assert short.missing.rows() == [("M-1", f"OUT_OF_RANGE {PENNY}")]


def test_one_share_bought_in_two_currencies_is_one_position() -> None:
    both = pl.concat([positions(SHARE, 100), positions(SHARE, -100)])
    assert assess(accounts(), both, cash(0), market(), RATES).margin.height == 0


def test_accounts_that_are_not_on_margin_are_left_out() -> None:
    none = accounts().clear()
    assert assess(none, positions(SHARE, 1), cash(-1), market(), RATES).margin.height == 0


def test_the_latest_close_up_to_the_day_counts() -> None:
    days = [date(2026, 10, 8), date(2026, 10, 6), date(2026, 10, 5)]
    closes = pl.DataFrame({"isin": SHARE, "date": days, "close_e8": [3, 2, 1]})
    assert latest_on(closes, DAY, ["isin"])["close_e8"].to_list() == [2]


def test_the_rates_are_those_of_the_rulebook_and_a_day_without_them_is_refused() -> None:
    assert MarginRates.on(default_rulebook(), DAY) == RATES
    with pytest.raises(NoRuleError):
        MarginRates.on(default_rulebook(), date(1980, 1, 1))
