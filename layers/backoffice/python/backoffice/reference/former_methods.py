"""By which method an account's lots were taken before it changed."""

from datetime import date
from typing import Final

import polars as pl

FORMER_METHODS: Final = "former_lot_methods"
FORMER_METHODS_SCHEMA: Final = {"account_id": pl.String, "until": pl.Date, "method": pl.String}
"""A row a change: trades dated before `until` are taken by `method` (null is the default)."""


def former_methods(
    known: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Add the methods that accounts have no more from a business day on.

    Parameters
    ----------
    known
        FORMER_METHODS_SCHEMA as it stood.
    before, after
        The accounts table before and after the day's files (account_id, lot_method).
    day
        The business day whose files changed it.
    """
    now = after.select("account_id", now="lot_method")
    both = before.select("account_id", method="lot_method").join(now, on="account_id", how="inner")
    changed = both.filter(pl.col("method").ne_missing(pl.col("now")))
    rows = changed.select("account_id", pl.lit(day).alias("until"), "method")
    return pl.concat([known, rows]).sort("account_id", "until")


def method_at(dated: pl.Expr, events: pl.DataFrame, former: pl.DataFrame) -> pl.DataFrame:
    """Put in place of `method` the one that counted on each row's date.

    Parameters
    ----------
    dated
        The column of the rows' dates.
    events
        Rows with account_id and `method`, which counts now; their order is kept.
    former
        FORMER_METHODS_SCHEMA.
    """
    if not former.height:
        return events
    changes = former.sort("until").select("account_id", "until", former="method", was=True)
    rows = events.with_row_index("row_").with_columns(dated_=dated).sort("dated_")
    met = rows.join_asof(
        changes,
        left_on="dated_",
        right_on="until",
        by="account_id",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    method = pl.when(pl.col("was")).then("former").otherwise("method")
    return met.with_columns(method=method).sort("row_").select(events.columns)
