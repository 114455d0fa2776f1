"""What corporate actions make of lots: the worked cases of each kind."""

from datetime import date

import polars as pl
import pytest

from backoffice.accounting.lots.replay import ACTION_LEGS, LotBook, replay
from backoffice.accounting.unsettled import through_actions
from backoffice.kernel.errors import OutOfRangeError
from backoffice.kernel.scaled import format_exact, format_scaled
from tests.unit.accounting.lot_stories import ISIN, events, text

OTHER = "US5949181045"
WHOLE = 10**8
STORY = """
    2026-01-05 BUY 10 1000.00
    2026-01-06 BUY 5  600.00
"""


def action(*legs: dict[str, object], on: str = "2026-02-02", name: str = "C1") -> pl.DataFrame:
    """Give an action of the share the stories deal in: a leg a dictionary, to itself 1 for 1."""
    plain = {
        "action_id": name,
        "effective_on": date.fromisoformat(on),
        "isin": ISIN,
        "to_isin": ISIN,
        "numerator": 1,
        "denominator": 1,
        "basis_share_e8": WHOLE,
        "currency": "USD",
    }
    rows = [plain | {"leg": place} | leg for place, leg in enumerate(legs)]
    return pl.DataFrame(rows, schema=ACTION_LEGS)


def told(book: LotBook) -> str:
    names = {ISIN: "old", OTHER: "new"}
    lots = [
        f"{names[row['isin']]} {row['opened_on']} {row['trade_id']}"
        f" {format_scaled(row['quantity_e8'], 8)} {format_exact(row['cost_minor'], 2)}"
        for row in book.lots.to_dicts()
    ]
    profits = [
        f"profit {names[row['isin']]} {format_exact(row['realised_pnl_minor'], 2)}"
        for row in book.realised.to_dicts()
    ]
    return "\n".join(lots + profits)


def play(legs: pl.DataFrame, story: str = STORY, method: str = "FIFO") -> str:
    return told(replay(events(story, method), legs))


def test_a_split_multiplies_shares_and_keeps_the_cost() -> None:
    assert play(action({"numerator": 3, "denominator": 2})) == text("""
        old 2026-01-05 T1 15 1000.00
        old 2026-01-06 T2 7.5 600.00
        profit old 0.00
    """)


def test_a_reverse_split_sells_the_accounts_fraction() -> None:
    """15 shares are 3.75 at 1 for 4: three stay, 0.75 of the first lot goes at 380 a share."""
    legs = action({"numerator": 1, "denominator": 4, "fractions": "CASH", "price_e8": 380 * WHOLE})
    assert play(legs) == text("""
        old 2026-01-05 T1 1.75 700.00
        old 2026-01-06 T2 1.25 600.00
        profit old -15.00
    """)


def test_what_is_paid_for_new_shares_is_of_their_cost() -> None:
    """15 rights are 7.5 shares at 20.01: 7 are paid for, the half is sold at 30."""
    legs = action(
        {"to_isin": OTHER, "denominator": 2, "fractions": "CASH", "price_e8": 30 * WHOLE},
        {"to_isin": None, "basis_share_e8": 0, "fractions": "PAID", "price_e8": 2001 * 10**6},
    )
    assert play(legs) == text("""
        new 2026-01-05 T1 4.5 990.05
        new 2026-01-06 T2 2.5 650.02
        profit old 0.00
        profit new -85.00
    """)


def test_what_is_paid_in_another_currency_is_a_cost_in_its_own() -> None:
    legs = action(
        {"to_isin": OTHER},
        {"to_isin": None, "basis_share_e8": 0, "fractions": "PAID", "price_e8": WHOLE,
         "currency": "EUR"},
    )  # fmt: skip
    book = replay(events(STORY), legs)
    assert book.lots["cost_minor"].to_list() == [100000, 60000]
    profits = book.realised.filter(pl.col("realised_pnl_minor") != 0)
    assert profits.select("isin", "currency", "realised_pnl_minor").rows() == [
        (OTHER, "EUR", -1500)
    ]
    spent = book.disposals.select("currency", "quantity_e8", "cost_minor", "proceeds_minor")
    assert spent.rows() == [("EUR", 0, 1000, 0), ("EUR", 0, 500, 0)]


