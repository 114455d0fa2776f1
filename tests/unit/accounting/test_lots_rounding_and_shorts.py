"""Partial lots, short lots, and trades that cross from one side to the other."""

import pytest

from tests.unit.accounting.lot_stories import tell, text


def test_the_cost_of_a_part_is_rounded_half_up_and_the_rest_stays() -> None:
    # a third of 1.00 is 0.33, and of the 0.67 left a half is 0.335, which goes up
    story = """
        2026-01-05 BUY  3 1.00
        2026-01-06 SELL 1 0.00
        2026-01-07 SELL 1 0.00
    """
    assert tell(story) == text("""
        lot 2026-01-05 T1 1 0.33 USD
        profit -0.67 USD
    """)


def test_a_half_of_a_cent_goes_up_also_for_short_lots() -> None:
    story = """
        2026-01-05 SHORT 2 0.01
        2026-01-06 BUY   1 0.00
    """
    assert tell(story) == text("""
        lot 2026-01-05 T1 -1 0.00 USD
        profit 0.01 USD
    """)


def test_fees_are_part_of_the_basis_because_the_net_is() -> None:
    # bought 100 @ 50.00 with 9.95 of fees, sold at 55.00 less 10.21
    story = """
        2026-01-05 BUY  100 5009.95
        2026-01-06 SELL 100 5489.79
    """
    assert tell(story) == "profit 479.84 USD"


def test_a_sale_of_nothing_held_opens_a_short_lot_at_its_proceeds() -> None:
    assert tell("2026-01-05 SHORT 10 999.00") == text("""
        lot 2026-01-05 T1 -10 -999.00 USD
        profit 0.00 USD
    """)


def test_a_sale_that_crosses_zero_splits_its_proceeds_half_up() -> None:
    # one of three closes: 1.00 / 3 = 0.33; the other two open at 0.67
    story = """
        2026-01-05 BUY  1 0.20
        2026-01-06 SELL 3 1.00
    """
    assert tell(story) == text("""
        lot 2026-01-06 T2 -2 -0.67 USD
        profit 0.13 USD
    """)


def test_a_buy_that_crosses_zero_splits_its_cost_half_up() -> None:
    # three of four close: 0.75 of 0.10 is 0.075, which is 0.08; one opens at 0.02
    story = """
        2026-01-05 SHORT 3 0.30
        2026-01-06 BUY   4 0.10
    """
    assert tell(story) == text("""
        lot 2026-01-06 T2 1 0.02 USD
        profit 0.22 USD
    """)


def test_proceeds_below_zero_split_like_any_other() -> None:
    # fees beyond the gross: the sale costs 0.03, half of it closes
    story = """
        2026-01-05 BUY  1 1.00
        2026-01-06 SELL 2 -0.03
    """
    assert tell(story) == text("""
        lot 2026-01-06 T2 -1 0.01 USD
        profit -1.02 USD
    """)


def test_a_sale_meets_lots_of_its_own_currency_only() -> None:
    story = """
        2026-01-05 BUY  10 100.00 USD
        2026-01-06 SELL 4  60.00  EUR
        2026-01-07 BUY  1  20.00  EUR
    """
    assert tell(story) == text("""
        lot 2026-01-05 T1 10 100.00 USD
        lot 2026-01-06 T2 -3 -45.00 EUR
        profit -5.00 EUR
        profit 0.00 USD
    """)


def test_trades_stand_in_the_order_they_were_traded_not_in_which_they_came() -> None:
    story = """
        2026-01-07 SELL 1 5.00
        2026-01-06 BUY  1 3.00
        2026-01-05 BUY  1 1.00
    """
    assert tell(story) == text("""
        lot 2026-01-06 T2 1 3.00 USD
        profit 4.00 USD
    """)


@pytest.mark.parametrize("method", ["FIFO", "LIFO", "HIFO", "AVERAGE"])
def test_the_largest_figures_stay_exact(method: str) -> None:
    story = """
        2026-01-05 BUY  999999999999999999.99999999 9999999999999999.99
        2026-01-06 SELL 0.00000001                  0.00
        2026-01-07 SELL 999999999999999999.99999998 0.00
    """
    assert tell(story, method) == "profit -9999999999999999.99 USD"
