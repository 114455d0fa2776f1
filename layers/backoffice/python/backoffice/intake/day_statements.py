"""The statements of a day: who made which, and the rows of those that a close matches line by line.

Statements come before a cut-off or after it; what they say is one set. Holdings and balances have
fields of their own in the day's documents; the lines of `transactions`, and what moved at the
banks (`bank` files, and the entries that come in messages of `cash`), are told by kind.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.intake.day_documents import Stated, Statements
from backoffice.intake.documents import FileEntry
from backoffice.intake.schemas import STATEMENTS
from backoffice.kernel.parts import Part, Records, Work

HOLDINGS: Final = "holdings"
BALANCES: Final = (HOLDINGS, "cash")
"""What stands at others' at the end of a day."""
TRANSACTIONS: Final = "transactions"
BANK: Final = "bank"
_BY_LINE: Final = (TRANSACTIONS, BANK)
_BOOKED: Final = "BOOKED"


def stated_rows(work: Work, entries: Iterable[FileEntry], kind: str) -> pl.DataFrame | None:
    """Read the captured rows of one kind of committed files; None where there are none."""
    committed = list(entries)
    rows = work.read_all(
        part for entry in committed if entry.drop.kind == kind for part in entry.parts
    )
    told = work.read_all(_entries(committed)) if kind == BANK else None
    if told is None:
        return rows
    booked = _as_lines(told)
    return booked if rows is None else pl.concat([rows.select(booked.columns), booked])


def stage_balances(work: Work, entries: Iterable[FileEntry], day: date) -> dict[str, Any]:
    """Stage the rows of the day's holdings and balances; None where there are none."""
    committed = list(entries)
    rows = {kind: stated_rows(work, committed, kind) for kind in BALANCES}
    return {
        kind: None if found is None else work.stage(f"days/{day}/{kind}.parquet", found)
        for kind, found in rows.items()
    }


def states_holdings(entries: Iterable[FileEntry], day: date) -> bool:
    """Whether a statement of holdings was committed for the day, be it one without a row."""
    return any(entry.drop.kind == HOLDINGS and entry.drop.business_date == day for entry in entries)


def stage_statements(work: Work, committed: Sequence[FileEntry], day: date) -> Statements:
    """Stage what a cut-off's committed files state."""
    parts = {}
    for kind in _BY_LINE:
        rows = stated_rows(work, committed, kind)
        if rows is not None:
            parts[kind] = work.stage(f"days/{day}/{kind}.parquet", rows)
    return Statements(stated=_stated(committed), parts=parts)


def keep_statements(records: Records, work: Work, staged: Statements, day: date) -> Statements:
    """Keep what a cut-off staged."""
    parts = {kind: records.keep("intake", day, work.read(p)) for kind, p in staged.parts.items()}
    return Statements(stated=staged.stated, parts=parts)


def add_statements(
    records: Records, work: Work, before: Statements, committed: Sequence[FileEntry], day: date
) -> Statements:
    """Put together what the cut-off's files state and those that came since."""
    parts = dict(before.parts)
    for kind in _BY_LINE:
        since = stated_rows(work, committed, kind)
        if since is not None:
            frames = [records.read(parts[kind])] if kind in parts else []
            both = pl.concat([*(frame.select(since.columns) for frame in frames), since])
            parts[kind] = records.keep("intake", day, both)
    stated = {*before.stated, *_stated(committed)}
    return Statements(stated=_sorted(stated), parts=parts)


def _entries(committed: Iterable[FileEntry]) -> Iterator[Part]:
    for entry in committed:
        yield from entry.entries


def _as_lines(entries: pl.DataFrame) -> pl.DataFrame:
    """Return what a bank has booked, as lines of `bank` files."""
    booked = entries.filter(pl.col("status") == _BOOKED)
    dated = booked.with_columns(
        pl.col("nostro").fill_null(""),
        value_date=pl.coalesce("value_date", "booking_date", "business_date"),
    )
    return dated.drop("status", "booking_date", "message")


def _stated(committed: Iterable[FileEntry]) -> tuple[Stated, ...]:
    return _sorted({one for entry in committed for one in _of_file(entry)})


def _of_file(entry: FileEntry) -> Iterator[Stated]:
    # entries without a balance are a notice, and no statement of what there is
    is_notice = bool(entry.entries) and not entry.parts
    states = entry.drop.kind in STATEMENTS and not is_notice
    kinds = [str(entry.drop.kind)] if states else []
    kinds += [BANK] if entry.entries else []
    for kind in kinds:
        yield Stated(partner=entry.drop.partner, kind=kind, business_date=entry.drop.business_date)


def _sorted(stated: Iterable[Stated]) -> tuple[Stated, ...]:
    return tuple(sorted(stated, key=lambda one: (one.partner, one.kind, one.business_date)))
