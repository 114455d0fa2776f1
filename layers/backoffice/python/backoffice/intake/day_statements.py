"""What a day is told by statements and messages: the rows of its files, put together by kind."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.intake.documents import FileEntry
from backoffice.intake.statement_columns import CASH_ENTRIES
from backoffice.kernel.parts import Part, Work

HOLDINGS: Final = "holdings"
STATED: Final = (HOLDINGS, "cash", "transactions", CASH_ENTRIES)
"""What statements bring, as the day's documents name it; cash entries come in files of cash."""


def stated_rows(work: Work, entries: Iterable[FileEntry], name: str) -> pl.DataFrame | None:
    """Read the captured rows of one kind, or the cash entries, of committed files."""
    return work.read_all(_parts(entries, name))


def stage_statements(work: Work, entries: Iterable[FileEntry], day: date) -> dict[str, Any]:
    """Stage the rows of the day's statements by kind; None where there are none."""
    committed = list(entries)
    rows = {name: stated_rows(work, committed, name) for name in STATED}
    return {
        name: None if found is None else work.stage(f"days/{day}/{name}.parquet", found)
        for name, found in rows.items()
    }


def states_holdings(entries: Iterable[FileEntry], day: date) -> bool:
    """Whether a statement of holdings was committed for the day, be it one without a row."""
    return any(entry.drop.kind == HOLDINGS and entry.drop.business_date == day for entry in entries)


def _parts(entries: Iterable[FileEntry], name: str) -> Iterator[Part]:
    for entry in entries:
        if name == CASH_ENTRIES:
            yield from entry.entries
        elif entry.drop.kind == name:
            yield from entry.parts
