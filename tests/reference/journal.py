"""The journal: balanced entries, never changed, only reversed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

Posting = tuple[str, str, Decimal]


class Dated(NamedTuple):
    """When an entry counts, and the business day whose close wrote it."""

    effective: dt.date
    recorded: dt.date


@dataclass(frozen=True)
class Entry:
    """One entry; debits are positive and every unit sums to zero."""

    number: int
    effective: dt.date
    recorded: dt.date
    kind: str
    source: str
    postings: tuple[Posting, ...]
    reverses: int | None = None


class UnbalancedError(ValueError):
    """An entry that does not sum to zero in some unit."""


@dataclass
class Journal:
    """All entries in the order they were written."""

    entries: list[Entry] = field(default_factory=list)
    locked_until: dt.date | None = None

    def write(
        self,
        dated: Dated,
        kind: str,
        source: str,
        postings: list[Posting],
        reverses: int | None = None,
        *,
        by_hand: bool = False,
    ) -> int:
        """Write an entry, without its zero postings, and give its number.

        What would count in a locked time counts from the day after, unless people wrote it.

        Raises
        ------
        UnbalancedError
            When a unit does not sum to zero.
        """
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for _, unit, amount in postings:
            sums[unit] += amount
        if any(sums.values()):
            raise UnbalancedError(f"{kind} of {source}: {dict(sums)}")
        kept = tuple(posting for posting in postings if posting[2])
        number = len(self.entries)
        if self.locked_until is not None and not by_hand:
            open_from = self.locked_until + dt.timedelta(days=1)
            dated = Dated(max(dated.effective, open_from), dated.recorded)
        self.entries.append(Entry(number, *dated, kind, source, kept, reverses))
        return number

    def reverse(self, number: int, day: dt.date) -> None:
        """Write the reversal of an entry, dated `day`."""
        entry = self.entries[number]
        turned = [(account, unit, -amount) for account, unit, amount in entry.postings]
        self.write(Dated(day, day), f"REVERSAL {entry.kind}", entry.source, turned, number)

    def known(self, effective: dt.date, recorded: dt.date) -> list[Entry]:
        """Give the entries effective and recorded by the two dates."""
        return [
            entry
            for entry in self.entries
            if entry.effective <= effective and entry.recorded <= recorded
        ]


def balances(entries: list[Entry]) -> dict[tuple[str, str], Decimal]:
    """Sum the entries by account and unit; zeros are left out."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        for account, unit, amount in entry.postings:
            sums[account, unit] += amount
    return {key: amount for key, amount in sums.items() if amount}
