"""Lots and realised profit: a view, replayed whole in trade-date order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO, round_money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_FIRST_MOMENT = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Flow:
    """Shares in (+) or out (-) of an account, with the money they cost or brought (unsigned)."""

    account_id: str
    isin: str
    currency: str
    day: dt.date
    settles: dt.date
    source: str
    quantity: Decimal
    money: Decimal
    transfer: bool = False
    moment: dt.datetime = _FIRST_MOMENT

    @property
    def order(self) -> tuple[dt.date, bool, dt.datetime, str]:
        """Give its place: transfers stand before the trades of their date."""
        return (self.day, not self.transfer, self.moment, self.source)


@dataclass
class Lot:
    """An open lot; a short one has a negative quantity and cost."""

    account_id: str
    isin: str
    currency: str
    opened_on: dt.date
    source: str
    quantity: Decimal
    cost: Decimal

    def take(self, quantity: Decimal) -> Decimal:
        """Close part of the lot (same sign as the lot) and give its rounded cost."""
        if quantity == self.quantity:
            part = self.cost
        else:
            part = round_money(self.cost * quantity / self.quantity, self.currency)
        self.quantity -= quantity
        self.cost -= part
        return part


@dataclass
class Holding:
    """One account's lots of one ISIN in the order they opened, and the profit by currency."""

    method: str
    lots: list[Lot] = field(default_factory=list)
    realised: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def _next(self, fits: Callable[[Lot], bool]) -> Lot | None:
        lots = [lot for lot in self.lots if fits(lot)]
        if not lots:
            return None
        if self.method == "LIFO":
            return lots[-1]
        if self.method == "HIFO":
            return max(lots, key=lambda lot: lot.cost / lot.quantity)  # the oldest of equals
        return lots[0]

    def _close(self, flow: Flow) -> tuple[Decimal, Decimal]:
        """Meet open lots of the other sign; give the shares met and what they had cost."""
        sign = 1 if flow.quantity < 0 else -1
        left, cost = abs(flow.quantity), ZERO
        any_currency = flow.transfer and flow.quantity < 0

        def fits(lot: Lot) -> bool:
            return lot.quantity * sign > 0 and (any_currency or lot.currency == flow.currency)

        while left:
            lot = self._next(fits)
            if lot is None:
                break
            part = min(left, abs(lot.quantity))
            cost += lot.take(sign * part)
            left -= part
            self.lots = [kept for kept in self.lots if kept.quantity]
        return abs(flow.quantity) - left, cost

    def _open(self, flow: Flow, quantity: Decimal, cost: Decimal) -> None:
        if self.method == "AVERAGE":
            for lot in self.lots:
                if lot.currency == flow.currency:
                    lot.quantity += quantity
                    lot.cost += cost
                    return
        names = (flow.account_id, flow.isin, flow.currency, flow.day, flow.source)
        self.lots.append(Lot(*names, quantity, cost))

    def switch(self, method: str) -> None:
        """Go on by another method; by AVERAGE what is there becomes one lot a currency."""
        if method == self.method:
            return
        self.method = method
        if method == "AVERAGE":
            before, self.lots = self.lots, []
            for lot in before:
                first = next((one for one in self.lots if one.currency == lot.currency), None)
                if first is None:
                    self.lots.append(lot)
                else:
                    first.quantity += lot.quantity
                    first.cost += lot.cost

    def take(self, flow: Flow) -> None:
        """Take one flow: what meets lots realises, the rest opens a lot."""
        met, cost = self._close(flow)
        whole, sign = abs(flow.quantity), 1 if flow.quantity > 0 else -1
        money = flow.money
        if met and met != whole:
            money = round_money(flow.money * met / whole, flow.currency)
        if met and not (flow.transfer and flow.quantity < 0):
            # closing a long: proceeds - cost; closing a short (cost < 0): -cost - money paid
            self.realised[flow.currency] += -sign * money - cost
        if met != whole and flow.currency:  # shares out beyond the lots have no cost to open at
            rest = flow.money - money if met else flow.money
            self._open(flow, sign * (whole - met), sign * rest)


def replay(
    flows: Iterable[Flow], method_of: Callable[[str, dt.date], str]
) -> dict[tuple[str, str], Holding]:
    """Replay the flows in their order, by (account, ISIN), each by the method of its day."""
    holdings: dict[tuple[str, str], Holding] = {}
    for flow in sorted(flows, key=lambda flow: flow.order):
        key = (flow.account_id, flow.isin)
        method = method_of(flow.account_id, flow.day)
        if key not in holdings:
            holdings[key] = Holding(method)
        holdings[key].switch(method)
        holdings[key].take(flow)
    return holdings
