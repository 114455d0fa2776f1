"""Deals in currencies as a day takes them: an id is taken once."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from backoffice.intake.taken_once import PLACED, TAKEN, OnceKind
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

FX_DEALS: Final = "fx_deals"

FX_DEAL_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "deal_id": pl.String,
    "account_id": pl.String,
    "counterparty": pl.String,
    "buy_currency": pl.String,
    "buy_amount_minor": pl.Int128,
    "sell_currency": pl.String,
    "sell_amount_minor": pl.Int128,
    "trade_date": pl.Date,
    "value_date": pl.Date,
    **TAKEN,
    "settles_on": pl.Date,
    "settled_on": pl.Date,
    "waits_for": pl.String,
}
"""What the account, or without one the firm, buys and sells. `settles_on` is the value date, moved
to a day on which the banks of both currencies are open; `booked_on` and `settled_on` the closes
that wrote its entries; `waits_for` says why it is not booked."""

DEALT_ONCE: Final = OnceKind(
    kind="fxdeals",
    table=FX_DEALS,
    key="deal_id",
    content=(
        "account_id", "counterparty", "buy_currency", "buy_amount_minor", "sell_currency",
        "sell_amount_minor", "trade_date", "value_date",
    ),
    schema=FX_DEAL_SCHEMA,
    noun="deal",
)  # fmt: skip


def known_deals(records: Records, books: Books) -> pl.DataFrame:
    """Return `FX_DEAL_SCHEMA`: every deal ever taken."""
    part = books.tables.get(FX_DEALS)
    return records.read(part) if part else pl.DataFrame(schema=dict(FX_DEAL_SCHEMA))
