"""What a close could not book of interest, currencies and bonds, and why: for people to see to."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.standing import no_causes
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

ACCOUNTING_CAUSES: Final = "accounting_causes"
"""Their table: what the last close found."""

INTEREST_NOT_ACCRUED: Final = "INTEREST_NOT_ACCRUED"
FX_DEAL_NOT_BOOKED: Final = "FX_DEAL_NOT_BOOKED"
FX_NOT_REVALUED: Final = "FX_NOT_REVALUED"
ACCRUED_DIFFERS: Final = "ACCRUED_DIFFERS"
HOUSE_NOT_MARKED: Final = "HOUSE_NOT_MARKED"
ACCOUNTING_CODES: Final = (
    INTEREST_NOT_ACCRUED,
    FX_DEAL_NOT_BOOKED,
    FX_NOT_REVALUED,
    ACCRUED_DIFFERS,
    HOUSE_NOT_MARKED,
)


def accounting_causes(records: Records, books: Books) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: what the last close could not book."""
    part = books.tables.get(ACCOUNTING_CAUSES)
    return records.read(part) if part else no_causes()


def keep_causes(records: Records, books: Books, causes: Iterable[Mapping[str, Any]]) -> Books:
    """Keep what this close could not book; where there never was anything, nothing is kept.

    Parameters
    ----------
    causes
        Rows of `CAUSE_SCHEMA`; a column that is not given is null.
    """
    rows = [{**dict.fromkeys(CAUSE_SCHEMA), **cause} for cause in causes]
    if not rows and ACCOUNTING_CAUSES not in books.tables:
        return books
    table = pl.DataFrame(rows, schema=dict(CAUSE_SCHEMA)).unique().sort(pl.all())
    return books.with_tables(**{ACCOUNTING_CAUSES: records.keep("accounting", books.day, table)})
