"""What an allocation moves: a leg for the account it is for, and one of the block's, turned.

Both are like trades of their accounts with each other: the street is the block's alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.allocation_frames import ALLOCATED, ALLOCATIONS, REVERSED
from backoffice.clearance.allocation_requests import known_allocations
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.register import of_bucket
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

LEG_SCHEMA: Final = {**REGISTER_SCHEMA, "block_account": pl.String}
"""A register row a leg: `trade_id` is `<block_trade_id>:<allocation_id>`, of the block's account
with `:block` behind it; no trade's own id has a colon."""


@dataclass(frozen=True, slots=True)
class Legs:
    """The legs of one bucket of accounts at a day's close, each `LEG_SCHEMA`.

    Attributes
    ----------
    fresh : pl.DataFrame
        Allotted since the last close: to be booked.
    due : pl.DataFrame
        Their settlement date came since the last close, or had when they were allotted.
    pending : pl.DataFrame
        Their settlement date is still to come.
    withdrawn : pl.DataFrame
        Booked by an earlier day and taken back by this one.
    """

    fresh: pl.DataFrame
    due: pl.DataFrame
    pending: pl.DataFrame
    withdrawn: pl.DataFrame


def legs_of_bucket(records: Records, books: Books, day: date, bucket: int) -> Legs:
    """Return a bucket's legs at the close of a day; before any allocation there are none."""
    stands = standing_legs(records, books, bucket)
    before = books.last_closed
    is_fresh = pl.col("cleared_on") == day
    came = pl.col("settlement_date") > before if before else pl.lit(value=True)
    return Legs(
        fresh=stands.filter(is_fresh),
        due=stands.filter(pl.col("settlement_date") <= day, is_fresh | came),
        pending=stands.filter(pl.col("settlement_date") > day),
        withdrawn=_withdrawn(records, books, day, bucket),
    )


def standing_legs(records: Records, books: Books, bucket: int | None = None) -> pl.DataFrame:
    """Return `LEG_SCHEMA` of every allocation that stands, of one bucket or of all."""
    if ALLOCATIONS not in books.tables:
        return _none()
    stands = known_allocations(records, books).filter(pl.col("status") == ALLOCATED)
    return _of(legs(stands), books, bucket)


def _withdrawn(records: Records, books: Books, day: date, bucket: int) -> pl.DataFrame:
    part = books.tables.get(REVERSED)
    if part is None:
        return _none()
    rows = records.read(part).filter(pl.col("reversed_on") == day)
    return _of(legs(rows), books, bucket)


def _of(rows: pl.DataFrame, books: Books, bucket: int | None) -> pl.DataFrame:
    return rows if bucket is None else of_bucket(rows, bucket, books.buckets)


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=LEG_SCHEMA)


def legs(allocations: pl.DataFrame) -> pl.DataFrame:
    """Return `LEG_SCHEMA`: two legs an allocation that was allotted.

    The account has its net. The block's account has the gross and the fees, for it bore what the
    street charged for the whole: what rounding leaves of either stays with it. The commission is
    the firm's.
    """
    name = pl.concat_str("block_trade_id", "allocation_id", separator=":")
    own = allocations.with_columns(trade_id=name, status=pl.lit("CLEARED"))
    bought = pl.col("side") == "BUY"
    fees = pl.when(bought).then(pl.col("fees_minor")).otherwise(pl.col("fees_minor") * -1)
    blocks = own.with_columns(
        trade_id=pl.concat_str("trade_id", pl.lit("block"), separator=":"),
        account_id="block_account",
        account_kind="block_kind",
        side=pl.when(bought).then(pl.lit("SELL")).otherwise(pl.lit("BUY")),
        net_minor=pl.col("gross_minor") + fees,
        commission_minor=pl.lit(0, dtype=pl.Int128),
    )
    return pl.concat([_shaped(own), _shaped(blocks)])


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    return shaped(rows, LEG_SCHEMA)
