"""The market's memory: what its own former drops say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

import polars as pl

from backoffice.formats.iso20022.outcomes import (
    CANCEL_ACCEPTED,
    MATCHED,
    PENDING,
    REJECTED,
    SETTLED,
    UNMATCHED,
)
from backoffice.formats.iso20022.status_reader import read_status
from cli.market.references import MISLEADING_REFERENCE, misleads

_MORE_TO_COME: Final = "PAIN"
_REMEMBERED: Final = (CANCEL_ACCEPTED, REJECTED, PENDING, UNMATCHED, MATCHED)
_COLUMNS: Final = (
    "reference",
    "obligation_id",
    "outcome",
    "reason",
    "quantity_e8",
    "money_minor",
    "effective_date",
)


@dataclass(frozen=True, slots=True)
class Settled:
    """What has been confirmed of an instruction: quantity at 10^8, money + the owner was paid.

    `dated` are the quantities by effective date (ISO 8601), in the order they were told.
    """

    quantity_e8: int
    money_minor: int
    dated: tuple[tuple[str, int], ...] = ()

    @property
    def until(self) -> str:
        """Return the last effective date."""
        return max((on for on, _ in self.dated), default="")

    def before(self, day: str) -> int:
        """Return what had settled before a day, at 10^8."""
        return sum(quantity for on, quantity in self.dated if on < day)


@dataclass(frozen=True, slots=True)
class History:
    """What the market has said: what settled, in whole or part, who is out, who was told a fail."""

    settled: Mapping[str, Settled] = field(default_factory=dict)
    cancelled: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    unmatched: frozenset[str] = frozenset()
    """Told that they have no match, whatever was said since."""
    matched: frozenset[str] = frozenset()
    complete: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    """The reference of every message."""

    @property
    def finished(self) -> frozenset[str]:
        """The instructions there is nothing more to say about, but to a request to cancel them."""
        return self.complete | self.cancelled


def read_history(drops: Iterable[bytes]) -> History:
    """Read the market's former status files, the oldest first."""
    seen = _Memory()
    for drop in drops:
        statuses = _statuses(drop)
        for said in zip(*(statuses[column].to_list() for column in _COLUMNS), strict=True):
            seen.recall(*said)
        # a malformed message has no row, so they are found by their mark
        seen.said.update(found.decode() for found in MISLEADING_REFERENCE.findall(drop))
    return History(
        settled=seen.settled,
        cancelled=frozenset(seen.ids[CANCEL_ACCEPTED]),
        rejected=frozenset(seen.ids[REJECTED]),
        failed=frozenset(seen.ids[PENDING]),
        unmatched=frozenset(seen.ids[UNMATCHED]),
        matched=frozenset(seen.ids[MATCHED]),
        complete=frozenset(seen.complete),
        said=frozenset(seen.said),
    )


@cache
def _statuses(drop: bytes) -> pl.DataFrame:
    """Read a file's statuses, once however many days a process plays."""
    return read_status(drop).statuses


class _Memory:
    """What has been said so far."""

    def __init__(self) -> None:
        self.settled: dict[str, Settled] = {}
        self.complete: set[str] = set()
        self.ids: dict[str, set[str]] = {outcome: set() for outcome in _REMEMBERED}
        self.said: set[str] = set()

    def recall(
        self,
        reference: str,
        obligation_id: str,
        outcome: str,
        reason: str | None,
        quantity_e8: int,
        money_minor: int,
        effective: date | None,
    ) -> None:
        """Take one message; one that was sent twice counts once."""
        if reference in self.said or misleads(reference):
            return
        self.said.add(reference)
        if outcome in self.ids:
            self.ids[outcome].add(obligation_id)
        if outcome != SETTLED:
            return
        before = self.settled.get(obligation_id) or Settled(0, 0)
        self.settled[obligation_id] = Settled(
            quantity_e8 + before.quantity_e8,
            money_minor + before.money_minor,
            (*before.dated, (str(effective or ""), quantity_e8)),
        )
        if reason != _MORE_TO_COME:
            self.complete.add(obligation_id)
