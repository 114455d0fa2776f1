"""What is under way when an issue's shares are replaced: the old is cancelled, the new goes out.

The market replaces it as we do (a transformation): nothing waits for an answer, as where fails net
anew. What a fail was goes on in the new obligation. Where an action says otherwise later, what it
made is cancelled in its turn, for what it says by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from backoffice.clearance.share_terms import CHANGED, Terms, known_terms
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.settlement.continuous import with_left
from backoffice.settlement.frames import NextDay, empty
from backoffice.settlement.obligations import CONFIRMABLE, replace_rows
from backoffice.settlement.replacements import replaced
from backoffice.settlement.rolls import ROLL_SCHEMA
from backoffice.settlement.transformed_books import (
    TRANSFORMED_SCHEMA,
    Told,
    collapsed,
    keep_transformed,
    rolls_of,
    transformed_so_far,
    undone_so_far,
)
from backoffice.settlement.undone_terms import undo


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
    terms = known_terms(records, books)
    undone = undo(records, books, obligations, terms, spoken_for, next_day)
    if not terms and undone.changed.is_empty() and CHANGED not in books.tables:
        return Transformed(books, obligations, obligations.clear(), empty(ROLL_SCHEMA))
    known, given_back = transformed_so_far(records, books), undone_so_far(records, books)
    obligations, requests = undone.obligations, undone.requests
    told = empty(TRANSFORMED_SCHEMA)
    for one in (each for each in terms if not each.undone_on):
        made_so_far = pl.concat([known, told])
        chain = pl.concat([made_so_far, given_back, undone.told])
        old = _under_way(obligations, one, spoken_for, made_so_far, chain)
        made = replaced(_in_new_terms(old, one), one.name, books, next_day)
        if made is not None:
            requests = pl.concat([requests, old])
            told = pl.concat([told, made.moves])
            obligations = replace_rows(obligations, pl.concat([made.left, made.fresh]))
    all_told = Told(told, undone.told, collapsed([undone.moves, told]), undone.changed)
    return _kept(records, books, terms, all_told, obligations, requests)


def _kept(
    records: Records,
    books: Books,
    terms: Sequence[Terms],
    told: Told,
    obligations: pl.DataFrame,
    requests: pl.DataFrame,
) -> Transformed:
    books = keep_transformed(records, books, terms, told)
    rolls = rolls_of(requests, told.moves, obligations, books)
    # what was opened today had not been sent
    sent = requests.filter(pl.col("opened_on") < books.day)
    return Transformed(books, obligations, sent, rolls)


def _under_way(
    obligations: pl.DataFrame,
    one: Terms,
    spoken_for: pl.Series,
    done: pl.DataFrame,
    chain: pl.DataFrame,
) -> pl.DataFrame:
    """Return the live obligations of trades before the ex date that are in the old terms still.

    Those opened before it, what an accepted cancellation left of such, and what other actions made
    of such or gave back.
    """
    name = pl.col("obligation_id")
    own = done.filter(pl.col("name") == one.name, pl.col("transformed_on") >= one.applied_on)
    ours = obligations.filter(pl.col("isin") == one.isin).join(own, on="obligation_id", how="anti")
    before = obligations.filter(pl.col("opened_on") < one.ex_date)
    is_rest = (pl.col("origin") == "REST") & name.is_in(before["replaced_by"].implode())
    comes = _comes_of(before["obligation_id"], chain)
    live = pl.col("status").is_in(CONFIRMABLE) & (pl.col("quantity_e8") != 0)
    of_before = (pl.col("opened_on") < one.ex_date) | is_rest | name.is_in(comes.implode())
    made = name.is_in(own["into"].drop_nulls().implode())
    return ours.filter(live, of_before, ~made, ~name.is_in(spoken_for.implode()))


def _comes_of(before: pl.Series, chain: pl.DataFrame) -> pl.Series:
    """Name what actions have made of some obligations, and of what they made."""
    found = before
    while True:
        into = chain.filter(pl.col("obligation_id").is_in(found.implode()))["into"].drop_nulls()
        both = pl.concat([found, into]).unique()
        if both.len() == found.len():
            return both
        found = both


def _in_new_terms(old: pl.DataFrame, one: Terms) -> pl.DataFrame:
    """Say what the obligations are to be of: `now_isin`, `now_e8`."""
    leaving = with_left(old)
    now = [one.whole(each) for each in leaving["quantity_left"]]
    return leaving.with_columns(now_isin=pl.lit(one.into), now_e8=pl.Series(now, dtype=pl.Int128))
