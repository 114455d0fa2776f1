"""Resolve a day's movements: an id is taken once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.intake.documents import FileEntry
from backoffice.intake.taken_once import Kind, TakenOnce, take_once
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work

MOVEMENT_SCHEMA: Final[Mapping[str, Any]] = {
    "partner": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
    "movement_id": pl.String,
    "account_id": pl.String,
    "kind": pl.String,
    "currency": pl.String,
    "amount_minor": pl.Int128,
    "isin": pl.String,
    "quantity_e8": pl.Int128,
    "cost_minor": pl.Int128,
    "cost_currency": pl.String,
    "value_date": pl.Date,
    "unknown": pl.String,
    "taken_on": pl.Date,
    "booked_on": pl.Date,
    "lot_currency": pl.String,
}
"""`lot_currency` is that of the lots a transfer makes, settled for good when it is booked."""
_CONTENT: Final = (
    "account_id", "kind", "currency", "amount_minor", "isin", "quantity_e8", "cost_minor",
    "cost_currency", "value_date",
)  # fmt: skip
_MOVEMENTS: Final = Kind("movements", "movement", "movement_id", _CONTENT)


def resolve_movements(
    records: Records,
    work: Work,
    books: Books,
    entries: Sequence[tuple[int, FileEntry]],
    day: date,
) -> TakenOnce:
    """Take each new movement id; the table is every movement ever taken."""
    before = books.tables.get("movements")
    known = records.read(before) if before else pl.DataFrame(schema=dict(MOVEMENT_SCHEMA))
    return take_once(_MOVEMENTS, known, work, entries, day)
