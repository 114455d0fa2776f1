"""The days on which shares moved, where a locked period lets their entries count from a later one.

What a holder is entitled to does not depend on when the firm locked its books.
"""

from typing import Final

import polars as pl

from backoffice.intake.day_periods import known_periods
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

_MOVEMENT: Final = r"^[0-9-]{10}:M:(.*)$"


def own_dates(records: Records, books: Books) -> pl.DataFrame | None:
    """Return movement_id and value_date; None where no period was ever locked."""
    part = books.tables.get("movements")
    locks = known_periods(records, books).filter(pl.col("outcome") == "APPROVED")
    if part is None or locks.is_empty():
        return None
    return records.read(part, ("movement_id", "value_date"))


def as_dated(journal: pl.DataFrame, own: pl.DataFrame | None) -> pl.DataFrame:
    """Return entries, those of movements by their own dates.

    Parameters
    ----------
    journal : pl.DataFrame
        Rows with entry_id and effective_date.
    own
        As `own_dates` returns it.
    """
    if own is None:
        return journal
    named = journal.with_columns(movement_id=pl.col("entry_id").str.extract(_MOVEMENT, 1))
    both = named.join(own, on="movement_id", how="left", maintain_order="left")
    date = pl.coalesce("value_date", "effective_date")
    return both.with_columns(effective_date=date).select(journal.columns)
