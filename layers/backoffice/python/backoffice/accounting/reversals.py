"""Entries are never changed: what was wrong is written again with its sign turned."""

from datetime import date

import polars as pl

from backoffice.accounting.journal import JOURNAL_SCHEMA


def reverse(entries: pl.DataFrame, day: date) -> pl.DataFrame:
    """Write the reversal of every entry given, dated today.

    Parameters
    ----------
    entries : pl.DataFrame
        Journal rows, every row of each entry to reverse.
    day : date
        The business day: effective and recorded.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA` with the amounts negated; `reverses` names the original entry.
    """
    original = pl.col("entry_id")
    today = pl.lit(day, dtype=pl.Date)
    return entries.select(
        pl.format(f"{day}:R:{{}}", original).alias("entry_id"),
        today.alias("effective_date"),
        today.alias("recorded_on"),
        pl.lit("REVERSAL", dtype=pl.String).alias("kind"),
        "source",
        "book",
        "ref",
        "unit",
        (pl.col("amount") * -1).alias("amount"),
        original.alias("reverses"),
    ).select(JOURNAL_SCHEMA.keys())
