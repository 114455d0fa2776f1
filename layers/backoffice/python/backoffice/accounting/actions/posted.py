"""What an action has posted beside what is to stand: the difference is booked, nothing changed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting.actions.holdings import ENTRY
from backoffice.accounting.actions.parties import DELIVERS, KINDS, PAYS, Wanted
from backoffice.accounting.journal import JOURNAL_SCHEMA
from backoffice.clearance.corporate_actions import CorporateAction

POSTED: Final = "action_postings"
"""Their table."""
POSTED_SCHEMA: Final[Mapping[str, Any]] = {
    "name": pl.String,
    "stage": pl.String,
    "party": pl.String,
    "account_id": pl.String,
    "entry_id": pl.String,
    "book": pl.String,
    "ref": pl.String,
    "unit": pl.String,
    "amount": pl.Int128,
}
"""What stands of an action's entries, summed by account; `entry_id` is the first of them."""

Row = tuple[Any, ...]
_Key = tuple[str, str]
_Sums = dict[tuple[str, str, str], int]


class Postings:
    """The postings of one action as they stand."""

    def __init__(self, action: CorporateAction, rows: Iterable[Mapping[str, Any]]) -> None:
        self._action = action
        self._sums: dict[_Key, _Sums] = {}
        self._first: dict[_Key, str] = {}
        self._accounts: dict[_Key, str | None] = {}
        for row in rows:
            key = (row["stage"], row["party"])
            self._first[key], self._accounts[key] = row["entry_id"], row["account_id"]
            self._sums.setdefault(key, {})[row["book"], row["ref"], row["unit"]] = row["amount"]

    def __bool__(self) -> bool:
        """Whether anything stands, or ever stood."""
        return bool(self._first)

    @property
    def is_paid(self) -> bool:
        """Whether anything of it has been paid or delivered."""
        return any(stage in {PAYS, DELIVERS} for stage, _ in self._first)

    def bring_to(self, wanted: Iterable[Wanted], day: date) -> list[dict[str, Any]]:
        """Return the journal's rows that make the entries what they are to be.

        A row is one of `JOURNAL_SCHEMA` with `account_id`. What comes late, or corrects, counts
        from the day and names the entry it corrects.
        """
        goal: dict[_Key, _Sums] = {}
        for entry in wanted:
            key = (entry.stage, entry.party)
            self._accounts[key] = entry.account_id
            sums = goal.setdefault(key, {})
            for line in entry.lines:
                place = (line.book, line.ref, line.unit)
                sums[place] = sums.get(place, 0) + line.amount
        rows = []
        for key in sorted({*goal, *self._sums}):
            rows += self._moved(key, goal.get(key, {}), day)
        return rows

    def _moved(self, key: _Key, goal: _Sums, day: date) -> list[dict[str, Any]]:
        before = self._sums.get(key, {})
        moves = {p: goal.get(p, 0) - before.get(p, 0) for p in sorted({*goal, *before})}
        moves = {place: amount for place, amount in moves.items() if amount}
        if not moves:
            return []
        stage, party = key
        entry_id = ENTRY.format(day=day, stage=stage, action=self._action.name, party=party)
        first = self._first.setdefault(key, entry_id)
        self._sums[key] = goal
        due = self._action.pays_on if stage in {PAYS, DELIVERS} else self._action.counts_on
        head = {
            "account_id": self._accounts[key],
            "entry_id": entry_id,
            "effective_date": due if first == entry_id else day,
            "recorded_on": day,
            "kind": KINDS[stage],
            "source": self._action.action_id,
            "reverses": None if first == entry_id else first,
        }
        return [
            {**head, "book": book, "ref": ref, "unit": unit, "amount": amount}
            for (book, ref, unit), amount in moves.items()
        ]

    def rows(self) -> list[Row]:
        """Return rows of `POSTED_SCHEMA`; an entry of which nothing is left keeps a row of zero."""
        name = self._action.name
        return [
            (name, *key, self._accounts[key], self._first[key], *place, amount)
            for key, sums in sorted(self._sums.items())
            for place, amount in _kept(sums)
        ]


def _kept(sums: _Sums) -> Iterable[tuple[tuple[str, str, str], int]]:
    standing = sorted((place, amount) for place, amount in sums.items() if amount)
    return standing or [(("", "", ""), 0)]


def as_journal(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return `JOURNAL_SCHEMA` with `account_id` of rows that `Postings` returned."""
    return pl.DataFrame(rows, schema={**JOURNAL_SCHEMA, "account_id": pl.String})
