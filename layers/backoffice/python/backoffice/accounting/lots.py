"""Lots and realised profit: replayed whole, or carried on from the day before.

Within a group (account and instrument) a trade meets lots of its own currency only.
"""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from backoffice.accounting.lot_frames import (
    DEFAULT_METHOD,
    EVENTS,
    GROUP,
    LAST,
    LOTS,
    MOMENT,
    REALISED,
    LotBook,
    empty_book,
)
from backoffice.accounting.lot_replay import (
    event_rows,
    first_events,
    lot_rows,
    sequence_of,
    take,
)

__all__ = [
    "EVENTS",
    "GROUP",
    "LAST",
    "LOTS",
    "REALISED",
    "Advanced",
    "LotBook",
    "advance",
    "carry",
    "empty_book",
    "method_changes",
    "replay",
]


class Advanced(NamedTuple):
    """A book carried on, and the groups (account_id, isin) it no longer holds.

    The stale groups must be replayed from their whole history and joined to the book.
    """

    book: LotBook
    stale: pl.DataFrame


def replay(events: pl.DataFrame) -> LotBook:
    """Take every event in its order, whatever order the rows are in.

    Parameters
    ----------
    events
        EVENTS, a row an event; every event of a group there ever was (a cancelled trade is none,
        an amended one stands with its last version).

    Raises
    ------
    OutOfRangeError
        For a method that is none of FIFO, LIFO, HIFO, AVERAGE.
    """
    table = event_rows(events)
    return take(table, sequence_of(table))


def advance(before: LotBook, events: pl.DataFrame, changed: pl.DataFrame | None = None) -> Advanced:
    """Carry a book on with new events: equal to replaying the whole history, for less.

    Parameters
    ----------
    before
        The book as it stood.
    events
        EVENTS that are not yet in the book.
    changed
        Groups (account_id, isin) whose past changed otherwise: a trade of theirs was cancelled or
        amended, or the account's method is another (see `method_changes`).

    Returns
    -------
    Advanced
        A group whose new events do not all stand after those already taken, or whose method
        changed, is stale, as are those of `changed`.
    """
    touched = events.select(GROUP).unique()
    opening = before.lots.join(touched, on=GROUP, how="semi")
    table = pl.concat([event_rows(events), lot_rows(opening)])
    sequence = sequence_of(table)
    stale = _backdated(first_events(table, sequence), before.last)
    if changed is not None:
        stale = pl.concat([stale, changed.select(GROUP)]).unique()
    carried = take(table, _current(table, sequence, stale))
    kept = before._replace(lots=_without(before.lots, touched), last=_without(before.last, touched))
    book = LotBook(*(_without(frame, stale) for frame in kept))
    return Advanced(_joined(book, carried), stale.sort(GROUP))


def carry(
    before: LotBook,
    events: pl.DataFrame,
    changed: pl.DataFrame | None,
    history: Callable[[pl.DataFrame], pl.DataFrame],
) -> LotBook:
    """Carry a book on, and replay whole what has to be.

    Parameters
    ----------
    before, events, changed
        As for `advance`.
    history
        Returns every event (EVENTS, the new ones too) of the groups it is given; it is asked at
        most once.
    """
    book, stale = advance(before, events, changed)
    if stale.is_empty():
        return book
    return _joined(book, replay(history(stale)))


def method_changes(book: LotBook, methods: pl.DataFrame) -> pl.DataFrame:
    """Return the groups taken by another method than their account has now.

    Parameters
    ----------
    book
        The book as it stood.
    methods
        account_id, method (null is FIFO); an account that is not named keeps its method.
    """
    now = methods.select("account_id", now=pl.col("method").fill_null(DEFAULT_METHOD))
    groups = book.last.join(now, on="account_id", how="inner")
    return groups.filter(pl.col("method") != pl.col("now")).select(GROUP)


def _backdated(firsts: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """Return the groups whose first new event does not stand after the last one taken."""
    pairs = firsts.join(last, on=GROUP, how="inner", suffix="_last")
    later = pl.lit(value=False)
    for name in reversed(MOMENT):
        mine, theirs = pl.col(name), pl.col(f"{name}_last")
        after = (mine > theirs).fill_null(mine.is_not_null() & theirs.is_null())
        later = after | (mine.eq_missing(theirs) & later)
    other_method = pl.col("method") != pl.col("method_last")
    return pairs.filter(~later | other_method).select(GROUP)


def _current(table: pl.DataFrame, sequence: pl.DataFrame, stale: pl.DataFrame) -> pl.DataFrame:
    if stale.is_empty():
        return sequence
    rows = table.select(*GROUP, at=pl.int_range(pl.len(), dtype=pl.UInt32))
    return sequence.join(rows.join(stale, on=GROUP, how="semi"), on="at", how="anti")


def _without(frame: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    return frame.join(groups, on=GROUP, how="anti", maintain_order="left")


def _joined(book: LotBook, more: LotBook) -> LotBook:
    realised = (
        pl.concat([book.realised, more.realised])
        .group_by(*GROUP, "currency")
        .agg(pl.col("realised_pnl_minor").sum())
        .sort(*GROUP, "currency")
    )
    return LotBook(
        pl.concat([book.lots, more.lots]).sort(*GROUP, "place"),
        realised,
        pl.concat([book.last, more.last]).sort(GROUP),
    )
