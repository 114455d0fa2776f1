"""Positions as traded and as settled."""

from datetime import date

import polars as pl

from backoffice.accounting.lots.replay import empty_book, replay
from backoffice.accounting.positions import POSITIONS, positions
from backoffice.kernel.scaled import format_scaled
from tests.unit.accounting.lot_stories import ISIN, events

NOTHING = pl.DataFrame(
    schema={
        "account_id": pl.String,
        "isin": pl.String,
        "currency": pl.String,
        "side": pl.String,
        "quantity_e8": pl.Int128,
        "settlement_date": pl.Date,
    }
)


def unsettled(*trades: tuple[str, int, str]) -> pl.DataFrame:
    rows = [
        ("A-1", ISIN, currency, side, quantity * 10**8, date(2026, 1, 9))
        for side, quantity, currency in trades
    ]
    return pl.DataFrame(rows, schema=NOTHING.schema, orient="row")


def seen(story: str, *trades: tuple[str, int, str]) -> list[str]:
    frame = positions(replay(events(story)), unsettled(*trades))
    assert frame.schema == POSITIONS
    return [
        f"{row['currency']} traded {format_scaled(row['traded_quantity_e8'], 8)}"
        f" settled {format_scaled(row['settled_quantity_e8'], 8)}"
        f" cost {row['cost_basis_minor']} profit {row['realised_pnl_minor']}"
        for row in frame.to_dicts()
    ]


def test_a_trade_counts_as_settled_from_its_settlement_date_on() -> None:
    story = """
        2026-01-05 BUY  10 1000.00
        2026-01-06 SELL 4  500.00
    """
    assert seen(story) == ["USD traded 6 settled 6 cost 60000 profit 10000"]
    assert seen(story, ("SELL", 4, "USD")) == ["USD traded 6 settled 10 cost 60000 profit 10000"]
    both = (("BUY", 10, "USD"), ("SELL", 4, "USD"))
    assert seen(story, *both) == ["USD traded 6 settled 0 cost 60000 profit 10000"]


def test_transfers_are_settled_when_they_are_taken() -> None:
    assert seen("2026-01-05 IN 10 1000.00") == ["USD traded 10 settled 10 cost 100000 profit 0"]


def test_a_short_position_is_negative() -> None:
    assert seen("2026-01-05 SHORT 3 30.00", ("SHORT", 3, "USD")) == [
        "USD traded -3 settled 0 cost -3000 profit 0"
    ]


def test_a_position_that_was_closed_still_shows_its_profit() -> None:
    story = """
        2026-01-05 BUY  10 1000.00
        2026-01-06 SELL 10 900.00
    """
    assert seen(story) == ["USD traded 0 settled 0 cost 0 profit -10000"]


def test_each_currency_has_its_own_row() -> None:
    story = """
        2026-01-05 BUY 10 1000.00 USD
        2026-01-06 BUY 2  300.00  EUR
    """
    assert seen(story, ("BUY", 2, "EUR")) == [
        "EUR traded 2 settled 0 cost 30000 profit 0",
        "USD traded 10 settled 10 cost 100000 profit 0",
    ]


def test_no_events_make_no_positions() -> None:
    assert positions(empty_book(), NOTHING).is_empty()
