"""Specific identification: a sale takes the lots it names, or none of them."""

import polars as pl
import pytest

from backoffice.accounting.lots.replay import LotBook, advance, replay
from tests.unit.accounting.lot_stories import events, text, told

STORY = """
    2026-01-05 BUY  10 1000.00
    2026-01-06 BUY  10 2000.00
    2026-01-07 BUY  10 3000.00
    2026-01-08 SELL 12 2400.00
"""


def chosen(choice: str | None, story: str = STORY, sale: str = "T4") -> pl.DataFrame:
    rows = events(story, "SPECIFIC")
    lots = pl.when(pl.col("trade_id") == sale).then(pl.lit(choice, pl.String))
    return rows.with_columns(chosen=lots)


def causes(book: LotBook) -> list[tuple[str, str]]:
    return book.faults.select("trade_id", "cause").rows()


def test_a_sale_takes_the_lots_it_names() -> None:
    book = replay(chosen("T3:8;T1:4"))
    assert told(book) == text("""
        lot 2026-01-05 T1 6 600.00 USD
        lot 2026-01-06 T2 10 2000.00 USD
        lot 2026-01-07 T3 2 600.00 USD
        profit -400.00 USD
    """)
    assert causes(book) == []
    parts = book.disposals.select("opening_id", "proceeds_minor", "cost_minor").rows()
    assert sorted(parts) == [("T1", 80000, 40000), ("T3", 160000, 240000)]


@pytest.mark.parametrize(
    ("choice", "cause"),
    [
        (None, "MISSING"),
        ("T3", "UNREADABLE"),
        ("T3:0", "UNREADABLE"),
        ("T3:1e1", "UNREADABLE"),
        ("T9:12", "UNKNOWN_LOT"),
        ("T3@2026-01-06:12", "UNKNOWN_LOT"),
        ("T3:12", "TOO_MUCH"),
        ("T3:6;T3:6", "TOO_MUCH"),
        ("T3:8;T1:3", "WRONG_TOTAL"),
    ],
)
def test_a_choice_that_cannot_be_followed_is_told_and_first_in_is_taken(
    choice: str | None, cause: str
) -> None:
    book = replay(chosen(choice))
    assert causes(book) == [("T4", cause)]
    assert told(book) == text("""
        lot 2026-01-06 T2 8 1600.00 USD
        lot 2026-01-07 T3 10 3000.00 USD
        profit 1000.00 USD
    """)


def test_an_id_of_two_lots_needs_its_date() -> None:
    two = chosen("B:12").with_columns(
        trade_id=pl.when(pl.col("trade_id") == "T4").then("trade_id").otherwise(pl.lit("B"))
    )
    assert causes(replay(two)) == [("T4", "AMBIGUOUS")]
    dated = two.with_columns(
        chosen=pl.when(pl.col("trade_id") == "T4").then(pl.lit("B@2026-01-07:10;B@2026-01-06:2"))
    )
    book = replay(dated)
    assert causes(book) == []
    assert told(book) == text("""
        lot 2026-01-05 B 10 1000.00 USD
        lot 2026-01-06 B 8 1600.00 USD
        profit -1000.00 USD
    """)


def test_nothing_has_to_be_chosen_where_there_is_one_way() -> None:
    story = """
        2026-01-05 BUY  10 1000.00
        2026-01-06 BUY  10 2000.00
        2026-01-07 SELL 20 4000.00
        2026-01-08 BUY  10 1000.00
        2026-01-09 SELL 5  600.00
    """
    assert causes(replay(events(story, "SPECIFIC"))) == []


def test_short_lots_are_chosen_alike() -> None:
    story = """
        2026-01-05 SHORT 10 1000.00
        2026-01-06 SHORT 10 2000.00
        2026-01-07 BUY   5  600.00
    """
    book = replay(chosen("T2:5", story, "T3"))
    assert told(book) == text("""
        lot 2026-01-05 T1 -10 -1000.00 USD
        lot 2026-01-06 T2 -5 -1000.00 USD
        profit 400.00 USD
    """)


def test_a_choice_holds_for_lots_carried_on_from_the_day_before() -> None:
    whole = chosen("T3:8;T1:4")
    carried, stale = advance(replay(whole.head(3)), whole.tail(1))
    assert stale.is_empty()
    assert told(carried) == told(replay(whole))


def test_other_methods_do_not_choose() -> None:
    rows = chosen("T3:8;T1:4").with_columns(method=pl.lit("FIFO"))
    assert told(replay(rows)).startswith("lot 2026-01-06 T2 8")
