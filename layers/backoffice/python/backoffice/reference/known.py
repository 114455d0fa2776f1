"""Reference tables as the books know them."""

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.reference.tables import SCHEMAS, empty_table


def known_table(records: Records, books: Books, kind: str) -> pl.DataFrame:
    """Read the table of one kind as the books know it, `empty_table` before its first file."""
    part = books.tables.get(kind)
    return with_later_columns(kind, records.read(part)) if part else empty_table(kind)


def with_later_columns(kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring rows that were written before a column of their table was known into its shape."""
    later = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in SCHEMAS[kind].items()
        if name not in rows.columns
    ]
    return rows.with_columns(later).select(list(SCHEMAS[kind]))
