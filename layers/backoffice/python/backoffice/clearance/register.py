"""The register: one row a trade identity and day its state changed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

IDENTITY: Final = ("partner", "trade_date", "trade_id")

REGISTER_SCHEMA: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = MappingProxyType(
    {
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
        "account_kind": pl.String,
        "status": pl.String,
        "hold_codes": pl.String,
        "settlement_date": pl.Date,
        "due_date": pl.Date,
        "gross_minor": pl.Int128,
        "fees_minor": pl.Int128,
        "net_minor": pl.Int128,
        "cleared_on": pl.Date,
        "booked_on": pl.Date,
        "amended": pl.Boolean,
    }
)
"""Status is CLEARED, HELD, CANCELLED or REFUSED; `hold_codes` those that hold now, by `;`."""

FEES_SCHEMA: Final[Mapping[str, type[pl.DataType]]] = MappingProxyType(
    {
        "partner": pl.String,
        "trade_date": pl.Date,
        "trade_id": pl.String,
        "fee_code": pl.String,
        "amount_minor": pl.Int128,
    }
)
"""What each cleared trade was charged, one row a fee code, zero amounts left out."""
