"""Exposure per counterparty, and concentration."""

from typing import Final

import polars as pl

from backoffice.risk.concentration import by_account, by_firm
from backoffice.risk.exposure import exposures
from tests.unit.risk.margin_frames import EURO, SHARE, market

E8: Final = 10**8
WHOLE: Final = ("quantity_e8", "money_minor", "settled_quantity_e8", "settled_money_minor")


def obligation(shares: int, money: int, done: int = 0, paid: int = 0, **more: str) -> pl.DataFrame:
    row = {"counterparty": "L", "currency": "USD", "isin": SHARE} | more
    figures = dict(zip(WHOLE, (shares * E8, money, done * E8, paid), strict=True))
    return pl.DataFrame([row | figures], schema_overrides=dict.fromkeys(WHOLE, pl.Int128))


def exposed(*obligations: pl.DataFrame) -> list[tuple[object, ...]]:
    found = exposures(pl.concat(obligations), market(100))
    return found.drop("counterparty", "currency").rows()


def test_shares_to_come_cost_what_they_rose_above_their_price() -> None:
    assert exposed(obligation(10, -900_00)) == [(1, 900_00, 100_00, 0)]


def test_shares_to_go_cost_what_they_fell_below_it() -> None:
    assert exposed(obligation(-10, 1_100_00)) == [(1, 1_100_00, 100_00, 0)]


def test_a_loss_sets_off_nothing_and_absolute_money_adds_up() -> None:
    both = obligation(10, -900_00), obligation(10, -1_500_00), obligation(0, 70_00)
    assert exposed(*both) == [(3, 2_470_00, 170_00, 0)]


def test_what_is_settled_is_no_exposure() -> None:
    assert exposed(obligation(-10, 1_100_00, done=4, paid=440_00)) == [(1, 660_00, 60_00, 0)]


def test_one_without_a_price_of_its_currency_is_told() -> None:
    unknown = obligation(10, -900_00, isin="US9999999999"), obligation(10, -900_00, isin=EURO)
    assert exposed(*unknown) == [(2, 1_800_00, 0, 2)]


def test_counterparties_and_currencies_are_kept_apart() -> None:
    three = (
        obligation(1, -1),
        obligation(1, -1, counterparty="K"),
        obligation(1, -1, currency="EUR"),
    )
    found = exposures(pl.concat(three), market(100)).select("counterparty", "currency").rows()
    assert found == [("K", "USD"), ("L", "EUR"), ("L", "USD")]


def holdings(*rows: tuple[str, str, str, int]) -> pl.DataFrame:
    columns = {"account_id": pl.String, "isin": pl.String, "account_currency": pl.String}
    return pl.DataFrame(rows, schema=columns | {"value_minor": pl.Int128}, orient="row")


def test_an_issue_from_the_threshold_on_is_told_and_shorts_count_nowhere() -> None:
    held = holdings(
        ("M-1", "A", "USD", 400_00),
        ("M-1", "B", "USD", 399_99),
        ("M-1", "C", "USD", 200_01),
        ("M-1", "D", "USD", -900_00),
        ("M-2", "C", "USD", 1),
    )
    found = by_account(held, 40_0000).select("account_id", "isin", "share_e2").rows()
    assert found == [("M-1", "A", 40_00), ("M-2", "C", 100_00)]


def test_the_firm_adds_up_in_one_currency() -> None:
    held = holdings(
        ("M-1", "A", "ISK", 130_00), ("M-2", "A", "USD", 1_00), ("M-2", "B", "USD", 9_00)
    )
    large, missing = by_firm(held, market().rates, "ISK", 90_0000)
    # 10 USD are 1,300 ISK; 13,000 ISK stand beside them
    assert (large.rows(), missing) == ([("A", "ISK", 13_130, 91_81)], ())


def test_the_firm_is_not_added_up_without_a_rate() -> None:
    held = holdings(("M-1", "A", "ISK", 130_00), ("M-2", "A", "USD", 1_00))
    large, missing = by_firm(held, market().rates, "USD", 0)
    assert (large.height, missing) == (0, ("NO_FX_RATE ISK/USD",))
