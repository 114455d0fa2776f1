"""What is taken once by an id of its own: the same again is a duplicate, else a reject."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.intake.documents import FileEntry
from backoffice.intake.resolve import CONFLICTING_DUPLICATE
from backoffice.intake.trade_frames import REJECT_SCHEMA
from backoffice.kernel.parts import Work

_ORDER: Final = ("taken_on", "business_date", "file", "row", "partner")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: the column of its ids, and those that must be equal when one comes again.

    `noun` is what one of its rows is called.
    """

    name: str
    noun: str
    identity: str
    content: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenOnce:
    """Everything of a kind ever taken; `counts` are (duplicates, rejected) by a file's position."""

    table: pl.DataFrame
    rejects: pl.DataFrame
    counts: Mapping[int, tuple[int, int]]


def take_once(
    kind: Kind,
    known: pl.DataFrame,
    work: Work,
    entries: Sequence[tuple[int, FileEntry]],
    day: date,
) -> TakenOnce:
    """Take each new id of a day's files; equal content again is a duplicate, other a reject.

    Parameters
    ----------
    known : pl.DataFrame
        What was taken before: the kind's captured columns, `taken_on`, and others that the rows
        of today have null in.
    """
    before_today = known.with_columns(entry=pl.lit(None, pl.UInt32))
    today = [_rows(known, work, place, entry, day) for place, entry in entries]
    ranked = pl.concat([before_today, *today]).sort(_ORDER)
    same = [pl.col(c).eq_missing(pl.col(c).first().over(kind.identity)) for c in kind.content]
    ranked = ranked.with_columns(
        repeat=pl.int_range(pl.len()).over(kind.identity) > 0, equal=pl.all_horizontal(same)
    )
    repeats = ranked.filter("repeat")
    counted = repeats.group_by("entry").agg(
        pl.col("equal").sum().cast(pl.Int64).alias("duplicates"),
        (~pl.col("equal")).sum().cast(pl.Int64).alias("rejected"),
    )
    return TakenOnce(
        table=ranked.filter(~pl.col("repeat")).select(known.columns),
        rejects=_rejects(kind, repeats.filter(~pl.col("equal"))),
        counts={entry: (twice, rejected) for entry, twice, rejected in counted.iter_rows()},
    )


def _rows(
    known: pl.DataFrame, work: Work, position: int, entry: FileEntry, day: date
) -> pl.DataFrame:
    """Read a file's rows in the columns of what is known."""
    rows = pl.concat([known.clear().drop("taken_on"), *_read(known, work, entry)])
    placed = rows.with_columns(taken_on=pl.lit(day), entry=pl.lit(position, pl.UInt32))
    return placed.select(*known.columns, "entry")


def _read(known: pl.DataFrame, work: Work, entry: FileEntry) -> Iterable[pl.DataFrame]:
    for part in entry.parts:
        rows = work.read(part)
        lacking = {n: t for n, t in known.schema.items() if n not in {*rows.columns, "taken_on"}}
        wide = rows.with_columns(pl.lit(None, t).alias(n) for n, t in lacking.items())
        yield wide.select(name for name in known.columns if name != "taken_on")


def _rejects(kind: Kind, conflicts: pl.DataFrame) -> pl.DataFrame:
    said = f"an earlier {kind.noun} of this id says otherwise"
    return conflicts.select(
        "partner",
        "business_date",
        "file",
        "row",
        pl.lit(None, pl.String).alias("trade_id"),
        pl.lit(kind.identity).alias("field"),
        pl.lit(CONFLICTING_DUPLICATE).alias("code"),
        pl.lit(said).alias("message"),
        pl.lit(kind.name).alias("kind"),
    ).cast(dict(REJECT_SCHEMA))  # type: ignore[arg-type]
