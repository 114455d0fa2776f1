"""The register of trades: a log of states, read as the rows that stand now.

Each cut-off writes one row per trade whose state it changed (`state_on` is its day). A trade with
more than one row stands in the small table `superseded` with the day of its latest row, so that
older parts are read without a search: a row stands unless a later one is named there.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.columns import bucket_of
from backoffice.kernel.parts import Records

SUPERSEDED: Final = {
    "partner": pl.String,
    "trade_date": pl.Date,
    "trade_id": pl.String,
    "last_on": pl.Date,
}


def superseded(records: Records, books: Books) -> pl.DataFrame:
    """Return (partner, trade_date, trade_id, last_on) of the trades with more than one row."""
    part = books.tables.get("superseded")
    return records.read(part) if part else pl.DataFrame(schema=SUPERSEDED)


def standing(rows: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows that no later row of the same trade replaces."""
    if not later.height:
        return rows
    marked = rows.join(later, on=IDENTITY, how="left", maintain_order="left")
    stands = pl.col("last_on").is_null() | (pl.col("last_on") <= pl.col("state_on"))
    return marked.filter(stands).drop("last_on")


def supersede(known: pl.DataFrame, changed: pl.DataFrame, day: date) -> pl.DataFrame:
    """Add today's changes of earlier trades; `changed` holds their identities."""
    today = changed.select(IDENTITY).unique().with_columns(last_on=pl.lit(day))
    both = pl.concat([known, today], how="vertical")
    return both.group_by(IDENTITY).agg(pl.col("last_on").max()).sort(IDENTITY)


def read_standing(records: Records, books: Books, parts: Sequence[TradePart]) -> pl.DataFrame:
    """Read the standing rows of some parts; there must be at least one."""
    rows = records.read_all(parts)
    if rows is None:
        raise ValueError("no part of the register to read")
    return standing(rows, superseded(records, books))


def of_bucket(rows: pl.DataFrame, bucket: int, buckets: int) -> pl.DataFrame:
    """Keep the rows whose account falls into `bucket` of `buckets`."""
    if buckets == 1 or not rows.height:
        return rows
    return rows.filter(bucket_of(rows["account_id"], buckets) == bucket)
