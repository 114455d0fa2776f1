"""Cash and shares that come and go without a trade."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO
from tests.reference.journal import Dated
from tests.reference.lots import Flow
from tests.reference.postings import moved

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from tests.reference.journal import Journal
    from tests.reference.rows import Row, Values
    from tests.reference.standing import Standing

_KINDS = {"TRANSFER_IN": 1, "TRANSFER_OUT": -1}


@dataclass
class Movements:
    """Every movement taken, once an id, and those not booked yet."""

    journal: Journal
    taken: dict[str, Values] = field(default_factory=dict)
    waiting: list[Values] = field(default_factory=list)
    booked: list[Values] = field(default_factory=list)

    def take(self, rows: Iterable[Row]) -> None:
        """Take a day's rows: an equal one again is a duplicate, another of its id a conflict."""
        for row in sorted(rows, key=lambda row: row.order):
            if row.values is None:
                continue
            earlier = self.taken.get(row.values.text("movement_id"))
            if earlier is None:
                self.taken[row.values.text("movement_id")] = row.values
                self.waiting.append(row.values)
            elif earlier == row.values:
                row.outcome = "DUPLICATE"
            else:
                row.reject("CONFLICTING_DUPLICATE", "movement_id")

    def book(self, standing: Standing, day: dt.date) -> None:
        """Book what is of value by `day` and of an account that is known."""
        still: list[Values] = []
        for movement in self.waiting:
            account = standing.account(movement.text("account_id"))
            if account is None or movement.date("value_date") > day:
                still.append(movement)
                continue
            postings = moved(movement, account.text("kind"))
            dated = Dated(movement.date("value_date"), day)
            self.journal.write(dated, movement.text("kind"), movement.text("movement_id"), postings)
            self.booked.append(movement)
        self.waiting = still

    def flows(self) -> list[Flow]:
        """Give the booked transfers of shares as flows of lots."""
        return [
            Flow(
                movement.text("account_id"),
                movement.text("isin"),
                movement.text("cost_currency"),
                movement.date("value_date"),
                movement.date("value_date"),
                movement.text("movement_id"),
                _KINDS[movement.text("kind")] * movement.amount("quantity"),
                movement.amount_or("cost", ZERO)
                if movement.text("kind") == "TRANSFER_IN"
                else ZERO,
                transfer=True,
            )
            for movement in self.booked
            if movement.text("kind") in _KINDS
        ]
