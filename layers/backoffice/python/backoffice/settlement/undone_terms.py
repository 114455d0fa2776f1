"""What actions made of obligations is given back where they say otherwise since.

What is under way as it was made, and may be cancelled, is cancelled for the old shares; whatever
the action says now is made of these. What has settled since, in part or whole, was netted on with
others or is to be left by a trade stays: it is named, and what it was made of counts as not
delivered in the terms of now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from backoffice.clearance.share_terms import CHANGED, CHANGED_SCHEMA, Terms
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.settlement.continuous import with_left
from backoffice.settlement.fail_books import table_of
from backoffice.settlement.frames import NextDay, empty
from backoffice.settlement.given_late import given_late
from backoffice.settlement.netted_late import netted_late
from backoffice.settlement.obligations import CANCELLABLE, CANCELLED, replace_rows
from backoffice.settlement.replacements import replaced
from backoffice.settlement.transformed_books import (
    TRANSFORMED_SCHEMA,
    transformed_so_far,
    undone_so_far,
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Undone:
    """A street in which what was said otherwise is put right.

    Attributes
    ----------
    obligations, requests : pl.DataFrame
        `OBLIGATION_SCHEMA`: all, and whose cancellation is asked for, as they stood.
    moves : pl.DataFrame
        `TRANSFORMED_SCHEMA`: which became which today.
    told : pl.DataFrame
        `TRANSFORMED_SCHEMA`: what is to be added to what was transformed, as it counts for the
        actions now.
    changed : pl.DataFrame
        `CHANGED_SCHEMA`: what could not be put right.
    """

    obligations: pl.DataFrame
    requests: pl.DataFrame
    moves: pl.DataFrame
    told: pl.DataFrame
    changed: pl.DataFrame


def undo(
    records: Records,
    books: Books,
    obligations: pl.DataFrame,
    terms: Sequence[Terms],
    spoken_for: pl.Series,
    next_day: NextDay,
) -> Undone:
    """Put right what is under way in terms that were undone; the latest ex date comes first.

    Parameters
    ----------
    records, books, obligations, spoken_for, next_day
        As for `transform`.
    terms
        All that are known, by ex date.
    """
    work = _Work(records, books, obligations, spoken_for, next_day)
    over = [one for one in reversed(terms) if one.undone_on]
    for one in over:
        work.take(one)
    if over:
        work.name_late(terms)
    return work.done(terms)


class _Work:
    """A street while terms are undone one by one."""

    def __init__(
        self,
        records: Records,
        books: Books,
        obligations: pl.DataFrame,
        spoken_for: pl.Series,
        next_day: NextDay,
    ) -> None:
        self._records, self._books, self._next_day = records, books, next_day
        self._obligations, self._spoken_for = obligations, set(spoken_for)
        self._requests, self._moves = [obligations.clear()], [empty(TRANSFORMED_SCHEMA)]
        self._told: list[Row] = []
        self._changed: list[tuple[str, str, bool]] = []
        self._made = transformed_so_far(records, books).to_dicts()
        earlier = undone_so_far(records, books)
        self._taken_off = set(earlier.filter(pl.col("into").is_null())["obligation_id"])
        self._righted = set(earlier.drop_nulls("into")["obligation_id"])

    def done(self, terms: Sequence[Terms]) -> Undone:
        """Return the street as it is left."""
        late = given_late(self._records, self._books, self._obligations, terms)
        changed = pl.DataFrame(self._changed, schema=dict(CHANGED_SCHEMA), orient="row")
        return Undone(
            obligations=self._obligations,
            requests=pl.concat(self._requests),
            moves=pl.concat(self._moves),
            told=pl.DataFrame(self._told, schema=dict(TRANSFORMED_SCHEMA)),
            changed=pl.concat([changed, late]),
        )

    def take(self, one: Terms) -> None:
        """Give back what terms have made."""
        rows = [row for row in self._made if _is_of(row, one)]
        self._told += [
            self._counts(row, None, -row["quantity_e8"], -row["new_quantity_e8"])
            for row in rows
            if row["into"] not in self._taken_off
        ]
        lives = {row["obligation_id"]: row for row in self._obligations.iter_rows(named=True)}
        fits: dict[str, Row] = {}
        for row in rows:
            end = _end_of(row["into"], lives)
            if row["into"] in self._righted or end["status"] == CANCELLED:
                continue
            if self._may_go(row, end, lives[row["into"]]):
                fits[end["obligation_id"]] = row
            else:
                self._changed.append((one.name, end["obligation_id"], False))
        self._give_back(fits, one)

    def _may_go(self, row: Row, end: Row, made: Row) -> bool:
        """Whether what is there is what was made, and may be cancelled."""
        return bool(
            end["status"] in CANCELLABLE
            and end["cancel_requested_on"] is None
            and end["obligation_id"] not in self._spoken_for
            and (end["isin"], end["quantity_e8"]) == (row["new_isin"], row["new_quantity_e8"])
            and end["trades"] == made["trades"]
        )

    def _give_back(self, fits: Mapping[str, Row], one: Terms) -> None:
        old = self._obligations.filter(pl.col("obligation_id").is_in(list(fits)))
        were = [fits[name]["quantity_e8"] for name in old["obligation_id"]]
        leaving = with_left(old).with_columns(
            now_isin=pl.lit(one.isin), now_e8=pl.Series(were, dtype=pl.Int128)
        )
        made = replaced(leaving, one.name, self._books, self._next_day)
        if made is None:
            self._changed += [(one.name, name, False) for name in fits]
            return
        changed = pl.concat([made.left, made.fresh])
        self._obligations = replace_rows(self._obligations, changed)
        self._requests.append(old)
        self._moves.append(made.moves)
        for move in made.moves.iter_rows(named=True):
            self._told.append(self._counts(fits[move["obligation_id"]], move, 0, 0))

    def _counts(self, row: Row, move: Row | None, quantity: int, new: int) -> Row:
        """Return a row beside what was told of an obligation that an action made."""
        return {
            **row,
            "transformed_on": self._books.day,
            "obligation_id": row["into"],
            "into": move["into"] if move else None,
            "new_isin": move["new_isin"] if move else row["new_isin"],
            "quantity_e8": quantity,
            "new_quantity_e8": new,
        }

    def name_late(self, terms: Sequence[Terms]) -> None:
        """Name what trades that cleared in terms undone have gone into."""
        live = self._obligations.filter(pl.col("status") != CANCELLED)["obligation_id"]
        known = table_of(self._records, self._books, CHANGED, CHANGED_SCHEMA)
        kept = known.filter(pl.col("netted_late"), pl.col("obligation_id").is_in(live.implode()))
        self._changed += kept.rows()
        for one in terms:
            if one.undone_on == self._books.day:
                found = netted_late(self._records, self._books, self._obligations, one, terms)
                self._changed += [(one.name, name, True) for name in found if name in set(live)]


def _is_of(row: Row, one: Terms) -> bool:
    on = row["transformed_on"]
    return bool(row["name"] == one.name and one.applied_on <= on < (one.undone_on or date.max))


def _end_of(name: str, lives: Mapping[str, Row]) -> Row:
    """Follow an obligation to what it is now."""
    row = lives[name]
    while row["replaced_by"] in lives:
        row = lives[row["replaced_by"]]
    return row
