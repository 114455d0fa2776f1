"""The columns trades and rejected rows are known by, and trades as plain rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

TRADE_SCHEMA: Final[Mapping[str, Any]] = {
    "partner": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
    "trade_id": pl.String,
    "action": pl.String,
    "version": pl.Int64,
    "account_id": pl.String,
    "side": pl.String,
    "isin": pl.String,
    "quantity_e8": pl.Int128,
    "price_e8": pl.Int128,
    "currency": pl.String,
    "traded_at": pl.Datetime("ns", "UTC"),
    "trade_date": pl.Date,
    "venue": pl.String,
    "counterparty": pl.String,
    "capacity": pl.String,
    "commission_minor": pl.Int128,
    "accrued_minor": pl.Int128,
    "order_id": pl.String,
    "locate_id": pl.String,
    "unknown": pl.String,
}
"""A captured row of a trades file: one event of a trade."""

_CLAIM: Final = (
    "partner", "trade_date", "trade_id", "business_date", "file", "row", "traded_at", "locate_id",
    "isin", "quantity_e8",
)  # fmt: skip
CLAIM_SCHEMA: Final[Mapping[str, Any]] = {name: TRADE_SCHEMA[name] for name in _CLAIM}
"""A version of a short sale and what it takes of a locate."""

REJECT_SCHEMA: Final[Mapping[str, Any]] = {
    "partner": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
    "trade_id": pl.String,
    "field": pl.String,
    "code": pl.String,
    "message": pl.String,
    "kind": pl.String,
}
"""A rejected row of any file."""


def rows_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dictionaries; times as whole nanoseconds, which Python's own would cut."""
    return frame.with_columns(pl.col("traded_at").to_physical()).to_dicts()


def frame_of(rows: Sequence[Mapping[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the frame of such rows."""
    plain = pl.DataFrame(rows, schema={**schema, "traded_at": pl.Int64})
    return plain.with_columns(pl.col("traded_at").cast(schema["traded_at"]))


def claims_of(trades: pl.DataFrame) -> pl.DataFrame:
    """Return `CLAIM_SCHEMA`: the short sales among trades that name a locate."""
    return trades.filter(uses_locate()).select(_CLAIM)


def uses_locate() -> pl.Expr:
    """Tell a short sale that names a locate."""
    return (pl.col("side") == "SHORT") & pl.col("locate_id").is_not_null()
