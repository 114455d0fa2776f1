"""The bonds whose terms are known, apart from the instruments: a close without any reads none."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

BONDS: Final = "bonds"
_TERMS: Final = ("coupon_rate_e8", "coupon_frequency", "day_count")
_KEPT: Final[Sequence[str]] = (
    "isin", *_TERMS, "issue_date", "maturity_date", "first_coupon_date",
)  # fmt: skip


def keep_bonds(records: Records, books: Books, instruments: pl.DataFrame, day: date) -> Books:
    """Keep the bonds that say their coupon and how its days are counted, if there ever were any.

    Parameters
    ----------
    instruments : pl.DataFrame
        The reference table, as it stands.
    """
    known = instruments.filter(pl.col("asset_class") == "BOND").drop_nulls(_TERMS)
    if not known.height and BONDS not in books.tables:
        return books
    return books.with_tables(**{BONDS: records.keep("reference", day, known.select(_KEPT))})
