"""What was executed, as the books have it: cleared trades, and what was allotted of blocks."""

from collections.abc import Collection
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.allocation_frames import ALLOCATED
from backoffice.clearance.allocation_requests import known_allocations
from backoffice.clearance.clear import CLEARED
from backoffice.compliance.rts22.frames import (
    ALLOCATION,
    EXECUTION,
    GROUP,
    REMAINDER,
    TRADE,
)
from backoffice.intake.register import standing, superseded
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

_READ: Final = (
    *("partner", "trade_date", "trade_id", "state_on", "status", "account_id", "side", "isin"),
    *("quantity_e8", "price_e8", "currency", "traded_at", "venue", "counterparty", "capacity"),
    *("account_kind", "gross_minor", "unknown"),
)
_SOLD: Final = pl.col("side").replace({"SHORT": "SELL"})
_SHORT: Final = pl.col("side") == "SHORT"


def executions(
    records: Records, books: Books, dates: Collection[date], groups: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return `EXECUTION`: every leg of some trade dates that stands cleared.

    Parameters
    ----------
    records, books
        The stores, and the books it stands in.
    dates
        The trade dates.
    groups
        `GROUP`, where only those are asked about.
    """
    later = superseded(records, books)
    frames = [pl.DataFrame(schema=dict(EXECUTION))]
    allotted = _allotted(records, books, dates, groups)
    blocks = allotted.group_by(GROUP).agg(
        allotted_e8=pl.col("quantity_e8").sum(), allotted_minor=pl.col("gross_minor").sum()
    )
    for part in books.trades:
        if not set(part.trade_dates).isdisjoint(dates):
            rows = standing(records.read(part, _READ), later)
            rows = rows.filter(
                pl.col("status") == CLEARED, pl.col("trade_date").is_in(list(dates))
            ).with_columns(_SOLD, group_id="trade_id", is_short=_SHORT)
            if groups is not None:
                rows = rows.join(groups, on=GROUP, how="semi")
            frames.append(_legs(rows.join(blocks, on=GROUP, how="left")))
    return pl.concat([*frames, shaped(allotted.with_columns(is_block=False), EXECUTION)])


def _legs(rows: pl.DataFrame) -> pl.DataFrame:
    """Return trades, and of blocks what the firm's own account keeps: all that is not allotted."""
    is_block = pl.col("allotted_e8").is_not_null()
    traded = rows.with_columns(leg=pl.lit(TRADE), is_block=is_block)
    left = pl.col("quantity_e8") - pl.col("allotted_e8")
    kept = (
        rows.filter(is_block)
        .with_columns(left_e8=left)
        .filter(pl.col("left_e8") > 0)
        .with_columns(
            gross_minor=pl.col("gross_minor") - pl.col("allotted_minor"),
            leg=pl.lit(REMAINDER),
            is_block=False,
        )
        .with_columns(quantity_e8="left_e8")
    )
    return pl.concat([shaped(traded, EXECUTION), shaped(kept, EXECUTION)])


def _allotted(
    records: Records, books: Books, dates: Collection[date], groups: pl.DataFrame | None
) -> pl.DataFrame:
    rows = known_allocations(records, books).filter(
        pl.col("status") == ALLOCATED, pl.col("trade_date").is_in(list(dates))
    )
    named = rows.with_columns(
        leg=pl.lit(ALLOCATION),
        group_id="block_trade_id",
        trade_id="allocation_id",
        is_short=_SHORT,
    ).with_columns(_SOLD)
    return named if groups is None else named.join(groups, on=GROUP, how="semi")
