"""Rows that are taken once by an id of their own, and wait in a table until a close books them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from backoffice.intake.documents import FileEntry
from backoffice.intake.resolve import CONFLICTING_DUPLICATE
from backoffice.intake.trade_frames import REJECT_SCHEMA
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work

PLACED = {
    "partner": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
}
TAKEN = {"unknown": pl.String, "taken_on": pl.Date, "booked_on": pl.Date}
"""What every such row says beside its own columns; `booked_on` is null while it waits."""

_ORDER = ("taken_on", "business_date", "file", "row", "partner")


@dataclass(frozen=True, slots=True)
class OnceKind:
    """A kind of file whose rows are taken once.

    Attributes
    ----------
    kind, table
        The kind of file, and its table in the books.
    key
        The column that names a row.
    content
        The columns by which a row is the same again.
    schema
        The table's columns; one that no file has is null until a close fills it.
    noun
        What a row is called.
    """

    kind: str
    table: str
    key: str
    content: tuple[str, ...]
    schema: Mapping[str, Any]
    noun: str


@dataclass(frozen=True, slots=True)
class TakenOnce:
    """Every row ever taken; `counts` are (duplicates, rejected) by a file's position."""

    table: pl.DataFrame
    rejects: pl.DataFrame
    counts: Mapping[int, tuple[int, int]]


def take_once(
    records: Records,
    work: Work,
    books: Books,
    entries: Sequence[tuple[int, FileEntry]],
    kind: OnceKind,
) -> TakenOnce:
    """Take each new id; equal content again is a duplicate, other content a reject."""
    before = books.tables.get(kind.table)
    known = records.read(before) if before else pl.DataFrame(schema=dict(kind.schema))
    before_today = known.with_columns(entry=pl.lit(None, pl.UInt32))
    ranked = pl.concat([before_today, *_today(work, entries, kind, books.day)]).sort(_ORDER)
    same = [pl.col(c).eq_missing(pl.col(c).first().over(kind.key)) for c in kind.content]
    ranked = ranked.with_columns(
        repeat=pl.int_range(pl.len()).over(kind.key) > 0, equal=pl.all_horizontal(same)
    )
    repeats = ranked.filter("repeat")
    counted = repeats.group_by("entry").agg(
        pl.col("equal").sum().cast(pl.Int64).alias("duplicates"),
        (~pl.col("equal")).sum().cast(pl.Int64).alias("rejected"),
    )
    return TakenOnce(
        table=ranked.filter(~pl.col("repeat")).select(list(kind.schema)),
        rejects=_rejects(repeats.filter(~pl.col("equal")), kind),
        counts={entry: (twice, rejected) for entry, twice, rejected in counted.iter_rows()},
    )


def _today(
    work: Work, entries: Sequence[tuple[int, FileEntry]], kind: OnceKind, day: date
) -> list[pl.DataFrame]:
    found = []
    for position, entry in entries:
        for part in entry.parts:
            rows = work.read(part).with_columns(taken_on=pl.lit(day))
            later = [
                pl.lit(None, dtype).alias(name)
                for name, dtype in kind.schema.items()
                if name not in rows.columns
            ]
            rows = rows.with_columns(*later, entry=pl.lit(position, pl.UInt32))
            found.append(rows.select(*kind.schema, "entry"))
    return found


def _rejects(conflicts: pl.DataFrame, kind: OnceKind) -> pl.DataFrame:
    return conflicts.select(
        "partner",
        "business_date",
        "file",
        "row",
        pl.lit(None, pl.String).alias("trade_id"),
        pl.lit(kind.key).alias("field"),
        pl.lit(CONFLICTING_DUPLICATE).alias("code"),
        pl.lit(f"an earlier {kind.noun} of this id says otherwise").alias("message"),
        pl.lit(kind.kind).alias("kind"),
    ).cast(dict(REJECT_SCHEMA))  # type: ignore[arg-type]
