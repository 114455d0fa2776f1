"""Transfers bring their cost and take lots at theirs."""

from tests.unit.accounting.lot_stories import tell, text


def test_a_transfer_in_brings_its_cost() -> None:
    story = """
        2026-01-05 IN   10 700.00
        2026-01-06 SELL 4  400.00
    """
    assert tell(story) == text("""
        lot 2026-01-05 T1 6 420.00 USD
        profit 120.00 USD
    """)


def test_transfers_stand_before_the_trades_of_their_value_date() -> None:
    story = """
        2026-01-05 SELL 10 900.00
        2026-01-05 IN   10 700.00
    """
    assert tell(story) == "profit 200.00 USD"


def test_a_transfer_out_takes_lots_at_cost_without_profit() -> None:
    story = """
        2026-01-05 BUY 10 1000.00
        2026-01-06 BUY 10 2000.00
        2026-01-07 OUT 15 0
    """
    assert tell(story, "FIFO") == text("""
        lot 2026-01-06 T2 5 1000.00 USD
        profit 0.00 USD
    """)
    assert tell(story, "HIFO") == text("""
        lot 2026-01-05 T1 5 500.00 USD
        profit 0.00 USD
    """)


def test_a_transfer_out_takes_lots_of_any_currency() -> None:
    story = """
        2026-01-05 BUY 10 1000.00 USD
        2026-01-06 BUY 10 2000.00 EUR
        2026-01-07 OUT 15 0       USD
    """
    assert tell(story, "FIFO") == text("""
        lot 2026-01-06 T2 5 1000.00 EUR
        profit 0.00 EUR
        profit 0.00 USD
    """)


def test_a_transfer_out_of_more_than_is_held_opens_a_short_lot_at_no_cost() -> None:
    story = """
        2026-01-05 BUY 10 1000.00
        2026-01-06 OUT 12 0
    """
    assert tell(story) == text("""
        lot 2026-01-06 T2 -2 0.00 USD
        profit 0.00 USD
    """)


def test_a_transfer_out_leaves_short_lots_alone() -> None:
    story = """
        2026-01-05 SHORT 10 1000.00 USD
        2026-01-06 BUY   10 900.00  EUR
        2026-01-07 OUT   10 0       USD
    """
    assert tell(story) == text("""
        lot 2026-01-05 T1 -10 -1000.00 USD
        profit 0.00 EUR
        profit 0.00 USD
    """)


def test_a_transfer_in_covers_a_short_at_the_cost_it_brings() -> None:
    story = """
        2026-01-05 SHORT 10 1000.00
        2026-01-06 IN    15 900.00
    """
    assert tell(story) == text("""
        lot 2026-01-06 T2 5 300.00 USD
        profit 400.00 USD
    """)


def test_a_transfer_out_of_the_same_day_takes_what_came_before_it_by_id() -> None:
    story = """
        2026-01-05 IN  10 700.00
        2026-01-05 OUT 10 0
    """
    assert tell(story) == "profit 0.00 USD"
