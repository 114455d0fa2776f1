"""Wash sales: what follows from the rules of IRS Publication 550."""

import polars as pl

from backoffice.accounting.lots.replay import ACTION_LEGS, LotBook, replay
from backoffice.accounting.wash_sales.frames import Washing, no_washes
from tests.unit.accounting.lot_stories import ISIN, events, text

SHARE = "US0000000770"
TOLD = Washing(frozenset({"A-1"}), 30, no_washes())


def play(story: str, method: str = "FIFO", legs: pl.DataFrame | None = None) -> LotBook:
    return replay(events(story, method), legs, TOLD)


def told(book: LotBook) -> str:
    """Tell `wash LOSS REPLACEMENT quantity disallowed days`, then what open lots took on."""
    whole = 10**8
    lines = [
        f"wash {row['trade_id']} {row['replacement_id']} {row['quantity_e8'] // whole}"
        f" {row['disallowed_minor'] / 100:.2f} {row['days_tacked']}"
        for row in book.washes.sales.to_dicts()
    ]
    lines += [
        f"basis {row['opening_id']} {row['quantity_e8'] // whole} {row['extra_minor'] / 100:.2f}"
        for row in book.washes.replacing.to_dicts()
    ]
    lines += [
        f"open {row['trade_id']} {row['quantity_e8'] // whole} {row['loss_minor'] / 100:.2f}"
        for row in book.washes.losses.to_dicts()
    ]
    return "\n".join(lines)


def test_what_was_bought_in_the_thirty_days_before_counts_in_its_order() -> None:
    book = play("""
        2026-01-05 BUY  10 1000.00
        2026-02-20 BUY  4  200.00
        2026-02-25 BUY  4  200.00
        2026-03-02 SELL 10 500.00
        2026-03-03 BUY  4  200.00
    """)
    assert told(book) == text("""
        wash T4 T2 4 200.00 56
        wash T4 T3 4 200.00 56
        wash T4 T5 2 100.00 56
        basis T2 4 200.00
        basis T3 4 200.00
        basis T5 2 100.00
    """)


def test_the_thirty_first_day_is_too_late_and_too_early() -> None:
    book = play("""
        2026-01-05 BUY  10 1000.00
        2026-01-30 BUY  10 500.00
        2026-03-02 SELL 10 500.00
        2026-04-02 BUY  10 500.00
    """)
    assert told(book) == ""


def test_the_thirtieth_day_is_in_time() -> None:
    book = play("""
        2026-01-05 BUY  10 1000.00
        2026-03-02 SELL 10 500.00
        2026-04-01 BUY  10 500.00
    """)
    assert told(book).startswith("wash T2 T3 10 500.00")


def test_what_is_left_of_the_purchase_that_was_sold_is_no_replacement() -> None:
    book = play("""
        2026-03-02 BUY  10 1000.00
        2026-03-05 SELL 5  400.00
    """)
    assert told(book) == "open T2 5 100.00"


def test_a_share_replaces_one_share_and_once() -> None:
    book = play("""
        2026-01-05 BUY  10 1000.00
        2026-01-06 BUY  10 1000.00
        2026-03-02 SELL 10 900.00
        2026-03-03 SELL 10 800.00
        2026-03-10 BUY  15 1500.00
    """)
    assert told(book) == text("""
        wash T3 T5 10 100.00 56
        wash T4 T5 5 100.00 56
        basis T5 10 100.00
        basis T5 5 100.00
        open T4 5 100.00
    """)


def test_a_loss_goes_on_through_several_washes_into_the_gain() -> None:
    book = play("""
        2026-01-05 BUY  10 1000.00
        2026-03-02 SELL 10 900.00
        2026-03-10 BUY  10 950.00
        2026-03-12 SELL 10 940.00
        2026-03-20 BUY  10 800.00
        2026-06-01 SELL 10 1200.00
    """)
    assert told(book) == text("""
        wash T2 T3 10 100.00 56
        wash T4 T5 10 110.00 58
    """)
    sold = book.washes.sold.select("trade_id", "extra_minor", "held_since").to_dicts()
    assert [(row["trade_id"], row["extra_minor"]) for row in sold] == [("T4", 10000), ("T6", 11000)]
    # 20 March less the 58 days that the shares before were held for
    assert str(sold[1]["held_since"]) == "2026-01-21"


def test_a_short_position_is_a_mirror_image() -> None:
    book = play("""
        2026-01-05 SHORT 10 1000.00
        2026-03-02 BUY   10 1100.00
        2026-03-10 SHORT 10 1000.00
    """)
    assert told(book) == text("""
        wash T2 T3 10 100.00 56
        basis T3 10 100.00
    """)


def test_a_transfer_in_is_no_purchase() -> None:
    book = play("""
        2026-01-05 BUY  10 1000.00
        2026-03-02 SELL 10 900.00
        2026-03-10 IN   10 950.00
    """)
    assert told(book) == "open T2 10 100.00"


def test_a_split_counts_old_shares_as_the_new_ones() -> None:
    legs = pl.DataFrame(
        [
            {
                "action_id": "C1",
                "effective_on": day,
                "isin": ISIN,
                "leg": 0,
                "to_isin": ISIN,
                "numerator": 2,
                "denominator": 1,
                "basis_share_e8": 10**8,
            }
            for day in events("2026-03-05 BUY 1 1.00")["trade_date"]
        ],
        schema=ACTION_LEGS,
    )
    story = """
        2026-01-05 BUY  10 1000.00
        2026-01-06 BUY  10 1000.00
        2026-03-02 SELL 10 900.00
        2026-03-03 BUY  5  450.00
        2026-03-10 BUY  4  180.00
    """
    assert told(play(story, legs=legs)) == text("""
        wash T3 T4 5 50.00 56
        wash T3 T5 4 20.00 56
        basis T4 10 50.00
        basis T5 4 20.00
        open T3 6 30.00
    """)


def test_what_an_exercise_brings_is_held_from_that_day_whatever_its_rights_replaced() -> None:
    [day] = events("2026-03-05 BUY 1 1.00")["trade_date"]
    leg = {"action_id": "CA-1", "effective_on": day, "isin": ISIN, "leg": 0, "to_isin": SHARE}
    leg |= {"numerator": 1, "denominator": 1, "basis_share_e8": 10**8, "opens_on": day}
    legs = pl.DataFrame([leg], schema=ACTION_LEGS)
    story = """
        2026-01-05 BUY  10 1000.00
        2026-01-06 BUY  2  200.00
        2026-03-02 SELL 10 900.00
        2026-03-03 BUY  10 950.00
    """
    book = play(story, legs=legs)
    [lot] = book.lots.to_dicts()
    assert (lot["isin"], lot["opened_on"], lot["trade_id"]) == (SHARE, day, "CA-1")
    assert (lot["quantity_e8"], lot["cost_minor"]) == (12 * 10**8, 115000)
    # what its rights took on of a loss goes along; the days that those were held do not
    [piece] = book.washes.replacing.to_dicts()
    assert (piece["opening_id"], piece["extra_minor"], piece["days_tacked"]) == ("CA-1", 10000, 0)


def test_others_than_those_asked_for_have_no_wash_sales() -> None:
    story = """
        2026-01-05 BUY  10 1000.00
        2026-03-02 SELL 10 900.00
        2026-03-10 BUY  10 950.00
    """
    washes = replay(events(story, account="A-2"), None, TOLD).washes
    assert all(frame.is_empty() for frame in washes)
