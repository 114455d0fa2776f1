"""Entries that people write by hand: what is known of each, and the lines it has."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from backoffice.intake.taken_once import PLACED
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

ENTRIES, LINES, RECURRENCES = "entries", "entry_lines", "entry_recurrences"

ENTRY_SCHEMA: Final[Mapping[str, Any]] = {
    **PLACED,
    "entry_id": pl.String,
    "effective_date": pl.Date,
    "reverse_on": pl.Date,
    "corrects": pl.String,
    "reason": pl.String,
    "lines": pl.UInt32,
    "says": pl.String,
    "taken_on": pl.Date,
    "outcome": pl.String,
    "case_id": pl.String,
    "proposed_by": pl.String,
    "approved_by": pl.String,
    "decided_at": pl.String,
    "lock_outcome": pl.String,
    "lock_case_id": pl.String,
    "lock_proposed_by": pl.String,
    "lock_approved_by": pl.String,
    "lock_decided_at": pl.String,
    "booked_on": pl.Date,
    "reversed_on": pl.Date,
}
"""A row an entry. `row` is that of its first line; `says` is all of it in words, the same for the
same content alone. `outcome` is APPROVED or REFUSED, null until two people have decided;
`lock_outcome` the same of its date in a locked period, null also where that was never asked.
`booked_on` and `reversed_on` are the closes that wrote it and its reversal."""

LINE_SCHEMA: Final[Mapping[str, Any]] = {
    "entry_id": pl.String,
    "line": pl.UInt32,
    "book": pl.String,
    "ref": pl.String,
    "unit": pl.String,
    "amount": pl.Int128,
}
"""`amount` as the journal has it; `line` counts an entry's lines from 1, as its file had them."""


RECURRENCE_SCHEMA: Final[Mapping[str, Any]] = {"entry_id": pl.String, "until": pl.Date}
"""The entries that recur monthly: each is agreed to once, and booked as its occurrences, which are
entries of their own (`ENTRY/DATE`), up to and on the day."""


def known_entries(records: Records, books: Books) -> pl.DataFrame:
    """Return `ENTRY_SCHEMA`: every entry that was ever proposed and could be taken."""
    part = books.tables.get(ENTRIES)
    return records.read(part) if part else pl.DataFrame(schema=dict(ENTRY_SCHEMA))


def known_lines(records: Records, books: Books) -> pl.DataFrame:
    """Return `LINE_SCHEMA`, of all of them."""
    part = books.tables.get(LINES)
    return records.read(part) if part else pl.DataFrame(schema=dict(LINE_SCHEMA))


def known_recurrences(records: Records, books: Books) -> pl.DataFrame:
    """Return `RECURRENCE_SCHEMA`."""
    part = books.tables.get(RECURRENCES)
    return records.read(part) if part else pl.DataFrame(schema=dict(RECURRENCE_SCHEMA))
