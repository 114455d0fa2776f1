"""What is under way when an issue's shares are replaced: the old is cancelled, the new goes out.

The market replaces it as we do (a transformation): nothing waits for an answer, as where fails net
anew. What a fail was goes on in the new obligation.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.clearance.share_terms import Terms, terms_in_force
from backoffice.kernel.books import Books
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.parts import Records
from backoffice.settlement.continuous import left_behind, with_left
from backoffice.settlement.frames import OBLIGATION_SCHEMA, NextDay, empty, shaped
from backoffice.settlement.obligations import (
    CONFIRMABLE,
    instruct,
    opened,
    replace_rows,
    with_new_ids,
)
from backoffice.settlement.rolls import ROLL_SCHEMA
from backoffice.settlement.transformed_books import (
    TRANSFORMED_SCHEMA,
    keep_transformed,
    rolls_of,
    transformed_so_far,
)
from backoffice.settlement.venues import next_day_of_all

ACTION: Final = "ACTION"
"""The origin of an obligation that an action made of another."""


@dataclass(frozen=True, slots=True)
class Transformed:
    """A cut-off's street after its transformations.

    Attributes
    ----------
    books
        With the terms applied, what was transformed, and fails in the new terms.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`.
    requests : pl.DataFrame
        `OBLIGATION_SCHEMA`: whose cancellation is asked for, as they stood.
    rolls : pl.DataFrame
        `ROLL_SCHEMA`: fails go on by it.
    """

    books: Books
    obligations: pl.DataFrame
    requests: pl.DataFrame
    rolls: pl.DataFrame


def transform(
    records: Records,
    books: Books,
    obligations: pl.DataFrame,
    spoken_for: pl.Series,
    next_day: NextDay,
) -> Transformed:
    """Transform what is under way of issues whose shares are replaced by the books' day.

    Parameters
    ----------
    records, books
        The record store and the day's books.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, after the day's corrections, before its nets.
    spoken_for : pl.Series
        Obligations that trades are to leave once the street lets them: they are transformed after.
    next_day
        Each venue's first settlement day after the day.
    """
    terms = terms_in_force(records, books)
    if not terms:
        return Transformed(books, obligations, obligations.clear(), empty(ROLL_SCHEMA))
    known = transformed_so_far(records, books)
    told, requests = empty(TRANSFORMED_SCHEMA), obligations.clear()
    for one in terms:
        done = pl.concat([known, told]).filter(pl.col("name") == one.name)
        old = _under_way(obligations, one, spoken_for, done)
        made = _made(old, one, books, next_day)
        if made is not None:
            requests = pl.concat([requests, old])
            told = pl.concat([told, made.told])
            obligations = replace_rows(obligations, pl.concat([made.left, made.fresh]))
    books = keep_transformed(records, books, terms, told)
    return Transformed(books, obligations, requests, rolls_of(requests, told, obligations, books))


def _under_way(
    obligations: pl.DataFrame, one: Terms, spoken_for: pl.Series, done: pl.DataFrame
) -> pl.DataFrame:
    """Return the live obligations of trades before the ex date that are in the old terms still.

    Those opened before it, and what an accepted cancellation left of such.
    """
    name = pl.col("obligation_id")
    ours = obligations.filter(pl.col("isin") == one.isin).join(done, on="obligation_id", how="anti")
    before = ours.filter(pl.col("opened_on") < one.ex_date)
    is_rest = (pl.col("origin") == "REST") & name.is_in(before["replaced_by"].implode())
    made = name.is_in(done["into"].implode())
    live = pl.col("status").is_in(CONFIRMABLE) & (pl.col("quantity_e8") != 0)
    of_before = (pl.col("opened_on") < one.ex_date) | is_rest
    return ours.filter(live, of_before, ~made, ~name.is_in(spoken_for.implode()))


@dataclass(frozen=True, slots=True)
class _Made:
    left: pl.DataFrame
    fresh: pl.DataFrame
    told: pl.DataFrame


def _made(old: pl.DataFrame, one: Terms, books: Books, next_day: NextDay) -> _Made | None:
    """End the old obligations and open new ones; None where there are none, or no day for them."""
    if not old.height:
        return None
    try:
        earliest = next_day_of_all(old, next_day)
    except NoRuleError:
        return None  # without a day to settle on it fails as any other
    leaving = with_left(old)
    named = _in_new_terms(leaving.with_columns(earliest.alias("earliest")), one, books)
    successors = named.select(obligation_id="replaces", successor="obligation_id")
    left = left_behind(leaving, books.day).join(successors, on="obligation_id")
    return _Made(
        left=shaped(left.with_columns(replaced_by="successor"), OBLIGATION_SCHEMA),
        fresh=instruct(opened(named, books.day), books.day),
        told=_told(named, one, books),
    )


def _in_new_terms(leaving: pl.DataFrame, one: Terms, books: Books) -> pl.DataFrame:
    """Name the new obligations; `replaces` and old_isin say of what they are."""
    now = [one.whole(each) for each in leaving["quantity_left"]]
    rows = leaving.with_columns(
        replaces="obligation_id",
        origin=pl.lit(ACTION),
        old_isin="isin",
        isin=pl.lit(one.into),
        quantity_e8=pl.Series(now, dtype=pl.Int128),
        buy_gross_minor="buy_left",
        sell_gross_minor="sell_left",
        settlement_date=pl.max_horizontal("settlement_date", "earliest"),
    )
    return with_new_ids(rows, books.day, "origin", "replaces")


def _told(named: pl.DataFrame, one: Terms, books: Books) -> pl.DataFrame:
    rows = named.with_columns(
        name=pl.lit(one.name),
        transformed_on=pl.lit(books.day, dtype=pl.Date),
        into="obligation_id",
        obligation_id="replaces",
        new_isin="isin",
        isin="old_isin",
        new_quantity_e8="quantity_e8",
        quantity_e8="quantity_left",
    )
    return shaped(rows, TRANSFORMED_SCHEMA)
