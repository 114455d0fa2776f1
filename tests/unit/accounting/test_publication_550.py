"""The examples of IRS Publication 550, chapter 4: wash sales, and how long a thing was held."""

from datetime import date

import polars as pl
import pytest

from backoffice.records.lot_views import term
from tests.unit.accounting.lot_stories import text
from tests.unit.accounting.test_wash_sales import play, told


def bases(story: str, method: str = "FIFO") -> dict[str, int]:
    """Give what each open lot cost, with the losses it took on, in cents."""
    book = play(story, method)
    taken_on = dict(book.washes.replacing.group_by("opening_id").agg("extra_minor").iter_rows())
    costs = dict(book.lots.select("trade_id", "cost_minor").iter_rows())
    return {name: cost + sum(taken_on.get(name, [])) for name, cost in costs.items()}


def test_what_is_bought_again_takes_on_the_loss() -> None:
    """Wash sales, example 1: 100 shares of 1,000 sold for 750, 100 bought for 800: 1,050."""
    story = """
        2026-01-05 BUY  100 1000.00
        2026-03-02 SELL 100 750.00
        2026-03-20 BUY  100 800.00
    """
    assert told(play(story)) == text("""
        wash T2 T3 100 250.00 56
        basis T3 100 250.00
    """)
    assert bases(story) == {"T3": 105000}
    book = play(story)
    assert book.lots["cost_minor"].to_list() == [80000]
    assert book.realised["realised_pnl_minor"].to_list() == [-25000]


def test_fewer_bought_than_sold_in_the_thirty_days_before() -> None:
    """More or less stock bought than sold, example 1: bases of 3,250 and 1,375, 250 deducted."""
    story = """
        2025-09-24 BUY  100 5000.00
        2025-12-21 BUY  50  2750.00
        2025-12-28 BUY  25  1125.00
        2026-01-04 SELL 100 4000.00
    """
    assert told(play(story)) == text("""
        wash T4 T2 50 500.00 102
        wash T4 T3 25 250.00 102
        basis T2 50 500.00
        basis T3 25 250.00
        open T4 25 250.00
    """)
    assert bases(story) == {"T2": 325000, "T3": 137500}


def test_fewer_bought_than_sold_in_the_thirty_days_after() -> None:
    """The same, bought again after the sale."""
    story = """
        2026-01-05 BUY  100 5000.00
        2026-03-02 SELL 100 4000.00
        2026-03-10 BUY  50  2750.00
        2026-03-20 BUY  25  1125.00
    """
    assert bases(story) == {"T3": 325000, "T4": 137500}
    assert told(play(story)).endswith("open T2 25 250.00")


def test_more_bought_than_sold_are_matched_in_the_order_they_were_bought() -> None:
    """The same, example 2: of 50 a day on four days, those of the first two take the loss on."""
    story = """
        2025-09-24 BUY  100 5000.00
        2026-02-01 SELL 100 4000.00
        2026-02-12 BUY  50  2500.00
        2026-02-13 BUY  50  2500.00
        2026-02-14 BUY  50  2500.00
        2026-02-15 BUY  50  2500.00
    """
    assert told(play(story)) == text("""
        wash T2 T3 50 500.00 130
        wash T2 T4 50 500.00 130
        basis T3 50 500.00
        basis T4 50 500.00
    """)
    assert bases(story) == {"T3": 300000, "T4": 300000, "T5": 250000, "T6": 250000}


@pytest.mark.parametrize(
    "sold", ["SELL 20 2000.00", "SELL 10 1000.00\n 2026-03-02 SELL 10 1000.00"]
)
def test_a_loss_is_not_set_against_the_gain_of_another_block_of_the_day(sold: str) -> None:
    """Loss and gain on same day: the block at 90 gains 100, the block at 130 loses 300, washed."""
    story = f"""
        2025-09-24 BUY  10 900.00
        2025-10-01 BUY  10 1300.00
        2026-03-02 {sold}
        2026-03-09 BUY  10 1100.00
    """
    book = play(story)
    assert book.washes.sales["disallowed_minor"].to_list() == [30000]
    profits = book.disposals["proceeds_minor"] - book.disposals["cost_minor"]
    assert sorted(profits) == [-30000, 10000]


def test_a_short_sale_at_a_loss_is_washed_by_another_within_thirty_days_of_its_end() -> None:
    """Short sales: the thirty days run from when the short sale is complete."""
    story = """
        2025-09-24 SHORT 10 1000.00
        2026-03-02 BUY   10 1200.00
        2026-04-01 SHORT 10 1150.00
        2026-04-02 SHORT 10 1150.00
    """
    assert told(play(story)) == text("""
        wash T2 T3 10 200.00 159
        basis T3 10 200.00
    """)


def test_the_new_stock_was_held_as_long_as_the_old() -> None:
    """Holding period, wash sales: that of the new stock includes that of the old."""
    book = play("""
        2025-01-06 BUY  10 1000.00
        2025-12-01 SELL 10 900.00
        2025-12-15 BUY  10 950.00
        2026-02-02 SELL 10 1200.00
    """)
    (row,) = book.washes.sold.to_dicts()
    assert row["held_since"] == date(2025, 1, 20)
    assert term_of("2025-01-20", "2026-02-02") == "LONG"
    assert term_of("2025-12-15", "2026-02-02") == "SHORT"


def term_of(since: str, closed: str, *, is_short: bool = False) -> str:
    row = {"held_since": date.fromisoformat(since), "closed_on": date.fromisoformat(closed)}
    return str(pl.DataFrame([row | {"is_short": is_short}]).select(term()).item())


@pytest.mark.parametrize(
    ("since", "closed", "said"),
    [
        # the publication's example: counted from the day after it was bought
        ("2025-06-16", "2026-06-16", "SHORT"),
        ("2025-06-16", "2026-06-17", "LONG"),
        # bought on a month's last day, held in whole months (Rev. Rul. 66-7)
        ("2023-02-28", "2024-02-29", "SHORT"),
        ("2023-02-28", "2024-03-01", "LONG"),
        ("2024-02-29", "2025-02-28", "SHORT"),
        ("2024-02-29", "2025-03-01", "LONG"),
        ("2024-02-28", "2025-02-28", "SHORT"),
        ("2024-02-28", "2025-03-01", "LONG"),
        ("2025-12-31", "2026-12-31", "SHORT"),
        ("2025-12-31", "2027-01-01", "LONG"),
    ],
)
def test_a_year_and_no_longer_is_a_short_term(since: str, closed: str, said: str) -> None:
    assert term_of(since, closed) == said


def test_a_short_position_is_of_a_short_term() -> None:
    assert term_of("2020-01-06", "2026-01-06", is_short=True) == "SHORT"
