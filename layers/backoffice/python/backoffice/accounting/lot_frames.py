"""What lots are made from and what is known of them, as columns."""

from typing import Final, NamedTuple

import polars as pl

GROUP: Final = ("account_id", "isin")
"""A group is an account's whole dealing in one instrument."""
DEFAULT_METHOD: Final = "FIFO"

EVENTS: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "isin": pl.String(),
        "currency": pl.String(),
        "kind": pl.String(),
        "quantity_e8": pl.Int128(),
        "money_minor": pl.Int128(),
        "trade_date": pl.Date(),
        "traded_at": pl.Datetime("ns", "UTC"),
        "trade_id": pl.String(),
        "partner": pl.String(),
        "method": pl.String(),
    }
)
"""Kinds BUY, SELL, SHORT (money = the net) and IN, OUT (transfers: money = the cost brought, not
read for OUT; trade_date = value date, trade_id = movement_id, traded_at and partner null).
Quantity and money are unsigned, but a net may fall below zero. A null method is FIFO."""

LOTS: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "isin": pl.String(),
        "currency": pl.String(),
        "place": pl.UInt32(),
        "opened_on": pl.Date(),
        "trade_id": pl.String(),
        "quantity_e8": pl.Int128(),
        "cost_minor": pl.Int128(),
    }
)
"""Open lots, short ones negative; `place` counts a group's lots from 0 in the order they opened."""

REALISED: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "isin": pl.String(),
        "currency": pl.String(),
        "realised_pnl_minor": pl.Int128(),
    }
)
"""A row for every account, instrument and currency that has an event, also when it is 0."""

MOMENT: Final = ("trade_date", "is_trade", "traded_at", "trade_id", "partner")
"""The order of a group's events: transfers stand before the trades of their value date."""

LAST: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "isin": pl.String(),
        "trade_date": pl.Date(),
        "is_trade": pl.Boolean(),
        "traded_at": pl.Datetime("ns", "UTC"),
        "trade_id": pl.String(),
        "partner": pl.String(),
        "method": pl.String(),
    }
)
"""The last event of each group and the method the group was taken by."""


class LotBook(NamedTuple):
    """What is known of the lots at a close: LOTS, REALISED and LAST frames, sorted by group."""

    lots: pl.DataFrame
    realised: pl.DataFrame
    last: pl.DataFrame


def empty_book() -> LotBook:
    """Return the book before any event."""
    return LotBook(LOTS.to_frame(), REALISED.to_frame(), LAST.to_frame())