def test_of_shares_that_are_added_the_whole_ones_come_to_what_is_there() -> None:
    """10.5 shares and 1 for 4: of the 2.625 added 0.625 are sold, the old half share stays."""
    terms: dict[str, object] = {"numerator": 5, "denominator": 4, "price_e8": 100 * WHOLE}
    story = "2026-01-05 BUY 10.5 1050.00"
    assert play(action(terms | {"fractions": "ADDED"}), story) == text("""
        old 2026-01-05 T1 12.5 1000.00
        profit old 12.50
    """)
    assert play(action(terms | {"fractions": "CASH"}), story) == text("""
        old 2026-01-05 T1 13 1040.00
        profit old 2.50
    """)


def test_transfers_up_to_the_record_date_stand_before_shares_that_are_added() -> None:
    added: dict[str, object] = {"numerator": 2, "transfers_until": date(2026, 2, 3)}
    story = """
        2026-02-02 IN  5 500.00
        2026-02-02 BUY 1 100.00
        2026-02-03 IN  3 300.00
        2026-02-04 IN  1 100.00
    """
    assert play(action(added), story) == text("""
        old 2026-02-02 T1 10 500.00
        old 2026-02-03 T3 6 300.00
        old 2026-02-02 T2 1 100.00
        old 2026-02-04 T4 1 100.00
        profit old 0.00
    """)


def test_a_merger_for_shares_keeps_dates_and_basis() -> None:
    legs = action({"to_isin": OTHER, "numerator": 2, "denominator": 5})
    assert play(legs) == text("""
        new 2026-01-05 T1 4 1000.00
        new 2026-01-06 T2 2 600.00
        profit old 0.00
        profit new 0.00
    """)


def test_a_merger_for_cash_closes_all() -> None:
    assert play(action({"to_isin": None, "price_e8": 120 * WHOLE})) == "profit old 200.00"


