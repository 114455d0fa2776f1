"""An obligation in the place of another, of other shares for the same money."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.frames import shaped
from backoffice.settlement.continuous import left_behind
from backoffice.settlement.frames import OBLIGATION_SCHEMA, NextDay
from backoffice.settlement.obligations import instruct, opened, with_new_ids
from backoffice.settlement.transformed_books import TRANSFORMED_SCHEMA
from backoffice.settlement.venues import next_day_of_all

ACTION: Final = "ACTION"
"""The origin of an obligation that an action made of another."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was replaced, as it ended; the new obligations; and which became which."""

    left: pl.DataFrame
    fresh: pl.DataFrame
    moves: pl.DataFrame


def replaced(leaving: pl.DataFrame, name: str, books: Books, next_day: NextDay) -> Replaced | None:
    """End obligations and open new ones; None where there are none, or no day for them.

    Parameters
    ----------
    leaving : pl.DataFrame
        Obligations as `with_left` returns them, with `now_isin` and `now_e8`: what the new ones
        are of, signed.
    name
        The action's.
    books
        The day's.
    next_day
        Each venue's first settlement day after the day.
    """
    if not leaving.height:
        return None
    try:
        earliest = next_day_of_all(leaving, next_day)
    except NoRuleError:
        return None  # without a day to settle on it fails as any other
    named = _named(leaving.with_columns(earliest.alias("earliest")), books)
    successors = named.select(obligation_id="replaces", successor="obligation_id")
    left = left_behind(leaving, books.day).join(successors, on="obligation_id")
    return Replaced(
        left=shaped(left.with_columns(replaced_by="successor"), OBLIGATION_SCHEMA),
        fresh=instruct(opened(named, books.day), books.day),
        moves=_moves(named, name, books),
    )


def _named(leaving: pl.DataFrame, books: Books) -> pl.DataFrame:
    """Name the new obligations; `replaces` and old_isin say of what they are."""
    rows = leaving.with_columns(
        replaces="obligation_id",
        origin=pl.lit(ACTION),
        old_isin="isin",
        isin="now_isin",
        quantity_e8="now_e8",
        buy_gross_minor="buy_left",
        sell_gross_minor="sell_left",
        settlement_date=pl.max_horizontal("settlement_date", "earliest"),
    )
    return with_new_ids(rows, books.day, "origin", "replaces")


def _moves(named: pl.DataFrame, name: str, books: Books) -> pl.DataFrame:
    rows = named.with_columns(
        name=pl.lit(name),
        transformed_on=pl.lit(books.day, dtype=pl.Date),
        into="obligation_id",
        obligation_id="replaces",
        new_isin="isin",
        isin="old_isin",
        new_quantity_e8="quantity_e8",
        quantity_e8="quantity_left",
    )
    return shaped(rows, TRANSFORMED_SCHEMA)
