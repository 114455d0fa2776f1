"""Resolve a day's movements: an id is taken once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.intake.documents import FileEntry
from backoffice.intake.resolve import CONFLICTING_DUPLICATE
from backoffice.intake.trade_frames import REJECT_SCHEMA
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
_ORDER: Final = ("taken_on", "business_date", "file", "row", "partner")


@dataclass(frozen=True, slots=True)
class ResolvedMovements:
    """Every movement ever taken; `counts` are (duplicates, rejected) by a file's position."""

    table: pl.DataFrame
    rejects: pl.DataFrame
    counts: Mapping[int, tuple[int, int]]


def resolve_movements(
    records: Records,
    work: Work,
    books: Books,
    entries: Sequence[tuple[int, FileEntry]],
    day: date,
) -> ResolvedMovements:
    """Take each new movement id; equal content again is a duplicate, other content a reject."""
    before = books.tables.get("movements")
    known = records.read(before) if before else pl.DataFrame(schema=dict(MOVEMENT_SCHEMA))
    before_today = known.with_columns(entry=pl.lit(None, pl.UInt32))
    ranked = pl.concat([before_today, *_today(work, entries, day)]).sort(_ORDER)
    same = [pl.col(c).eq_missing(pl.col(c).first().over("movement_id")) for c in _CONTENT]
    ranked = ranked.with_columns(
        repeat=pl.int_range(pl.len()).over("movement_id") > 0, equal=pl.all_horizontal(same)
    )
    repeats = ranked.filter("repeat")
    counted = repeats.group_by("entry").agg(
        pl.col("equal").sum().cast(pl.Int64).alias("duplicates"),
        (~pl.col("equal")).sum().cast(pl.Int64).alias("rejected"),
    )
    return ResolvedMovements(
        table=ranked.filter(~pl.col("repeat")).select(list(MOVEMENT_SCHEMA)),
        rejects=_rejects(repeats.filter(~pl.col("equal"))),
        counts={entry: (twice, rejected) for entry, twice, rejected in counted.iter_rows()},
    )


def _today(work: Work, entries: Sequence[tuple[int, FileEntry]], day: date) -> list[pl.DataFrame]:
    return [
        work.read(part)
        .with_columns(
            taken_on=pl.lit(day),
            booked_on=pl.lit(None, pl.Date),
            lot_currency=pl.lit(None, pl.String),
            entry=pl.lit(position, pl.UInt32),
        )
        .select(*MOVEMENT_SCHEMA, "entry")
        for position, entry in entries
        for part in entry.parts
    ]


def _rejects(conflicts: pl.DataFrame) -> pl.DataFrame:
    return conflicts.select(
        "partner",
        "business_date",
        "file",
        "row",
        pl.lit(None, pl.String).alias("trade_id"),
        pl.lit("movement_id").alias("field"),
        pl.lit(CONFLICTING_DUPLICATE).alias("code"),
        pl.lit("an earlier movement of this id says otherwise").alias("message"),
        pl.lit("movements").alias("kind"),
    ).cast(dict(REJECT_SCHEMA))  # type: ignore[arg-type]
