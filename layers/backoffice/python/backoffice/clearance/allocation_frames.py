"""What is known of a block's allocations, as columns, and why one of them waits."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from backoffice.kernel.frames import shaped

ALLOCATIONS: Final = "allocations"
"""The table of every allocation as it stands."""

REVERSED: Final = "allocation_reversals"
"""The table of allocations whose entries were reversed, as they stood, and the day of it."""

ALLOCATED: Final = "ALLOCATED"

UNKNOWN_BLOCK: Final = "UNKNOWN_BLOCK"
BLOCK_NOT_CLEARED: Final = "BLOCK_NOT_CLEARED"
BLOCK_CANCELLED: Final = "BLOCK_CANCELLED"
NOT_A_BLOCK: Final = "NOT_A_BLOCK"
OVER_ALLOCATED: Final = "OVER_ALLOCATED"
WRONG_CURRENCY: Final = "WRONG_CURRENCY"

BLOCK_CODES: Final = (
    BLOCK_CANCELLED,
    BLOCK_NOT_CLEARED,
    NOT_A_BLOCK,
    OVER_ALLOCATED,
    UNKNOWN_BLOCK,
    WRONG_CURRENCY,
)
"""Nothing but another row cures these."""

CASE_CODES: Final = tuple(code for code in BLOCK_CODES if code != BLOCK_NOT_CLEARED)
"""A block that is held has a case of its own."""

ACCOUNT_CODES: Final = (
    "CREDIT_LIMIT",
    "KYC_NOT_APPROVED",
    "NO_FX_RATE",
    "RESTRICTED_LIST",
    "SANCTIONS_HIT",
    "UNKNOWN_ACCOUNT",
)
"""The hold codes of a trade that are about the account it is for; the others are the block's."""

ALLOCATION: Final = ("partner", "trade_date", "allocation_id")
BLOCK: Final = ("partner", "trade_date", "block_trade_id")
VERSION: Final = (*ALLOCATION, "business_date", "file", "row")
BLOCK_VERSION: Final = ("block_business_date", "block_file", "block_row")

_ASKED: Final[Mapping[str, Any]] = {
    "partner": pl.String,
    "trade_date": pl.Date,
    "allocation_id": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
    "version": pl.Int64,
    "block_trade_id": pl.String,
    "account_id": pl.String,
    "quantity_e8": pl.Int128,
    "commission_currency": pl.String,
    "commission_minor": pl.Int128,
}
_OF_BLOCK: Final[Mapping[str, Any]] = {
    "block_business_date": pl.Date,
    "block_file": pl.String,
    "block_row": pl.UInt32,
    "block_account": pl.String,
    "block_kind": pl.String,
    "block_status": pl.String,
    "block_quantity_e8": pl.Int128,
    "block_accrued_minor": pl.Int128,
    "side": pl.String,
    "isin": pl.String,
    "price_e8": pl.Int128,
    "currency": pl.String,
    "traded_at": pl.Datetime("ns", "UTC"),
    "venue": pl.String,
    "counterparty": pl.String,
    "capacity": pl.String,
}
_DECIDED: Final[Mapping[str, Any]] = {
    "account_kind": pl.String,
    "status": pl.String,
    "hold_codes": pl.String,
    "settlement_date": pl.Date,
    "gross_minor": pl.Int128,
    "fees_minor": pl.Int128,
    "net_minor": pl.Int128,
    "cleared_on": pl.Date,
    "amended": pl.Boolean,
}
ASKED: Final = tuple(_ASKED)
DECIDED: Final = tuple(_DECIDED)
BLOCK_SCHEMA: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "partner": pl.String,
        "trade_date": pl.Date,
        "block_trade_id": pl.String,
        **_OF_BLOCK,
    }
)
ALLOCATION_SCHEMA: Final[Mapping[str, Any]] = MappingProxyType({**_ASKED, **_OF_BLOCK, **_DECIDED})
"""Status is ALLOCATED, HELD, CANCELLED or REFUSED; quantities at 10^8, money in minor units of the
block's currency. What is of the block is null while it is not known."""

REVERSED_SCHEMA: Final[Mapping[str, Any]] = MappingProxyType(
    {**ALLOCATION_SCHEMA, "reversed_on": pl.Date}
)


def as_allocations(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `ALLOCATION_SCHEMA`, sorted; a column that is not there is null."""
    return shaped(rows, ALLOCATION_SCHEMA).sort(ALLOCATION)


def no_allocations() -> pl.DataFrame:
    """Return allocations without rows."""
    return pl.DataFrame(schema=dict(ALLOCATION_SCHEMA))
