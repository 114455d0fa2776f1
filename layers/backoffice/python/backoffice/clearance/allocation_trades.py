"""Allocations as the trades that they are to the accounts they are for."""

from typing import Final

import polars as pl

from backoffice.clearance.allocation_frames import (
    ACCOUNT_CODES,
    BLOCK,
    CASE_CODES,
)
from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.clear import HELD
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.trade_frames import TRADE_SCHEMA
from backoffice.kernel.frames import shaped
from backoffice.kernel.scaled import round_half_up

_NAMED: Final = {"trade_id": pl.col("allocation_id"), "action": pl.lit("NEW")}


def as_trades(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of a captured trade, and `amended`, in the order given.

    Parameters
    ----------
    rows : pl.DataFrame
        `ALLOCATION_SCHEMA` of allocations whose block is known. Of a bond's accrued interest each
        has its share by quantity, half-up.
    """
    own = rows.hstack([_accrued(rows)]).with_columns(**_NAMED)
    shown = [_column(name, own).cast(dtype).alias(name) for name, dtype in TRADE_SCHEMA.items()]
    return own.select(*shown, "amended")


def _column(name: str, rows: pl.DataFrame) -> pl.Expr:
    return pl.col(name) if name in rows.columns else pl.lit(None)


def _accrued(rows: pl.DataFrame) -> pl.Series:
    """Share accrued interest out: the product may leave 128 bits, Python's numbers hold it."""
    asked = rows.select("block_accrued_minor", "quantity_e8", "block_quantity_e8")
    shares = [
        None if whole is None else round_half_up(whole * quantity, of)
        for whole, quantity, of in asked.iter_rows()
    ]
    return pl.Series("accrued_minor", shares, dtype=pl.Int128)


def held_register(allocations: pl.DataFrame) -> pl.DataFrame:
    """Return `REGISTER_SCHEMA` of the allocations that wait for their account's sake."""
    codes = pl.col("hold_codes").str.split(";")
    of_account = codes.list.eval(pl.element().is_in(list(ACCOUNT_CODES))).list.any()
    held = allocations.filter(pl.col("status") == HELD, of_account).with_columns(**_NAMED)
    return held.select(
        _column(name, held).cast(dtype).alias(name) for name, dtype in REGISTER_SCHEMA.items()
    )


def allocation_causes(allocations: pl.DataFrame) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: the blocks that cannot give what is asked of them.

    The subject is the block: partner/trade date/trade_id.
    """
    waits = allocations.filter(
        pl.col("status") == HELD, pl.col("hold_codes").is_in(list(CASE_CODES))
    )
    named = waits.with_columns(
        code="hold_codes",
        subject=pl.concat_str(BLOCK, separator="/"),
        trade_id="allocation_id",
    )
    return shaped(named, CAUSE_SCHEMA)
