"""Wash sales share by share: every share knows what it cost, what it took on and since when.

26 USC 1091 and IRS Publication 550, as docs/contracts/lots.md reads them. Figures are whole cents
a share, so that nothing is rounded.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WINDOW = dt.timedelta(days=30)


class Deal(NamedTuple):
    """Shares bought (+) or sold (-) at a price in cents, by the method of the day.

    A transfer in (`moved`) has a price that was paid elsewhere, and replaces nothing.
    """

    name: str
    day: dt.date
    quantity: int
    price: int
    method: str
    moved: bool = False


@dataclass
class Share:
    """One share of an open lot."""

    lot: Deal
    extra: int = 0
    tacked: int = 0
    rank: int | None = None

    @property
    def since(self) -> dt.date:
        """From when on it counts as held."""
        return self.lot.day - dt.timedelta(days=self.tacked)


@dataclass
class Loss:
    """The loss of one share that was sold."""

    sale: Deal
    share: Share
    amount: int
    is_short: bool

    @property
    def held(self) -> int:
        """For how many days it was held."""
        return max((self.sale.day - self.share.since).days, 0)


Totals = Counter[tuple[object, ...]]


@dataclass
class ShareBook:
    """An account's shares of one instrument, and what its losses came to.

    `choose` names, under SPECIFIC, how many shares of which lot a deal takes, or nothing.
    """

    choose: Callable[[Deal, dict[str, int]], list[tuple[str, int]] | None]
    lots: dict[str, list[Share]] = field(default_factory=dict)
    pending: list[Loss] = field(default_factory=list)
    washed: list[tuple[Loss, Share]] = field(default_factory=list)
    sold: list[tuple[Deal, Share]] = field(default_factory=list)
    is_short: bool = False
    ranks: int = 0

    def take(self, deal: Deal) -> None:
        """Take the next deal."""
        self.pending = [loss for loss in self.pending if loss.sale.day >= deal.day - WINDOW]
        size, is_short = abs(deal.quantity), deal.quantity < 0
        if self.lots and self.is_short != is_short:
            losses = self._close(deal, min(size, self._held()))
            size -= len(losses)
            for loss in losses:
                if loss.amount > 0:
                    self._replaced_before(loss)
        if size:
            self._open(deal, size, is_short=is_short)

    def _held(self) -> int:
        return sum(len(lot) for lot in self.lots.values())

    def _close(self, deal: Deal, size: int) -> list[Loss]:
        losses = []
        for share in self._taken(deal, size):
            self.sold.append((deal, share))
            gain = deal.price - share.lot.price
            amount = share.extra - (-gain if self.is_short else gain)
            losses.append(Loss(deal, share, amount, self.is_short))
        self.lots = {name: lot for name, lot in self.lots.items() if lot}
        return losses

    def _taken(self, deal: Deal, size: int) -> list[Share]:
        """Take shares out of the lots; of one lot first those that replaced others."""
        taken = []
        for name, part in self._parts(deal, size):
            lot = sorted(self.lots[name], key=lambda share: (share.rank is None, share.rank or 0))
            taken += lot[:part]
            self.lots[name] = lot[part:]
        return taken

    def _parts(self, deal: Deal, size: int) -> Sequence[tuple[str, int]]:
        held = {name: len(lot) for name, lot in self.lots.items()}
        if deal.method == "SPECIFIC" and (chosen := self.choose(deal, held)) is not None:
            return chosen
        names = list(held)
        if deal.method == "LIFO":
            names.reverse()
        if deal.method == "HIFO":
            names.sort(key=lambda name: -self.lots[name][0].lot.price)
        parts = []
        for name in names:
            part = min(size, held[name])
            if part:
                parts.append((name, part))
            size -= part
        return parts

    def _replaced_before(self, loss: Loss) -> None:
        for lot in self.lots.values():
            bought = lot[0].lot
            within = loss.sale.day - WINDOW <= bought.day
            if within and bought is not loss.share.lot and not bought.moved:
                for share in lot:
                    if share.rank is None:
                        self._wash(loss, share)
                        return
        self.pending.append(loss)

    def _open(self, deal: Deal, size: int, *, is_short: bool) -> None:
        self.is_short = is_short
        lot = self.lots[deal.name] = [Share(deal) for _ in range(size)]
        if deal.moved:
            return
        for share in lot:
            loss = next((loss for loss in self.pending if loss.is_short == is_short), None)
            if loss is None:
                return
            self.pending.remove(loss)
            self._wash(loss, share)

    def _wash(self, loss: Loss, share: Share) -> None:
        self.ranks += 1
        share.extra, share.tacked, share.rank = loss.amount, loss.held, self.ranks
        self.washed.append((loss, share))

    def wash_sales(self) -> Totals:
        """Count shares and cents by loss, lot sold, replacement and days tacked."""
        totals: Totals = Counter()
        for loss, share in self.washed:
            key = (loss.sale.name, loss.share.lot.name, share.lot.name, loss.held)
            totals[*key, "shares"] += 1
            totals[*key, "cents"] += loss.amount
        return totals

    def sold_parts(self) -> Totals:
        """Count shares and cents taken on, of closings of lots that had replaced others."""
        touched = {(deal.name, s.lot.name) for deal, s in self.sold if s.extra or s.tacked}
        totals: Totals = Counter()
        for deal, share in self.sold:
            if (deal.name, share.lot.name) in touched:
                key = (deal.name, share.lot.name, share.since)
                totals[*key, "shares"] += 1
                totals[*key, "cents"] += share.extra
        return +totals

    def replacing(self) -> Totals:
        """Count open shares that replaced others, and cents they took on."""
        totals: Totals = Counter()
        for lot in self.lots.values():
            for share in lot:
                if share.rank is not None:
                    totals[share.lot.name, share.tacked, "shares"] += 1
                    totals[share.lot.name, share.tacked, "cents"] += share.extra
        return totals

    def open_losses(self) -> Totals:
        """Count shares and cents of losses that may still be replaced."""
        totals: Totals = Counter()
        for loss in self.pending:
            key = (loss.sale.name, loss.share.lot.name, loss.held)
            totals[*key, "shares"] += 1
            totals[*key, "cents"] += loss.amount
        return totals
