"""The register: one row a trade identity and day its state changed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.intake.trade_frames import TRADE_SCHEMA

REGISTER_SCHEMA: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = MappingProxyType(
    {
        **TRADE_SCHEMA,
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
