"""Lots are carried on from the day before, and replayed whole where the past changed."""

from datetime import UTC, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from backoffice.accounting.lots.replay import (
    EVENTS,
    GROUP,
    LotBook,
    advance,
    carry,
    empty_book,
    replay,
)
from tests.unit.accounting.lot_stories import events, tell, text, told

YESTERDAY = """
    2026-01-05 BUY  10 1000.00
    2026-01-06 SELL 4  500.00
"""
TODAY = """
    2026-01-05 BUY  10 1000.00
    2026-01-06 SELL 4  500.00
    2026-01-07 BUY  10 3000.00
    2026-01-07 SELL 8  1600.00
"""


def assert_same(book: LotBook, other: LotBook) -> None:
    for mine, theirs in zip(book[:3], other[:3], strict=True):
        assert_frame_equal(mine, theirs)


def no_history(stale: pl.DataFrame) -> pl.DataFrame:
    raise AssertionError(f"nothing is stale, yet {stale} is asked for")


@pytest.mark.parametrize("method", ["FIFO", "LIFO", "HIFO", "AVERAGE"])
def test_carrying_on_equals_replaying(method: str) -> None:
    whole = events(TODAY, method)
    book, stale = advance(replay(whole.head(2)), whole.tail(2))
    assert stale.is_empty()
    assert_same(book, replay(whole))


def test_the_first_day_is_carried_on_from_nothing() -> None:
    assert_same(carry(empty_book(), events(TODAY), None, no_history).book, replay(events(TODAY)))


def test_a_day_without_events_changes_nothing() -> None:
    book = replay(events(YESTERDAY))
    assert_same(carry(book, EVENTS.to_frame(), None, no_history).book, book)


def test_nothing_replayed_is_nothing() -> None:
    assert_same(replay(EVENTS.to_frame()), empty_book())


def test_a_backdated_trade_makes_its_group_stale() -> None:
    whole = events(TODAY)
    before = replay(whole.filter(pl.col("trade_id") != "T2"))
    book, stale = advance(before, whole.filter(pl.col("trade_id") == "T2"))
    assert stale.rows() == [("A-1", "US0378331005")]
    assert all(frame.is_empty() for frame in (*book[:4], *book.washes))


def test_a_stale_group_is_replayed_from_its_history() -> None:
    whole = events(TODAY)
    before = replay(whole.filter(pl.col("trade_id") != "T2"))
    late = whole.filter(pl.col("trade_id") == "T2")
    assert_same(carry(before, late, None, lambda _: whole).book, replay(whole))


def test_only_the_stale_group_leaves_the_book() -> None:
    mine, theirs = events(YESTERDAY, account="A-1"), events(YESTERDAY, account="A-2")
    before = replay(pl.concat([mine, theirs]))
    late = events("2026-01-02 BUY 1 1.00", account="A-2")
    book, stale = advance(before, late)
    assert stale["account_id"].to_list() == ["A-2"]
    assert_same(book, replay(mine))


def test_a_stale_group_does_not_hold_up_the_others_of_the_day() -> None:
    others = events(TODAY, account="A-1")
    before = replay(pl.concat([others.head(2), events(YESTERDAY, account="A-2")]))
    late = events("2026-01-02 BUY 1 1.00", account="A-2")
    book, _ = advance(before, pl.concat([late, others.tail(2)]))
    assert_same(book, replay(others))


def test_a_cancelled_trade_leaves_no_trace() -> None:
    whole = events(TODAY)
    kept = whole.filter(pl.col("trade_id") != "T3")
    changed = whole.select(GROUP).head(1)
    book = carry(replay(whole), EVENTS.to_frame(), changed, lambda _: kept).book
    assert_same(book, replay(kept))


def test_a_group_whose_every_trade_is_cancelled_is_gone() -> None:
    whole = events("2026-01-05 BUY 10 1000.00")
    changed = whole.select(GROUP)
    book = carry(replay(whole), EVENTS.to_frame(), changed, lambda _: EVENTS.to_frame()).book
    assert_same(book, empty_book())


