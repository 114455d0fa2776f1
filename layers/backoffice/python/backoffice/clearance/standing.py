"""Causes that no reference data cures: only a decision closes their cases."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA, DUES_SCHEMA
from backoffice.intake.day_documents import Cause
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

STANDING: Final = "standing_causes"
"""Their table."""

DUES: Final = "cause_dues"
"""When the cases of those are to be decided that have a date of their own."""

_CAUSE: Final = ("code", "subject")


def no_causes() -> pl.DataFrame:
    """Return causes without rows."""
    return pl.DataFrame(schema=dict(CAUSE_SCHEMA))


def replace_standing(records: Records, books: Books, causes: pl.DataFrame, day: date) -> Books:
    """Keep the causes that stand until someone decides, or what they are about is over."""
    rows = causes.select(list(CAUSE_SCHEMA)).unique().sort(pl.all())
    return books.with_tables(**{STANDING: records.keep("clearance", day, rows)})


def take_out(records: Records, books: Books, over: pl.DataFrame, day: date) -> Books:
    """Take the standing causes out that `over` names (code, subject)."""
    part = books.tables.get(STANDING)
    if part is None or not over.height:
        return books
    causes = records.read(part).join(over, on=_CAUSE, how="anti")
    books = replace_standing(records, books, causes, day)
    # several steps of a day write the table
    return books.with_written(part.key, books.tables[STANDING].key)


def read_dues(records: Records, books: Books) -> pl.DataFrame:
    """Return code, subject, due of the standing causes with a date of their own."""
    part = books.tables.get(DUES)
    return records.read(part) if part else pl.DataFrame(schema=dict(DUES_SCHEMA))


def change_standing(
    records: Records,
    books: Books,
    causes: Sequence[Cause],
    cured: Iterable[Cause],
    day: date,
    members: pl.DataFrame | None = None,
) -> Books:
    """Take out the causes that are cured, then add those found; one that stands keeps its date.

    Parameters
    ----------
    members : pl.DataFrame, optional
        `CAUSE_SCHEMA`: what those found hold, where it is not for their code and subject alone.
    """
    part = books.tables.get(STANDING)
    known = records.read(part) if part else no_causes()
    over = _named(cured)
    kept = known.join(over, on=_CAUSE, how="anti")
    if not causes and kept.height == known.height:
        return books
    both = pl.concat([kept, _rows(causes, members)])
    books = replace_standing(records, books, both, day)
    keys = [books.tables[STANDING].key]
    dues = _dues(read_dues(records, books), kept, causes)
    if DUES in books.tables or dues.height:
        books = books.with_tables(**{DUES: records.keep("clearance", day, dues)})
        keys.append(books.tables[DUES].key)
    # other steps of the day write the tables once more
    return books.with_written(*keys)


def _rows(causes: Sequence[Cause], members: pl.DataFrame | None) -> pl.DataFrame:
    """Return the members of causes; of one without any, a row that is none's."""
    found = shaped(_named(causes), CAUSE_SCHEMA)
    if members is None:
        return found
    held = members.select(list(CAUSE_SCHEMA)).join(found, on=_CAUSE, how="semi")
    return pl.concat([found.join(held, on=_CAUSE, how="anti"), held])


def _dues(before: pl.DataFrame, kept: pl.DataFrame, causes: Iterable[Cause]) -> pl.DataFrame:
    still = before.join(kept, on=_CAUSE, how="semi")
    fresh = _named(one for one in causes if one.due).join(kept, on=_CAUSE, how="anti")
    return pl.concat([still, fresh]).unique(_CAUSE, keep="first").sort(_CAUSE)


def _named(causes: Iterable[Cause]) -> pl.DataFrame:
    return pl.DataFrame([one.model_dump() for one in causes], schema=dict(DUES_SCHEMA))
