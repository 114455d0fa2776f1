"""Which lots a sale takes, and what it earns, by method."""

import pytest

from backoffice.accounting.lots.replay import replay
from backoffice.kernel.errors import OutOfRangeError
from tests.unit.accounting.lot_stories import events, tell, text

TWO_BUYS_TWO_SALES = """
    2026-01-05 BUY  50 5750.00
    2026-01-06 BUY  50 5800.00
    2026-01-07 SELL 40 4800.00
    2026-01-08 SELL 35 4200.00
"""


def test_fifo_takes_the_oldest_shares_of_both_lots() -> None:
    # 40 @ 115, then 10 @ 115 + 25 @ 116: sold for 9,000.00 what cost 8,650.00
    assert tell(TWO_BUYS_TWO_SALES, "FIFO") == text("""
        lot 2026-01-06 T2 25 2900.00 USD
        profit 350.00 USD
    """)


def test_lifo_takes_the_youngest_shares_first() -> None:
    # 40 @ 116, then 10 @ 116 + 25 @ 115
    assert tell(TWO_BUYS_TWO_SALES, "LIFO") == text("""
        lot 2026-01-05 T1 25 2875.00 USD
        profit 325.00 USD
    """)


def test_hifo_takes_the_dearest_shares_first() -> None:
    story = """
        2026-01-05 BUY  10 1000.00
        2026-01-06 BUY  10 3000.00
        2026-01-07 BUY  10 2000.00
        2026-01-08 SELL 15 3000.00
    """
    assert tell(story, "HIFO") == text("""
        lot 2026-01-05 T1 10 1000.00 USD
        lot 2026-01-07 T3 5  1000.00 USD
        profit -1000.00 USD
    """)


def test_hifo_takes_the_older_of_equally_dear_lots() -> None:
    story = """
        2026-01-05 BUY  1 1.00
        2026-01-06 BUY  2 2.00
        2026-01-07 SELL 1 1.00
    """
    assert tell(story, "HIFO") == text("""
        lot 2026-01-06 T2 2 2.00 USD
        profit 0.00 USD
    """)


def test_hifo_tells_unit_costs_apart_that_differ_in_the_last_share() -> None:
    story = """
        2026-01-05 BUY  999999999.00000001 9999999.99
        2026-01-06 BUY  999999999          9999999.99
        2026-01-07 SELL 1                  1.00
    """
    assert tell(story, "HIFO") == text("""
        lot 2026-01-05 T1 999999999.00000001 9999999.99 USD
        lot 2026-01-06 T2 999999998          9999999.98 USD
        profit 0.99 USD
    """)


def test_average_sells_at_the_mean_cost() -> None:
    story = """
        2026-01-05 BUY  10 400.00
        2026-01-06 BUY  10 600.00
        2026-01-07 SELL 20 2000.00
    """
    assert tell(story, "AVERAGE") == "profit 1000.00 USD"


def test_average_keeps_the_name_of_the_first_lot_until_all_is_sold() -> None:
    story = """
        2026-01-05 BUY  10 400.00
        2026-01-06 BUY  10 600.00
        2026-01-07 SELL 5  500.00
        2026-01-08 BUY  5  750.00
    """
    assert tell(story, "AVERAGE") == text("""
        lot 2026-01-05 T1 20 1500.00 USD
        profit 250.00 USD
    """)
    sold_out = story + "2026-01-09 SELL 20 1500.00\n 2026-01-12 BUY 1 80.00"
    assert tell(sold_out, "AVERAGE") == text("""
        lot 2026-01-12 T6 1 80.00 USD
        profit 250.00 USD
    """)


def test_average_merges_short_lots_too() -> None:
    story = """
        2026-01-05 SHORT 10 400.00
        2026-01-06 SHORT 10 600.00
        2026-01-07 BUY   5  100.00
    """
    assert tell(story, "AVERAGE") == text("""
        lot 2026-01-05 T1 -15 -750.00 USD
        profit 150.00 USD
    """)


@pytest.mark.parametrize(
    ("method", "left"),
    [
        ("FIFO", "lot 2026-01-06 T2 -10 -3000.00 USD\nlot 2026-01-07 T3 -10 -2000.00 USD"),
        ("LIFO", "lot 2026-01-05 T1 -10 -1000.00 USD\nlot 2026-01-06 T2 -10 -3000.00 USD"),
        ("HIFO", "lot 2026-01-05 T1 -10 -1000.00 USD\nlot 2026-01-07 T3 -10 -2000.00 USD"),
    ],
)
def test_a_buy_meets_short_lots_by_the_same_method(method: str, left: str) -> None:
    story = """
        2026-01-05 SHORT 10 1000.00
        2026-01-06 SHORT 10 3000.00
        2026-01-07 SHORT 10 2000.00
        2026-01-08 BUY   10 500.00
    """
    assert tell(story, method).startswith(left + "\nprofit")


def test_an_account_without_a_method_is_fifo() -> None:
    assert tell(TWO_BUYS_TWO_SALES, None) == tell(TWO_BUYS_TWO_SALES, "FIFO")


def test_a_method_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(OutOfRangeError, match="no lot method is called STRICT"):
        replay(events(TWO_BUYS_TWO_SALES, "STRICT"))
