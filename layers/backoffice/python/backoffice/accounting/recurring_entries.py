"""Entries that recur monthly: what is due of them becomes entries, each once, whenever it is late.

Two people agreed to all of them, with their end; one that counts in a locked period waits for four
eyes more, as any entry does.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.intake.day_entries import (
    ENTRIES,
    ENTRY_SCHEMA,
    LINES,
    RECURRENCES,
    known_entries,
    known_lines,
    known_recurrences,
)
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

_OCCURRENCE: Final = "{entry}/{day}"
_OF_ITS_OWN: Final = (
    *("lock_outcome", "lock_case_id", "lock_proposed_by", "lock_approved_by", "lock_decided_at"),
    *("booked_on", "reversed_on"),
)
_YEAR: Final = 12


def with_occurrences(records: Records, books: Books) -> Books:
    """Add to the entries what is due by the day of those that recur; without any, nothing."""
    if RECURRENCES not in books.tables:
        return books
    known, lines = known_entries(records, books), known_lines(records, books)
    recurring = known.join(known_recurrences(records, books), on="entry_id", how="inner")
    there = set(known["entry_id"])
    fresh = [
        (row["entry_id"], one)
        for row in recurring.filter(pl.col("outcome") == "APPROVED").to_dicts()
        for one in _due(row, books.day)
        if one["entry_id"] not in there
    ]
    if not fresh:
        return books
    entries = pl.DataFrame([one for _, one in fresh], schema=dict(ENTRY_SCHEMA))
    copied = _copied(lines, {one["entry_id"]: entry for entry, one in fresh})
    tables = {ENTRIES: pl.concat([known, entries]), LINES: pl.concat([lines, copied])}
    kept = {name: records.keep("accounting", books.day, rows) for name, rows in tables.items()}
    # the step that books what is due replaces it
    return books.with_tables(**kept).with_written(kept[ENTRIES].key)


def _copied(lines: pl.DataFrame, of: Mapping[str, str]) -> pl.DataFrame:
    """Return the lines of occurrences, each as those of the entry that it is one of."""
    names = pl.DataFrame({"occurrence": list(of), "entry_id": list(of.values())})
    found = names.join(lines, on="entry_id", how="inner", maintain_order="left_right")
    return found.drop("entry_id").rename({"occurrence": "entry_id"}).select(lines.columns)


def _due(row: dict[str, Any], day: date) -> Iterator[dict[str, Any]]:
    """Yield an entry's occurrences until a day, as rows of `ENTRY_SCHEMA`."""
    _, words = row["says"].split(": ", 1)
    months = 0
    while (effective := months_later(row["effective_date"], months)) <= min(day, row["until"]):
        back = row["reverse_on"] and months_later(row["reverse_on"], months)
        undone = f", reversed on {back}" if back else ""
        yield {
            **{name: row[name] for name in ENTRY_SCHEMA},
            **dict.fromkeys(_OF_ITS_OWN),
            "entry_id": _OCCURRENCE.format(entry=row["entry_id"], day=effective),
            "effective_date": effective,
            "reverse_on": back,
            "says": f"effective {effective}{undone}: {words}",
            "taken_on": day,
        }
        months += 1


def months_later(first: date, months: int) -> date:
    """Return the same day some months later; a month's last day stays a month's last day.

    Examples
    --------
    >>> months_later(date(2026, 11, 30), 3), months_later(date(2027, 1, 30), 1)
    (datetime.date(2027, 2, 28), datetime.date(2027, 2, 28))
    """
    year, month = divmod(first.month - 1 + months, _YEAR)
    length = monthrange(first.year + year, month + 1)[1]
    is_last = first.day == monthrange(first.year, first.month)[1]
    return date(first.year + year, month + 1, length if is_last else min(first.day, length))