def test_a_merger_for_both_closes_the_share_of_the_basis_that_is_paid() -> None:
    legs = action(
        {"to_isin": OTHER, "basis_share_e8": WHOLE * 3 // 4},
        {"to_isin": None, "basis_share_e8": WHOLE // 4, "price_e8": 30 * WHOLE},
    )
    assert play(legs) == text("""
        new 2026-01-05 T1 10 750.00
        new 2026-01-06 T2 5 450.00
        profit old 50.00
        profit new 0.00
    """)


def test_a_spin_off_splits_the_basis() -> None:
    legs = action(
        {"basis_share_e8": WHOLE * 4 // 5},
        {"to_isin": OTHER, "denominator": 5, "basis_share_e8": WHOLE // 5},
    )
    assert play(legs) == text("""
        old 2026-01-05 T1 10 800.00
        old 2026-01-06 T2 5 480.00
        new 2026-01-05 T1 2 200.00
        new 2026-01-06 T2 1 120.00
        profit old 0.00
        profit new 0.00
    """)


def test_what_was_spun_off_and_comes_back_is_one_lot() -> None:
    off = action(
        {"basis_share_e8": WHOLE * 4 // 5},
        {"to_isin": OTHER, "basis_share_e8": WHOLE // 5},
    )
    back = action({"isin": OTHER}, on="2026-03-02", name="C2")
    assert play(pl.concat([off, back])) == text("""
        old 2026-01-05 T1 20 1000.00
        old 2026-01-06 T2 10 600.00
        profit old 0.00
        profit new 0.00
    """)


def test_a_part_is_redeemed() -> None:
    legs = action(
        {"numerator": 3, "denominator": 5, "basis_share_e8": WHOLE * 3 // 5},
        {
            "to_isin": None,
            "numerator": 2,
            "denominator": 5,
            "basis_share_e8": WHOLE * 2 // 5,
            "price_e8": 110 * WHOLE,
        },
    )
    assert play(legs) == text("""
        old 2026-01-05 T1 6 600.00
        old 2026-01-06 T2 3 360.00
        profit old 20.00
    """)


def test_rights_come_without_basis() -> None:
    legs = action({}, {"to_isin": OTHER, "numerator": 2, "basis_share_e8": 0})
    assert play(legs) == text("""
        old 2026-01-05 T1 10 1000.00
        old 2026-01-06 T2 5 600.00
        new 2026-01-05 T1 20 0.00
        new 2026-01-06 T2 10 0.00
        profit old 0.00
        profit new 0.00
    """)


def test_short_lots_are_mirror_images() -> None:
    story = "2026-01-05 SHORT 15 1600.00"
    legs = action({"numerator": 1, "denominator": 4, "fractions": "CASH", "price_e8": 380 * WHOLE})
    assert play(legs, story) == text("""
        old 2026-01-05 T1 -3 -1280.00
        profit old 35.00
    """)


def test_an_accounts_own_legs_stand_in_place_of_the_others() -> None:
    general = action({"to_isin": None, "price_e8": 120 * WHOLE})
    own = action({"account_id": "A-1", "to_isin": OTHER})
    assert play(pl.concat([general, own])).startswith("new 2026-01-05 T1 10 1000.00")


def test_an_action_stands_before_the_trades_of_its_date() -> None:
    story = "2026-02-01 BUY 10 1000.00\n2026-02-02 BUY 10 1000.00"
    assert play(action({"numerator": 2}), story) == text("""
        old 2026-02-01 T1 20 1000.00
        old 2026-02-02 T2 10 1000.00
        profit old 0.00
    """)


def test_what_is_sold_after_a_merger_meets_the_lots_it_brought() -> None:
    sale = events("2026-02-03 SELL 5 900.00").with_columns(
        isin=pl.lit(OTHER), trade_id=pl.lit("S1")
    )
    legs = action({"to_isin": OTHER})
    book = replay(pl.concat([events(STORY), sale]), legs)
    assert told(book) == text("""
        new 2026-01-05 T1 5 500.00
        new 2026-01-06 T2 5 600.00
        profit old 0.00
        profit new 400.00
    """)
    (row,) = book.disposals.to_dicts()
    assert (row["opening_id"], row["opened_on"]) == ("T1", date(2026, 1, 5))


def test_cash_in_another_currency_is_realised_in_its_own() -> None:
    book = replay(
        events(STORY), action({"to_isin": None, "price_e8": 120 * WHOLE, "currency": "EUR"})
    )
    assert book.realised.select("currency", "realised_pnl_minor").rows() == [
        ("EUR", 180000),
        ("USD", -160000),
    ]


@pytest.mark.parametrize(
    "leg",
    [
        {"basis_share_e8": WHOLE - 1},
        {"denominator": 0},
        {"to_isin": None},
        {"fractions": "CASH", "price_e8": 1, "currency": None},
    ],
)
def test_an_action_that_is_not_whole_is_refused(leg: dict[str, object]) -> None:
    with pytest.raises(OutOfRangeError, match="C1"):
        replay(events(STORY), action(leg))


def test_what_is_not_settled_yet_counts_in_the_new_shares() -> None:
    trades = events("2026-02-01 BUY 10 1000.00\n2026-02-02 BUY 10 1000.00")
    legs = action({"basis_share_e8": 0}, {"to_isin": OTHER, "numerator": 2}, {"to_isin": None})
    after = through_actions(trades, legs).sort("trade_id", "isin")
    assert after.select("trade_id", "isin", "quantity_e8").rows() == [
        ("T1", ISIN, 10 * WHOLE),
        ("T1", OTHER, 20 * WHOLE),
        ("T2", ISIN, 10 * WHOLE),
    ]
