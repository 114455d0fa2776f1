"""The exceptions desk brought up to date: every cause there is, a case each."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import (
    CASE_SCHEMA,
    CAUSE_SCHEMA,
    due_on,
    hold_causes,
    open_cases,
)
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.tables import empty_table

STANDING: Final = "standing_causes"
"""The table of causes that no reference data cures: only a decision closes their cases."""


def look_at_desk(records: Records, books: Books, day: date, rulebook: Rulebook) -> Books:
    """Open, keep and close cases for what is held, what waits and what stands to be decided."""
    accounts = _table(records, books, "accounts", empty_table("accounts"))
    held = records.read_all(books.bucketed.get("held", ()))
    register = pl.DataFrame(schema=dict(REGISTER_SCHEMA)) if held is None else held
    causes = pl.concat(
        [
            hold_causes(register, accounts),
            _movement_causes(records, books, accounts),
            _table(records, books, STANDING, no_causes()),
        ]
    )
    before = _table(records, books, "cases", pl.DataFrame(schema=dict(CASE_SCHEMA)))
    desk = open_cases(before, causes, day, due_on(day, rulebook))
    return books.with_tables(
        cases=records.keep("clearance", day, desk.cases),
        case_members=records.keep("clearance", day, desk.members),
    )


def no_causes() -> pl.DataFrame:
    """Return causes without rows."""
    return pl.DataFrame(schema=dict(CAUSE_SCHEMA))


def replace_standing(records: Records, books: Books, causes: pl.DataFrame, day: date) -> Books:
    """Keep the causes that stand until someone decides, or what they are about is over."""
    rows = causes.select(list(CAUSE_SCHEMA)).unique().sort(pl.all())
    return books.with_tables(**{STANDING: records.keep("clearance", day, rows)})


def _movement_causes(records: Records, books: Books, accounts: pl.DataFrame) -> pl.DataFrame:
    """Name the movements that wait for their account to be known."""
    part = books.tables.get("movements")
    if part is None:
        return no_causes()
    waiting = (
        records.read(part)
        .filter(pl.col("booked_on").is_null())
        .join(accounts.select("account_id"), on="account_id", how="anti")
    )
    return waiting.select(
        pl.lit("UNKNOWN_ACCOUNT").alias("code"),
        pl.col("account_id").alias("subject"),
        "partner",
        "business_date",
        pl.col("value_date").alias("trade_date"),
        pl.col("movement_id").alias("trade_id"),
        "file",
        "row",
    )


def _table(records: Records, books: Books, name: str, otherwise: pl.DataFrame) -> pl.DataFrame:
    part = books.tables.get(name)
    return records.read(part) if part else otherwise
