"""What transformations leave in the books: terms, what became what, and fails in the new terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.clearance.share_terms import (
    APPLIED,
    APPLIED_SCHEMA,
    CHANGED,
    UNDONE,
    UNDONE_SCHEMA,
    Terms,
)
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.settlement.continuous import with_left
from backoffice.settlement.fail_books import table_of
from backoffice.settlement.fail_frames import FAIL_SCHEMA, FAILS, OPEN
from backoffice.settlement.frames import empty
from backoffice.settlement.rolls import ROLL_SCHEMA, ROLLS

TRANSFORMED: Final = "transformations"
"""Their part of each day that has any."""
_UNDONE_PARTS: Final = "transformations_undone"
_BEGINS: Final = ("obligation_id", "counterparty", "isin", "quantity_e8")
TRANSFORMED_SCHEMA: Final[Mapping[str, Any]] = {
    "name": pl.String,
    "transformed_on": pl.Date,
    "obligation_id": pl.String,
    "into": pl.String,
    "counterparty": pl.String,
    "isin": pl.String,
    "quantity_e8": pl.Int128,
    "new_isin": pl.String,
    "new_quantity_e8": pl.Int128,
}
"""Signed shares, + we receive: what was open of the old obligation, and what the new one is of."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a day's transformations leave behind, each `TRANSFORMED_SCHEMA` but for the last.

    Attributes
    ----------
    made
        What actions made of obligations.
    undone
        What is to be added to it where an action says otherwise since.
    moves
        Which became which, from where the day began to where it ends.
    changed
        `CHANGED_SCHEMA`: what could not be put right.
    """

    made: pl.DataFrame
    undone: pl.DataFrame
    moves: pl.DataFrame
    changed: pl.DataFrame


def transformed_so_far(records: Records, books: Books) -> pl.DataFrame:
    """Return `TRANSFORMED_SCHEMA` of every day."""
    rows = records.read_all(books.day_parts.get(TRANSFORMED, ()))
    return empty(TRANSFORMED_SCHEMA) if rows is None else rows


def undone_so_far(records: Records, books: Books) -> pl.DataFrame:
    """Return `TRANSFORMED_SCHEMA`: what counts beside it where actions said otherwise later.

    `obligation_id` is what an action made and `into` what was given back for it; null where what
    was made is taken off what counts.
    """
    rows = records.read_all(books.day_parts.get(_UNDONE_PARTS, ()))
    return empty(TRANSFORMED_SCHEMA) if rows is None else rows


def collapsed(steps: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Say of each obligation what it became in the end, where one became another twice a day."""
    ends = {row["obligation_id"]: row for step in steps for row in step.iter_rows(named=True)}
    between = {row["into"] for row in ends.values()}
    rows = []
    for first in ends.values():
        if first["obligation_id"] in between:
            continue
        last = first
        while last["into"] in ends:
            last = ends[last["into"]]
        rows.append({**last, **{name: first[name] for name in _BEGINS}})
    return pl.DataFrame(rows, schema=dict(TRANSFORMED_SCHEMA))


def rolls_of(
    old: pl.DataFrame, told: pl.DataFrame, obligations: pl.DataFrame, books: Books
) -> pl.DataFrame:
    """Say of each old obligation, as if it had rolled, into which it went, in the new terms."""
    were = with_left(old).select(
        *("obligation_id", "currency", "settlement_date", "sell_left", "buy_left")
    )
    due = obligations.select(into="obligation_id", due_date="settlement_date")
    rows = told.join(were, on="obligation_id").join(due, on="into")
    return shaped(
        rows.with_columns(
            rolled_on=pl.lit(books.day, dtype=pl.Date),
            isin="new_isin",
            late=pl.col("settlement_date") < books.day,
            quantity_e8="new_quantity_e8",
            money_minor=pl.col("sell_left") - pl.col("buy_left"),
            mark_minor=pl.lit(None, dtype=pl.Int128),
        ),
        ROLL_SCHEMA,
    )


def keep_transformed(records: Records, books: Books, terms: Sequence[Terms], told: Told) -> Books:
    """Keep the terms applied, what was transformed by them, and fails in the new terms."""
    day = books.day
    tables = {
        APPLIED: _frame([one for one in terms if not one.undone_on], APPLIED_SCHEMA),
        UNDONE: _frame([one for one in terms if one.undone_on], UNDONE_SCHEMA),
        CHANGED: told.changed.unique().sort(pl.all()),
    }
    for name, frame in tables.items():
        before = books.tables.get(name)
        is_other = not records.read(before).equals(frame) if before else frame.height
        if is_other or (name == APPLIED and before is None):
            books = books.with_tables(**{name: records.keep("settlement", day, frame)})
    for name, rows in ((TRANSFORMED, told.made), (_UNDONE_PARTS, told.undone)):
        if rows.height:
            books = books.with_day_part(name, records.keep("settlement", day, rows))
    return _with_fails(records, books, told.moves) if told.moves.height else books


def _frame(terms: Iterable[Terms], schema: Mapping[str, Any]) -> pl.DataFrame:
    rows = [tuple(getattr(one, name) for name in schema) for one in terms]
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def _with_fails(records: Records, books: Books, told: pl.DataFrame) -> Books:
    """Put open fails into the new terms, before they go on in the new obligations."""
    if FAILS not in books.tables:
        return books
    fails = table_of(records, books, FAILS, FAIL_SCHEMA)
    terms = told.select("obligation_id", "new_isin", now_e8=pl.col("new_quantity_e8").abs())
    beside = fails.join(terms, on="obligation_id", how="left", maintain_order="left")
    moves = (pl.col("status") == OPEN) & pl.col("new_isin").is_not_null()
    moved = beside.with_columns(
        isin=pl.when(moves).then("new_isin").otherwise("isin"),
        open_quantity_e8=pl.when(moves).then("now_e8").otherwise("open_quantity_e8"),
    )
    if not beside.select(moves.any()).item():
        return books
    part = records.keep("settlement", books.day, shaped(moved, FAIL_SCHEMA))
    return books.with_tables(**{FAILS: part}).with_written(part.key)


def with_rolls(records: Records, books: Books, rolls: pl.DataFrame) -> Books:
    """Add rolls to those of the day, if there are any."""
    if not rolls.height:
        return books
    *earlier, last = books.day_parts.get(ROLLS, ()) or (None,)
    today = records.read(last) if last else empty(ROLL_SCHEMA)
    if last and not today.filter(pl.col("rolled_on") == books.day).height:
        earlier, today = [*earlier, last], empty(ROLL_SCHEMA)
    elif last:
        books = books.with_written(last.key)
    part = records.keep("settlement", books.day, pl.concat([today, rolls]).sort("obligation_id"))
    kept = tuple(each for each in (*earlier, part) if each is not None)
    return books.model_copy(update={"day_parts": {**books.day_parts, ROLLS: kept}})
