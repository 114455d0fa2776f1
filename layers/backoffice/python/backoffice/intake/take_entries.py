"""Take a day's entries by hand: whole, or not at all, each id once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.intake.day_entries import (
    ENTRIES,
    ENTRY_SCHEMA,
    LINE_SCHEMA,
    LINES,
    RECURRENCE_SCHEMA,
    RECURRENCES,
    known_entries,
    known_lines,
    known_recurrences,
)
from backoffice.intake.documents import FileEntry
from backoffice.intake.entry_faults import FAULTS, faults_of_entries
from backoffice.intake.resolve import CONFLICTING_DUPLICATE
from backoffice.intake.trade_frames import REJECT_SCHEMA
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_e8
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records, Work

_OF_ENTRY: Final = ("entry", "entry_id")
_ORDER: Final = ("business_date", "file", "row", "partner")
_DUPLICATE: Final = "DUPLICATE"


@dataclass(frozen=True, slots=True)
class TakenEntries:
    """The books with what was taken, the refused rows, (duplicates, rejected) by file."""

    books: Books
    rejects: pl.DataFrame
    counts: Mapping[int, tuple[int, int]]


def take_entries(
    records: Records, work: Work, books: Books, files: Sequence[tuple[int, FileEntry]]
) -> TakenEntries:
    """Take what files of entries propose: a case each, until two people have decided.

    A line that is refused refuses its entry; the same entry again is a duplicate, another of its
    id is refused.

    Parameters
    ----------
    files
        The committed files of entries, by their position among the day's.
    """
    rows = _rows(work, files)
    if rows is None:
        return TakenEntries(books, pl.DataFrame(schema=dict(REJECT_SCHEMA)), {})
    judged = _with_words(faults_of_entries(records, work, books, rows, files))
    known = known_entries(records, books)
    good = judged.filter(pl.col("code").is_null())
    heads = _verdicts(good, known)
    told = pl.coalesce("code", "verdict").alias("code")
    judged = judged.join(heads.select(*_OF_ENTRY, "verdict"), on=_OF_ENTRY, how="left")
    judged = judged.with_columns(told)
    fresh = heads.filter(pl.col("verdict").is_null())
    lines = _lines(good.join(fresh.select(_OF_ENTRY), on=_OF_ENTRY, how="semi"))
    tables = {
        ENTRIES: pl.concat([known, _as_known(fresh, books)]),
        LINES: pl.concat([known_lines(records, books), lines]),
    }
    recurring = _recurring(fresh)
    if recurring.height:
        tables[RECURRENCES] = pl.concat([known_recurrences(records, books), recurring])
    kept = {name: records.keep("intake", books.day, table) for name, table in tables.items()}
    return TakenEntries(books.with_tables(**kept), _rejects(judged), _counts(judged))


def _rows(work: Work, files: Sequence[tuple[int, FileEntry]]) -> pl.DataFrame | None:
    """Read the files' rows, each with its file's position, as `entry`; None where is none."""
    found = [
        work.read(part).with_columns(entry=pl.lit(position, pl.UInt32))
        for position, file in files
        for part in file.parts
    ]
    return pl.concat(found).sort(_ORDER) if found else None


def _with_words(judged: pl.DataFrame) -> pl.DataFrame:
    """Add `line`, and `says`: all of an entry in words, by which it is the same again."""
    of_entry = list(_OF_ENTRY)
    line = pl.format("{} {} {}", "account", format_e8("amount_e8"), "unit")
    dated = pl.format("effective {}", pl.col("effective_date").cast(pl.String))
    again = pl.format(", monthly until {}", pl.col("repeat_until").cast(pl.String)).fill_null("")
    back = pl.format(", reversed on {}", pl.col("reverse_on").cast(pl.String)).fill_null("")
    mends = pl.format(", corrects {}", "corrects").fill_null("")
    words = pl.concat_str(
        dated, again, back, mends, pl.lit(": "), line.str.join("; ").over(of_entry), pl.lit(" ("),
        pl.col("reason").fill_null(""), pl.lit(")"),
    )  # fmt: skip
    number = pl.int_range(pl.len(), dtype=pl.UInt32).over(of_entry) + 1
    return judged.with_columns(says=words, line=number)


def _verdicts(good: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return a row an entry, the first row of each, with `lines` and `verdict` (null: taken)."""
    sizes = good.group_by(_OF_ENTRY).agg(lines=pl.len().cast(pl.UInt32))
    heads = good.filter(pl.col("line") == 1).join(
        sizes, on=_OF_ENTRY, how="left", maintain_order="left"
    )
    before = known.select("entry_id", earlier="says")
    joined = heads.join(before, on="entry_id", how="left", maintain_order="left")
    stands = pl.coalesce("earlier", pl.col("says").first().over("entry_id"))
    is_new = pl.col("earlier").is_null() & (pl.int_range(pl.len()).over("entry_id") == 0)
    verdict = (
        pl.when(is_new)
        .then(pl.lit(None, pl.String))
        .when(pl.col("says") == stands)
        .then(pl.lit(_DUPLICATE))
        .otherwise(pl.lit(CONFLICTING_DUPLICATE))
    )
    return joined.with_columns(verdict=verdict)


def _as_known(fresh: pl.DataFrame, books: Books) -> pl.DataFrame:
    given = set(fresh.columns)
    later = {name: pl.lit(None, kind) for name, kind in ENTRY_SCHEMA.items() if name not in given}
    rows = fresh.with_columns(**later).with_columns(taken_on=pl.lit(books.day))
    return shaped(rows, ENTRY_SCHEMA)


def _recurring(fresh: pl.DataFrame) -> pl.DataFrame:
    rows = fresh.rename({"repeat_until": "until"}).filter(pl.col("until").is_not_null())
    return shaped(rows, RECURRENCE_SCHEMA)


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    return shaped(rows, LINE_SCHEMA)


def _rejects(judged: pl.DataFrame) -> pl.DataFrame:
    refused = judged.filter(pl.col("code").is_not_null(), pl.col("code") != _DUPLICATE)
    messages = {**FAULTS, CONFLICTING_DUPLICATE: "an earlier entry of this id says otherwise"}
    code = pl.col("code")
    field = pl.when(code == "BAD_ACCOUNT").then(pl.lit("account")).otherwise(pl.lit("entry_id"))
    told = {
        "trade_id": pl.col("entry_id"),
        "field": field,
        "message": code.replace_strict(messages, return_dtype=pl.String),
        "kind": pl.lit(ENTRIES),
    }
    rows = refused.with_columns(**told)
    return shaped(rows, REJECT_SCHEMA)


def _counts(judged: pl.DataFrame) -> dict[int, tuple[int, int]]:
    twice = pl.col("code") == _DUPLICATE
    counted = judged.group_by("entry").agg(
        twice.sum().cast(pl.Int64).alias("duplicates"),
        (~twice).sum().cast(pl.Int64).alias("rejected"),
    )
    return {entry: (same, rejected) for entry, same, rejected in counted.iter_rows()}
