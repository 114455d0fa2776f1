"""What is known of shares borrowed, as columns, and what of it a person has to see to."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

BORROWS: Final = "borrows"
"""The table of every loan as it stands."""

OPEN: Final = "OPEN"
RETURNED: Final = "RETURNED"
CANCELLED: Final = "CANCELLED"

FEE_NOT_ACCRUED: Final = "BORROW_FEE_NOT_ACCRUED"
OVERDUE: Final = "BORROW_OVERDUE"
BORROW_CODES: Final = (FEE_NOT_ACCRUED, OVERDUE)

BORROW_SCHEMA: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "partner": pl.String,
        "borrow_id": pl.String,
        "business_date": pl.Date,
        "file": pl.String,
        "row": pl.UInt32,
        "lender": pl.String,
        "isin": pl.String,
        "quantity_e8": pl.Int128,
        "currency": pl.String,
        "collateral_minor": pl.Int128,
        "fee_rate_e8": pl.Int128,
        "date": pl.Date,
        "return_date": pl.Date,
        "returned_e8": pl.Int128,
        "collateral_back_minor": pl.Int128,
        "status": pl.String,
        "fee_currency": pl.String,
        "accrued_minor": pl.Int128,
        "accrued_until": pl.Date,
        "share_days_e8": pl.Int128,
        "counted_until": pl.Date,
        "waits_for": pl.String,
        "place": pl.String,
        "nostro": pl.String,
    }
)
"""Status is OPEN, RETURNED or CANCELLED. Quantities at 10^8, money in minor units of `currency` and
`fee_currency`, the rate in per cent a year at 10^8. `share_days_e8` are the shares that were out, a
day each, up to `counted_until`, and are not charged yet; `waits_for` says what a fee waits for:
NO_CLOSE, NO_RULE or OTHER_CURRENCY. `place` and `nostro` are where our own instructions had its
shares and its cash when it began."""


def known_borrows(records: Records, books: Books) -> pl.DataFrame:
    """Return `BORROW_SCHEMA`: every loan that was booked."""
    part = books.tables.get(BORROWS)
    return records.read(part) if part else pl.DataFrame(schema=dict(BORROW_SCHEMA))


def borrow_causes(borrows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: loans whose fee is not known (by ISIN), and those kept too long."""
    stands = borrows.filter(pl.col("status") == OPEN)
    unknown = borrows.filter(pl.col("waits_for").is_not_null()).with_columns(
        code=pl.lit(FEE_NOT_ACCRUED), subject="isin"
    )
    late = stands.filter(pl.col("return_date") < day).with_columns(
        code=pl.lit(OVERDUE), subject=pl.concat_str("partner", "borrow_id", separator="/")
    )
    rows = pl.concat([unknown, late]).with_columns(trade_date="date", trade_id="borrow_id")
    return shaped(rows, CAUSE_SCHEMA)
