"""What is recorded of itself counts in an open period: a locked one stays as it was reported."""

from datetime import date, timedelta

import polars as pl


def in_open_periods(journal: pl.DataFrame, locked_until: date | None) -> pl.DataFrame:
    """Let what would count in a locked period count from the first open day on.

    Parameters
    ----------
    journal : pl.DataFrame
        Rows with effective_date: of late trades, of movements of an earlier value date …
    locked_until
        The last locked day; None before any lock.
    """
    if locked_until is None:
        return journal
    first = pl.lit(locked_until + timedelta(days=1), dtype=pl.Date)
    return journal.with_columns(pl.max_horizontal("effective_date", first).alias("effective_date"))
