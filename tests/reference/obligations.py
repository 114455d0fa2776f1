"""What is owed between us and a counterparty, from netting to settlement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from tests.reference.pricing import Figures
    from tests.reference.trades import Identity, Trade

ALIVE = ("INSTRUCTED", "PARTIAL", "FAILED")
"""Instructed and not done: the street may still settle it."""


@dataclass(frozen=True)
class Leg:
    """One trade's part: shares + to us, and what it put on the two Street accounts."""

    identity: Identity
    venue: str
    quantity: Decimal
    payable: Decimal
    receivable: Decimal
    short: bool = False

    def opposite(self) -> Leg:
        """Give the leg that undoes this one over the same accounts."""
        return Leg(self.identity, self.venue, -self.quantity, -self.payable, -self.receivable)


@dataclass
class Obligation:
    """Shares against money, or money alone, on one day."""

    obligation_id: str
    counterparty: str
    isin: str
    currency: str
    settlement_date: dt.date
    legs: list[Leg]
    origin: str = "NET"
    status: str = "OPEN"
    settled_quantity: Decimal = ZERO
    settled_money: Decimal = ZERO
    touched: bool = False
    withdrawn: list[Leg] = field(default_factory=list)
    cancellation_requested: bool = False
    cancellation_accepted: bool = False
    references: set[object] = field(default_factory=set)
    was_short: bool = False
    rolled_into: Obligation | None = None

    @property
    def sold_short(self) -> bool:
        """Say whether a short sale is, or ever was, in it or in what it is the rest of."""
        return self.was_short or any(leg.short for leg in self.legs)

    @property
    def trades(self) -> int:
        """Count its trades; what was bought in of it is none."""
        return sum(bool(leg.venue) for leg in self.legs)

    @property
    def quantity(self) -> Decimal:
        """Give the net shares, + when we receive."""
        return sum((leg.quantity for leg in self.legs), ZERO)

    @property
    def payable(self) -> Decimal:
        """Give the gross of the buys."""
        return sum((leg.payable for leg in self.legs), ZERO)

    @property
    def receivable(self) -> Decimal:
        """Give the gross of the sales."""
        return sum((leg.receivable for leg in self.legs), ZERO)

    @property
    def money(self) -> Decimal:
        """Give the net money, + when we receive."""
        return self.receivable - self.payable

    @property
    def direction(self) -> str:
        """Give RECEIVE, DELIVER, CASH or FLAT."""
        if self.quantity:
            return "RECEIVE" if self.quantity > 0 else "DELIVER"
        return "CASH" if self.money else "FLAT"

    @property
    def key(self) -> tuple[str, str, str, dt.date]:
        """Give what trades are netted by."""
        return (self.counterparty, self.isin, self.currency, self.settlement_date)

    def rest(self) -> list[Leg]:
        """Give the legs of the trades that still stand."""
        return [leg for leg in self.legs if leg not in self.withdrawn]


def leg_of(trade: Trade, figures: Figures) -> Leg:
    """Make a cleared trade's leg; the street owes and is owed gross."""
    values = trade.version
    quantity = values.amount("quantity")
    venue = values.text("venue")
    if trade.buys:
        return Leg(trade.identity, venue, quantity, figures.gross, ZERO)
    short = values.text("side") == "SHORT"
    return Leg(trade.identity, venue, -quantity, ZERO, figures.gross, short)
