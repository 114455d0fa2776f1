"""Causes that no reference data cures: only a decision closes their cases."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.trails import Decision
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

STANDING: Final = "standing_causes"
"""Their table."""


def no_causes() -> pl.DataFrame:
    """Return causes without rows."""
    return pl.DataFrame(schema=dict(CAUSE_SCHEMA))


def replace_standing(records: Records, books: Books, causes: pl.DataFrame, day: date) -> Books:
    """Keep the causes that stand until someone decides, or what they are about is over."""
    rows = causes.select(list(CAUSE_SCHEMA)).unique().sort(pl.all())
    return books.with_tables(**{STANDING: records.keep("clearance", day, rows)})


def without_acknowledged(
    records: Records, books: Books, decided: Iterable[Decision], day: date
) -> Books:
    """Take out the standing causes that two people have dealt with."""
    done = {one.case_id for one in decided if one.outcome == "ACKNOWLEDGE"}
    standing, cases = books.tables.get(STANDING), books.tables.get("cases")
    if not done or standing is None or cases is None:
        return books
    over = records.read(cases).filter(pl.col("case_id").is_in(done))
    causes = records.read(standing).join(over, on=("code", "subject"), how="anti")
    books = replace_standing(records, books, causes, day)
    # the street's step writes the table once more
    return books.model_copy(update={"written": (*books.written, books.tables[STANDING].key)})