def test_a_method_counts_from_its_first_event_on() -> None:
    story = """
        2026-01-05 BUY  10 1000.00
        2026-01-06 BUY  10 2000.00
        2026-01-07 SELL 5  1000.00
        2026-01-08 BUY  10 3000.00
        2026-01-09 SELL 8  1600.00
    """
    whole = pl.concat([events(story, "FIFO").head(3), events(story, "LIFO").tail(2)])
    book, stale = advance(replay(whole.head(3)), whole.tail(2))
    assert stale.is_empty()
    assert_same(book, replay(whole))
    assert told(book) == text("""
        lot 2026-01-05 T1 5 500.00 USD
        lot 2026-01-06 T2 10 2000.00 USD
        lot 2026-01-08 T4 2 600.00 USD
        profit -300.00 USD
    """)


def test_the_average_merges_what_is_there_from_its_first_event_on() -> None:
    story = """
        2026-01-05 BUY  10 1000.00
        2026-01-06 BUY  10 2000.00
        2026-01-09 SELL 5  1600.00
        2026-01-10 SELL 5  1600.00
    """
    whole = pl.concat([events(story, "AVERAGE").head(3), events(story, "FIFO").tail(1)])
    first = whole.head(2).with_columns(method=pl.lit("FIFO"))
    mixed = pl.concat([first, whole.tail(2)])
    book, _ = advance(replay(mixed.head(2)), mixed.tail(2))
    assert_same(book, replay(mixed))
    assert told(book) == text("""
        lot 2026-01-05 T1 10 1500.00 USD
        profit 1700.00 USD
    """)


def at_once(*names: tuple[str, str, str]) -> pl.DataFrame:
    """Make buys and sales of one instant out of (kind, trade_id, partner)."""
    base = events("2026-01-05 BUY 1 1.00")
    instant = datetime(2026, 1, 5, 14, tzinfo=UTC)
    rows = [
        base.with_columns(
            kind=pl.lit(kind),
            trade_id=pl.lit(trade_id),
            partner=pl.lit(partner),
            traded_at=pl.lit(instant, dtype=EVENTS["traded_at"]),
        )
        for kind, trade_id, partner in names
    ]
    return pl.concat(rows)


def test_trades_of_one_instant_stand_by_id_then_by_partner() -> None:
    three = at_once(("BUY", "B", "acme"), ("SELL", "A", "zeta"), ("BUY", "A", "acme"))
    assert told(replay(three)) == text("""
        lot 2026-01-05 B 1 1.00 USD
        profit 0.00 USD
    """)


@pytest.mark.parametrize(
    ("taken", "new", "is_stale"),
    [
        (("BUY", "B", "acme"), ("BUY", "C", "acme"), False),
        (("BUY", "B", "acme"), ("BUY", "A", "zeta"), True),
        (("BUY", "B", "acme"), ("BUY", "B", "beta"), False),
        (("BUY", "B", "beta"), ("BUY", "B", "acme"), True),
        (("BUY", "B", "acme"), ("BUY", "B", "acme"), True),
    ],
)
def test_an_event_of_the_same_instant_is_later_by_id_then_by_partner(
    taken: tuple[str, str, str], new: tuple[str, str, str], *, is_stale: bool
) -> None:
    _, stale = advance(replay(at_once(taken)), at_once(new))
    assert (stale.height == 1) is is_stale


def test_a_trade_of_a_day_is_later_than_the_transfers_of_that_day() -> None:
    transfer = events("2026-01-05 IN 1 1.00")
    sale = events("2026-01-05 SELL 1 2.00")
    assert advance(replay(transfer), sale).stale.is_empty()
    assert advance(replay(sale), transfer).stale.height == 1


def test_a_transfer_of_unknown_currency_still_takes_what_is_there() -> None:
    whole = events("2026-01-05 BUY 10 1000.00\n2026-01-06 OUT 4 0")
    unknown = whole.with_columns(
        currency=pl.when(pl.col("kind") != "OUT").then(pl.col("currency")),
        money_minor=pl.when(pl.col("kind") != "OUT").then(pl.col("money_minor")),
    )
    assert told(replay(unknown)) == tell("2026-01-05 BUY 10 1000.00\n2026-01-06 OUT 4 0")
