"""What a day's files came to: the rows refused, each file's counts, the trades' in all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from backoffice.intake.day_documents import FileResult, TradeCounts
from backoffice.intake.day_files import FileStatus, result_of
from backoffice.intake.day_trades import ResolvedTrades
from backoffice.intake.documents import FileEntry
from backoffice.intake.trade_frames import REJECT_SCHEMA
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work

_ORDER: Final = ("business_date", "partner", "file", "row", "field", "code")


def rejects_of(
    work: Work, committed: Sequence[tuple[int, FileEntry]], found: Sequence[pl.DataFrame]
) -> pl.DataFrame:
    """Return every row refused, as it was captured or as other files found it."""
    captured = work.read_all(part for _, entry in committed for part in entry.rejects)
    rows = [captured.select(list(REJECT_SCHEMA))] if captured is not None else []
    return pl.concat([*rows, *found]).sort(_ORDER)


def with_rejects(
    records: Records, work: Work, books: Books, committed: Iterable[FileEntry]
) -> Books:
    """Add the rows refused of files that came after the cut-off to those of the day before it."""
    captured = work.read_all(part for entry in committed for part in entry.rejects)
    if captured is None or not captured.height:
        return books
    *earlier, today = books.day_parts["rejects"]
    both = pl.concat([records.read(today), captured.select(list(REJECT_SCHEMA))]).sort(_ORDER)
    part = records.keep("intake", books.day, both)
    parts = {**books.day_parts, "rejects": (*earlier, part)}
    return books.model_copy(update={"day_parts": parts}).with_written(today.key)


def results_of(
    files: Sequence[FileStatus], trades: ResolvedTrades, once: Mapping[int, tuple[int, int]]
) -> list[FileResult]:
    """Count each file's rows; what was resolved against other files counts where it ended."""
    odd = {row["entry"]: (row["duplicates"], row["rejected"]) for row in trades.counts.to_dicts()}
    odd |= once
    return [result_of(file, *odd.get(position, (0, 0))) for position, file in enumerate(files)]


def counts_of(results: Iterable[FileResult], trades: ResolvedTrades) -> TradeCounts:
    """Count the rows of the day's trades files."""
    files = [r for r in results if r.kind == "trades" and r.status == "COMMITTED"]
    return TradeCounts(
        received=sum(file.rows for file in files),
        captured=sum(file.captured for file in files),
        rejected=sum(file.rejected for file in files),
        duplicates=sum(file.duplicates for file in files),
        cancelled=int(trades.counts["cancels"].sum()),
    )
