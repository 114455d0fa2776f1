"""The statements of a day: who made which, and the rows of those that a close matches line by line.

Statements come before a cut-off or after it; what they say is one set.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.intake.day_documents import Stated, Statements
from backoffice.intake.documents import FileEntry
from backoffice.intake.schemas import STATEMENTS
from backoffice.kernel.parts import Records, Work

TRANSACTIONS: Final = "transactions"
BANK: Final = "bank"
_BY_LINE: Final = (TRANSACTIONS, BANK)


def stage_statements(work: Work, committed: Sequence[FileEntry], day: date) -> Statements:
    """Stage what a cut-off's committed files state."""
    parts = {}
    for kind in _BY_LINE:
        rows = _rows(work, committed, kind)
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
        since = _rows(work, committed, kind)
        if since is not None:
            frames = [records.read(parts[kind])] if kind in parts else []
            parts[kind] = records.keep("intake", day, pl.concat([*frames, since]))
    stated = {*before.stated, *_stated(committed)}
    return Statements(stated=_sorted(stated), parts=parts)


def _rows(work: Work, committed: Iterable[FileEntry], kind: str) -> pl.DataFrame | None:
    entries = (entry for entry in committed if entry.drop.kind == kind)
    return work.read_all(part for entry in entries for part in entry.parts)


def _stated(committed: Iterable[FileEntry]) -> tuple[Stated, ...]:
    return _sorted(
        {
            Stated(
                partner=entry.drop.partner,
                kind=str(entry.drop.kind),
                business_date=entry.drop.business_date,
            )
            for entry in committed
            if entry.drop.kind in STATEMENTS
        }
    )


def _sorted(stated: Iterable[Stated]) -> tuple[Stated, ...]:
    return tuple(sorted(stated, key=lambda one: (one.partner, one.kind, one.business_date)))
