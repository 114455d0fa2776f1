"""The audit trail of what is served: who changed it, when, from what to what.

It is told from the states of the books, each of which stands for good, and the desk's acts: no
second store could differ from them. Source: SEC rule 17a-4(f)(2)(i)(A), the alternative to WORM.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl
import polars.selectors as cs

from backoffice.accounting.as_of import carried_parts
from backoffice.accounting.balances import balances
from backoffice.clearance.read_trails import read_acts
from backoffice.intake.documents import FrozenInputs, frozen_key
from backoffice.kernel.books import Books, load
from backoffice.kernel.parts import Part, Records
from backoffice.records.view_columns import shown
from backoffice.reference.tables import KEYS

_COLUMNS: Final = ("table", "key", "change", "before", "after", "recorded_on", "phase", "by", "at")
_SCHEMA: Final = dict.fromkeys(_COLUMNS, pl.String)
_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "obligations": ("obligation_id",),
    "cases": ("case_id",),
    **KEYS,
}
_BALANCES: Final = ("book", "ref", "unit")
_JOBS: Final = {"cut-off": "cut_off", "closed": "close_business_day"}
_ORIGIN: Final = ("partner", "business_date", "file", "row")


def day_changes(records: Records, books: Books) -> pl.DataFrame:
    """Show every change of the served state that a business day made.

    Parameters
    ----------
    books
        The state at the day's close, or at its cut-off.

    Returns
    -------
    pl.DataFrame
        A row a row of a table: `change` is ADDED, CHANGED or REMOVED, `before` and `after` its
        columns as JSON. `by` is the job, the file whose row it was, or the person; `at` is when a
        person acted. A job's changes were made when the state of its phase was written.
    """
    frames = [pl.DataFrame(schema=_SCHEMA)]
    for before, after in _steps(records, books):
        frames += _between(records, before, after)
        frames.append(_acts(records, after))
    return shown(_COLUMNS, pl.concat(frames))


def _steps(records: Records, books: Books) -> Iterator[tuple[Books | None, Books]]:
    """Yield the states of a day, the latest first, each with the one before it."""
    after: Books | None = books
    while after is not None and after.day == books.day and after.previous is not None:
        before = load(records, after.previous)
        yield before, after
        after = before
    if after is not None and after.day == books.day and after.previous is None:
        yield None, after


def _between(records: Records, before: Books | None, after: Books) -> Iterator[pl.DataFrame]:
    for name, key in _TABLES.items():
        was, now = (_part(books, name) for books in (before, after))
        if was != now:
            rows = [_rows(records.read(part) if part else None, key) for part in (was, now)]
            yield _changed(name, rows[0], rows[1], after)
    parts = [carried_parts(books) if books else () for books in (before, after)]
    if parts[0] != parts[1]:
        rows = [_rows(_summed(records, some), _BALANCES) for some in parts]
        yield _changed("balances", rows[0], rows[1], after)


def _summed(records: Records, parts: Sequence[Part]) -> pl.DataFrame | None:
    """Sum balances, for an account's may lie in several parts."""
    rows = records.read_all(parts)
    return None if rows is None else balances(rows)


def _part(books: Books | None, name: str) -> Part | None:
    return books.tables.get(name) if books else None


def _changed(name: str, was: pl.DataFrame, now: pl.DataFrame, books: Books) -> pl.DataFrame:
    """Compare a table's rows before and after."""
    joined = was.join(now, on="key", how="full", suffix="_now", coalesce=True)
    differs = joined.filter(pl.col("row").ne_missing(pl.col("row_now")))
    change = (
        pl.when(pl.col("row").is_null())
        .then(pl.lit("ADDED"))
        .when(pl.col("row_now").is_null())
        .then(pl.lit("REMOVED"))
        .otherwise(pl.lit("CHANGED"))
    )
    return differs.select(
        pl.lit(name).alias("table"),
        "key",
        change.alias("change"),
        pl.col("row").alias("before"),
        pl.col("row_now").alias("after"),
        pl.lit(str(books.day)).alias("recorded_on"),
        pl.lit(books.phase).alias("phase"),
        pl.coalesce("origin_now", pl.lit(_JOBS[books.phase])).alias("by"),
        pl.lit(None, pl.String).alias("at"),
    )


def _rows(rows: pl.DataFrame | None, key: Sequence[str]) -> pl.DataFrame:
    """Return key, row (JSON of the rest) and origin (the file's row it came from, or null)."""
    if rows is None:
        return pl.DataFrame(schema=dict.fromkeys(("key", "row", "origin"), pl.String))
    texts = rows.with_columns((cs.all() - cs.nested()).cast(pl.String))
    origin = pl.lit(None, pl.String)
    if set(_ORIGIN) <= set(texts.columns):
        origin = pl.format("{}/{}/{} row {}", *_ORIGIN)
    rest = [name for name in texts.columns if name not in key]
    return texts.select(
        pl.concat_str(key, separator=" ", ignore_nulls=True).alias("key"),
        pl.struct(rest).struct.json_encode().alias("row"),
        origin.alias("origin"),
    )


def _acts(records: Records, books: Books) -> pl.DataFrame:
    """Return what people did about cases, as far as a phase took it."""
    phase = "close" if books.phase == "closed" else "cut-off"
    frozen = FrozenInputs.model_validate_json(records.read_bytes(frozen_key(books.day, phase)))
    rows = [
        {
            "table": "case_acts",
            "key": f"{event.case_id} {event.number}",
            "change": "ADDED",
            "after": event.act.model_dump_json(exclude_none=True),
            "recorded_on": str(books.day),
            "phase": books.phase,
            "by": event.actor,
            "at": event.at,
        }
        for event in read_acts(records, frozen.acts)
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)
