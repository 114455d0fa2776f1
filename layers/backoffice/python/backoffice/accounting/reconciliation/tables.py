"""What reconciliation remembers in the books from day to day."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.reconciliation.frames import ITEM_SCHEMA, LIFE_SCHEMA
from backoffice.accounting.reconciliation.partners import PARTNER_SCHEMA
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Part, Records

LIVES: Final = "break_lives"
PARTNERS: Final = "statement_partners"
COMPARED: Final = "compared_dates"
OPEN_ITEMS: Final = "open_items"
MATCHES: Final = "matches"
LINES: Final = "statement_lines"

COMPARED_SCHEMA: Final = {"kind": pl.String, "date": pl.Date}
"""The dates of which statements of a kind were compared."""

_SCHEMAS: Final[Mapping[str, Mapping[str, type[pl.DataType]]]] = {
    LIVES: LIFE_SCHEMA,
    PARTNERS: PARTNER_SCHEMA,
    COMPARED: COMPARED_SCHEMA,
    OPEN_ITEMS: ITEM_SCHEMA,
}


def known(records: Records, books: Books, name: str) -> pl.DataFrame:
    """Read a table; without rows before there is one."""
    part = books.tables.get(name)
    return records.read(part) if part else pl.DataFrame(schema=dict(_SCHEMAS[name]))


def remember(
    records: Records, books: Books, name: str, before: pl.DataFrame, rows: pl.DataFrame
) -> Books:
    """Keep a table's rows, if they are others than before."""
    if rows.equals(before):
        return books
    if part := books.tables.get(name):
        books = books.with_written(part.key)  # the day may have written it already
    return books.with_tables(**{name: records.keep("accounting", books.day, rows)})


def compared(records: Records, books: Books, kind: str) -> list[date]:
    """Return the dates of which statements of a kind were compared, in order."""
    rows = known(records, books, COMPARED).filter(pl.col("kind") == kind)
    return rows["date"].sort().to_list()


def with_compared(records: Records, books: Books, kind: str, days: list[date]) -> Books:
    """Remember that statements of a kind were compared for some dates."""
    before = known(records, books, COMPARED)
    more = pl.DataFrame([(kind, day) for day in days], schema=COMPARED_SCHEMA, orient="row")
    rows = pl.concat([before, more]).unique().sort("kind", "date")
    return remember(records, books, COMPARED, before, rows)


def day_parts_since(books: Books, name: str, first: date) -> list[Part]:
    """Return what closes of a day and later wrote."""
    parts = books.day_parts.get(name, ())
    return [part for part in parts if date.fromisoformat(part.key.split("/")[1]) >= first]
