"""Lots and realised profit: replayed whole, or carried on from the day before.

Within a group (account and instrument) a trade meets lots of its own currency only.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import polars as pl

from backoffice.accounting.lots.actions import (
    ACTION_LEGS,
    Actions,
    families,
    legs_by_action,
)
from backoffice.accounting.lots.families import (
    FAMILY,
    actions_met,
    backdated,
    groups_of,
    in_family,
    instruments,
    later_than_firsts,
    methods_filled,
    relabelled,
    untouched,
    with_methods,
    with_transfers_first,
    without_groups,
)
from backoffice.accounting.lots.frames import (
    EVENTS,
    GROUP,
    LotBook,
    empty_book,
    in_order,
    joined,
)
from backoffice.accounting.lots.one_pass import take
from backoffice.accounting.lots.sequence import (
    action_rows,
    event_rows,
    first_events,
    lot_rows,
    sequence_of,
)
from backoffice.accounting.wash_sales.frames import NO_WASHING, Washing

__all__ = [
    "ACTION_LEGS",
    "EVENTS",
    "GROUP",
    "NO_ACTIONS",
    "Actions",
    "Advanced",
    "LotBook",
    "advance",
    "carry",
    "empty_book",
    "replay",
]

NO_ACTIONS: Final = Actions(ACTION_LEGS.to_frame(), ACTION_LEGS.to_frame())


class Advanced(NamedTuple):
    """A book carried on, and the groups (account_id, isin) it no longer holds.

    The stale groups must be replayed from their whole history and joined to the book; every
    instrument of a family is named.
    """

    book: LotBook
    stale: pl.DataFrame


def replay(
    events: pl.DataFrame, legs: pl.DataFrame | None = None, washing: Washing = NO_WASHING
) -> LotBook:
    """Take every event in its order, whatever order the rows are in.

    Parameters
    ----------
    events
        EVENTS, a row an event; every event of a group there ever was (a cancelled trade is none,
        an amended one stands with its last version).
    legs
        ACTION_LEGS of every corporate action that counts.
    washing
        Whose wash sales are told.

    Raises
    ------
    OutOfRangeError
        For a method that is none of FIFO, LIFO, HIFO, AVERAGE; for an action that is not whole.
    """
    legs = NO_ACTIONS.now if legs is None else legs
    named = families(legs)
    table = with_transfers_first(event_rows(events, named), legs)
    if legs.height:
        table = pl.concat(
            [table, later_than_firsts(table, action_rows(groups_of(table), legs, named))]
        )
    return in_order(take(table, sequence_of(table), legs_by_action(legs), washing))


def advance(
    before: LotBook,
    events: pl.DataFrame,
    changed: pl.DataFrame | None = None,
    actions: Actions = NO_ACTIONS,
    washing: Washing = NO_WASHING,
) -> Advanced:
    """Carry a book on with new events: equal to replaying the whole history, for less.

    Parameters
    ----------
    before
        The book as it stood.
    events
        EVENTS that are not yet in the book.
    changed
        Groups (account_id, isin) whose past changed otherwise: a trade of theirs was cancelled or
        amended.
    actions
        The corporate actions the book was taken with, and those that count now.
    washing
        Whose wash sales are told; what is known of them so far is the book's.

    Returns
    -------
    Advanced
        A group is stale when its new events do not all stand after those already taken, when an
        action of its past is gone, when its account held two instruments that an action joins,
        and when it is one of `changed`.
    """
    named, washing = families(actions.now), washing._replace(before=before.washes)
    last, unlike = relabelled(before.last, actions, named)
    table = with_transfers_first(event_rows(events, named), actions.now)
    if actions.now.height:
        table = pl.concat([table, actions_met(table, before.last, actions)])
    touched = groups_of(table)
    opening = in_family(before.lots, named).join(
        touched, on=FAMILY, how="semi", maintain_order="left"
    )
    opening = with_methods(opening, last, asked=actions.now.height > 0)
    table = pl.concat([table, lot_rows(opening, named)])
    sequence = sequence_of(table)
    stale = pl.concat([backdated(first_events(table, sequence), last), unlike])
    if changed is not None:
        stale = pl.concat([stale, groups_of(in_family(changed.select(GROUP), named))])
    stale, washing = stale.unique(), washing._replace(named=named)
    current = without_groups(table, sequence, stale)
    carried = take(table, current, legs_by_action(actions.now), washing)
    carried = carried._replace(last=methods_filled(carried.last, last))
    left = untouched(before._replace(last=last), named, touched, stale)
    return Advanced(joined(left, carried), instruments(stale, named))


def carry(
    before: LotBook,
    events: pl.DataFrame,
    changed: pl.DataFrame | None,
    history: Callable[[pl.DataFrame], pl.DataFrame],
    actions: Actions = NO_ACTIONS,
    washing: Washing = NO_WASHING,
) -> Advanced:
    """Carry a book on, and replay whole what has to be.

    Parameters
    ----------
    before, events, changed, actions, washing
        As for `advance`.
    history
        Returns every event (EVENTS, the new ones too) of the groups it is given; it is asked at
        most once.

    Returns
    -------
    Advanced
        The book of all groups, and those that were replayed: their disposals are all there ever
        were, in place of those known before.
    """
    book, stale = advance(before, events, changed, actions, washing)
    if stale.is_empty():
        return Advanced(book, stale)
    return Advanced(joined(book, replay(history(stale), actions.now, washing)), stale)
