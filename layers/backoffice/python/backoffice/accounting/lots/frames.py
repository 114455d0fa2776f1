"""What lots are made from and what is known of them, as columns."""

from typing import Final, NamedTuple

import polars as pl

from backoffice.accounting.lots.choices import CHOICE_FAULTS
from backoffice.accounting.wash_sales.frames import Washes, no_washes

GROUP: Final = ("account_id", "isin")
"""A group is an account's whole dealing in one instrument, or in those that corporate actions have
joined: a family, which is called by the first of its ISINs."""
DEFAULT_METHOD: Final = "FIFO"
ACTION_KIND: Final = "ACTION"
"""The kind of a corporate action's rows."""

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
Quantity and money are unsigned, but a net may fall below zero. A null method is FIFO. A
column `chosen` may say which lots a sale by SPECIFIC takes (see `choices`)."""

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
        "partner": pl.String(),
    }
)
"""Open lots, short ones negative; `place` counts a group's lots from 0 in the order they opened
(what one lot became in several instruments shares its place)."""

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
"""The last event of each group and the method it was taken by; `isin` calls the family. A
corporate action is one too: without is_trade, and its trade_id is the action's."""

DISPOSALS: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "isin": pl.String(),
        "currency": pl.String(),
        "closed_on": pl.Date(),
        "kind": pl.String(),
        "trade_id": pl.String(),
        "partner": pl.String(),
        "opened_on": pl.Date(),
        "opening_id": pl.String(),
        "opening_partner": pl.String(),
        "is_short": pl.Boolean(),
        "quantity_e8": pl.Int128(),
        "cost_minor": pl.Int128(),
        "proceeds_minor": pl.Int128(),
    }
)
"""What each closing took of each lot, unsigned: profit = proceeds - cost. Kinds as in EVENTS and
ACTION. The profits of an account, instrument and currency add up to its realised profit."""


class LotBook(NamedTuple):
    """What is known of the lots at a close: LOTS, REALISED and LAST frames, sorted by group.

    `disposals` (DISPOSALS) are those of the events taken in the pass that made the book, not
    those of the book it was carried on from; of the `washes`, sales and sold parts are so, too,
    and so are the `faults` of choices (CHOICE_FAULTS).
    """

    lots: pl.DataFrame
    realised: pl.DataFrame
    last: pl.DataFrame
    disposals: pl.DataFrame
    washes: Washes
    faults: pl.DataFrame


def empty_book() -> LotBook:
    """Return the book before any event."""
    return LotBook(
        lots=LOTS.to_frame(),
        realised=REALISED.to_frame(),
        last=LAST.to_frame(),
        disposals=DISPOSALS.to_frame(),
        washes=no_washes(),
        faults=CHOICE_FAULTS.to_frame(),
    )


def joined(book: LotBook, more: LotBook) -> LotBook:
    """Return the book of both; an instrument's profit may have come about in each."""
    realised = (
        pl.concat([book.realised, more.realised])
        .group_by(*GROUP, "currency")
        .agg(pl.col("realised_pnl_minor").sum())
    )
    both = LotBook(
        lots=pl.concat([book.lots, more.lots]),
        realised=realised,
        last=pl.concat([book.last, more.last]),
        disposals=pl.concat([book.disposals, more.disposals]),
        faults=pl.concat([book.faults, more.faults]),
        washes=Washes(*(pl.concat(each) for each in zip(book.washes, more.washes, strict=True))),
    )
    return in_order(both)


def in_order(book: LotBook) -> LotBook:
    """Sort a book's frames by their groups."""
    return book._replace(
        lots=book.lots.sort(*GROUP, "place"),
        realised=book.realised.sort(*GROUP, "currency"),
        last=book.last.sort(GROUP),
    )


def closes_on() -> pl.Expr:
    """Tell on which day a row closes lots: where it stands, but of a transfer its own date."""
    stands = pl.col("kind") == ACTION_KIND
    return pl.when(stands).then("trade_date").otherwise(pl.coalesce("opened_on", "trade_date"))
