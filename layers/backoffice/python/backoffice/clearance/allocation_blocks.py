"""The blocks that allocations name: the trades that stand, and what of them is left to allot."""

from typing import Final

import polars as pl

from backoffice.clearance.allocation_frames import (
    BLOCK,
    BLOCK_CANCELLED,
    BLOCK_NOT_CLEARED,
    BLOCK_SCHEMA,
    NOT_A_BLOCK,
    OVER_ALLOCATED,
    UNKNOWN_BLOCK,
    WRONG_CURRENCY,
)
from backoffice.clearance.clear import CLEARED, HELD
from backoffice.intake.known_trades import known_parts
from backoffice.intake.register import standing, superseded
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

_OWN: Final = (*BLOCK, "side", "isin", "price_e8", "currency", "traded_at", "venue",
               "counterparty", "capacity")  # fmt: skip
_RENAMED: Final = {
    "trade_id": "block_trade_id",
    "business_date": "block_business_date",
    "file": "block_file",
    "row": "block_row",
    "account_id": "block_account",
    "account_kind": "block_kind",
    "status": "block_status",
    "quantity_e8": "block_quantity_e8",
    "accrued_minor": "block_accrued_minor",
}
_READ: Final = (
    *_RENAMED,
    *(name for name in _OWN if name != "block_trade_id"),
    "state_on",
)


def standing_blocks(records: Records, books: Books, asked: pl.DataFrame) -> pl.DataFrame:
    """Return `BLOCK_SCHEMA`: the trades that stand of those asked for, whatever their state.

    Parameters
    ----------
    records, books
        The record store and the books with today's register rows.
    asked : pl.DataFrame
        partner, trade_date, block_trade_id; repeats are allowed.
    """
    wanted = asked.select(BLOCK).unique()
    parts = known_parts(books, set(wanted["trade_date"].to_list()))
    later = superseded(records, books) if parts else None
    frames = [pl.DataFrame(schema=dict(BLOCK_SCHEMA))]
    for part in parts:  # one by one: together they are the day
        rows = records.read(part, _READ)
        named = rows.join(
            wanted, left_on=["partner", "trade_date", "trade_id"], right_on=BLOCK, how="semi"
        )
        stands = named if later is None else standing(named, later)
        frames.append(stands.rename(_RENAMED).select(list(BLOCK_SCHEMA)))
    return pl.concat(frames)


def with_block_codes(rows: pl.DataFrame, allotted: pl.DataFrame) -> pl.DataFrame:
    """Add `block_code`: why a block cannot give what is asked, the first that applies, or null.

    Who asked for too much is not told by the rows: when those of a block come to more than it
    has, none of them takes anything; what was booked before stays.

    Parameters
    ----------
    rows : pl.DataFrame
        Allocations to decide, with what `standing_blocks` found of their blocks.
    allotted : pl.DataFrame
        partner, trade_date, block_trade_id, quantity_e8 of those that stay booked.
    """
    asked = pl.concat([rows.select(*BLOCK, "quantity_e8"), allotted.select(*BLOCK, "quantity_e8")])
    sums = asked.group_by(BLOCK).agg(asked_e8=pl.col("quantity_e8").sum())
    status = pl.col("block_status")
    given = pl.col("commission_currency")
    code = (
        pl.when(status.is_null())
        .then(pl.lit(UNKNOWN_BLOCK))
        .when(status == HELD)
        .then(pl.lit(BLOCK_NOT_CLEARED))
        .when(status != CLEARED)
        .then(pl.lit(BLOCK_CANCELLED))
        .when((pl.col("block_kind") != "HOUSE") | (pl.col("block_account") == pl.col("account_id")))
        .then(pl.lit(NOT_A_BLOCK))
        .when(given.is_not_null() & (given != pl.col("currency")))
        .then(pl.lit(WRONG_CURRENCY))
        .when(pl.col("asked_e8") > pl.col("block_quantity_e8"))
        .then(pl.lit(OVER_ALLOCATED))
    )
    joined = rows.join(sums, on=BLOCK, how="left", maintain_order="left")
    return joined.with_columns(block_code=code).drop("asked_e8")
