"""Wash sales of one group, event by event: losses that a replacement takes on as its basis.

A loss is disallowed as far as the same instrument is bought within 30 days before or after the
sale (IRC 1091, IRS Publication 550). A share replaces once, in the order of the sales, then of the
purchases; what is left of the very purchase that was sold is no replacement. The loss goes on as
basis of the replacement, and its holding period with it. Short positions are mirror images.
"""

from dataclasses import dataclass, field
from datetime import date

from backoffice.accounting.wash_sales.events import (
    Closing,
    Event,
    Loss,
    Move,
    Onward,
    Open,
    Piece,
    Place,
    Ref,
    Sold,
    Wash,
)
from backoffice.accounting.wash_sales.parts import between, bring, share, take_shares
from backoffice.kernel.scaled import round_half_up


@dataclass
class GroupWashes:
    """A group under way: its open lots, its losses still open to be replaced, what came of them."""

    window: int
    lots: dict[Place, Open] = field(default_factory=dict)
    pending: list[Loss] = field(default_factory=list)
    sold: list[Sold] = field(default_factory=list)
    washes: list[Wash] = field(default_factory=list)
    order: dict[Ref, int] = field(default_factory=dict)

    def reopen(self, place: Place, lot: Open) -> None:
        """Put a lot that was open before the first event; they come in the order they opened."""
        self.order.setdefault(place[1], len(self.order))
        self.lots[place] = lot

    def take(self, event: Event) -> None:
        """Take the next event of the group."""
        first = _days_before(event.ref[0], self.window)
        self.pending = [loss for loss in self.pending if loss.closing[0] >= first]
        self.order.setdefault(event.ref, len(self.order))
        if event.merges:
            self._merge()
        if event.sources:
            losses = self._act(event)
        else:
            losses = [loss for part in event.closings for loss in self._close(event, part)]
        for loss in losses:
            self._match_earlier(loss, first)
        self.pending += [loss for loss in losses if loss.quantity and loss.loss]
        if event.opened:
            self._open(event)
        if event.merges:
            self._merge()

    def _merge(self) -> None:
        """Make one lot of all that stand in a unit: it is called by the first."""
        places = sorted(self.lots, key=lambda place: self.order[place[1]])
        firsts: dict[str, Place] = {}
        for place in places:
            first = firsts.setdefault(place[0], place)
            if first != place:
                lot = self.lots.pop(place)
                self.lots[first].quantity += lot.quantity
                self.lots[first].pieces += lot.pieces

    def _close(self, event: Event, part: Closing) -> list[Loss]:
        """Take a closing's shares out of their lot; return its losses."""
        place = self._place(part)
        lot = self.lots[place]
        taken = take_shares(lot, part.quantity)
        if not lot.quantity:
            del self.lots[place]
        return [] if event.at_cost else self._told(event, part, taken)

    def _place(self, part: Closing) -> Place:
        """Find a closing's lot: what goes out at cost may be of any currency."""
        place = (part.unit, part.opening)
        if place in self.lots:
            return place
        isin = part.unit.rpartition(":")[0]
        return next(
            place
            for place in self.lots
            if place[1] == part.opening and place[0].rpartition(":")[0] == isin
        )

    def _act(self, event: Event) -> list[Loss]:
        """Put lots where an action brings them; basis that was taken on goes along by cost."""
        before = {opening: self.lots.pop((unit, opening)) for unit, opening in self._met(event)}
        costs = dict.fromkeys(before, 0)
        totals = dict(costs)
        every: list[Closing | Move] = [*event.closings, *event.moves]
        rows = [row for row in every if row.opening in before]
        for row in rows:
            totals[row.opening] += row.cost
        losses: list[Loss] = []
        for row in rows:
            start = costs[row.opening]
            costs[row.opening] = end = start + row.cost
            lot = share(before[row.opening], row, start, end, totals[row.opening])
            if isinstance(row, Closing):
                losses += self._told(event, row, take_shares(lot, row.quantity))
            elif lot.quantity:
                self.order.setdefault(row.to_opening, len(self.order))
                bring(self.lots, row, lot)
        for part in event.closings:
            if part.opening not in before:
                losses += self._meet(event, part)
        if event.onward is not None:
            self._follow(event.onward)
        return losses

    def _meet(self, event: Event, part: Closing) -> list[Loss]:
        """Close a lot of the other sign that stood where lots came, and what of them met it."""
        left = part.quantity
        for place in [(move.to_unit, move.to_opening) for move in event.moves]:
            if place[0] != part.unit or place not in self.lots:
                continue
            lot = self.lots[place]
            used = min(left, lot.quantity)
            take_shares(lot, used)
            left -= used
            if not lot.quantity:
                del self.lots[place]
        return self._close(event, part)

    def _met(self, event: Event) -> list[Place]:
        return [place for place in self.lots if place[0] in event.sources]

    def _follow(self, onward: Onward) -> None:
        """Count what is still to be replaced in the shares that take its shares' place."""
        for loss in self.pending:
            if loss.unit in onward.units:
                loss.unit = onward.units[loss.unit]
                whole = loss.quantity * onward.numerator
                loss.quantity = round_half_up(whole, onward.denominator)
        self.pending = [loss for loss in self.pending if loss.quantity]

    def _told(self, event: Event, part: Closing, taken: list[Piece]) -> list[Loss]:
        washed = any(piece.extra or piece.tacked for piece in taken)
        losses, sizes = [], 0
        for number, piece in enumerate(taken):
            start, sizes = sizes, sizes + piece.quantity
            cost = between(part.cost, start, sizes, part.quantity)
            proceeds = between(part.proceeds, start, sizes, part.quantity)
            since = _days_before(part.opening[0], piece.tacked)
            names = (part.unit, event.ref, part.opening, part.is_short, number)
            if washed:
                sums = (piece.quantity, cost, proceeds, piece.extra, since)
                self.sold.append(Sold(*names, *sums))
            if (loss := cost + piece.extra - proceeds) > 0 and piece.quantity:
                held = max((event.ref[0] - since).days, 0)
                losses.append(Loss(*names, piece.quantity, loss, held))
        return losses

    def _match_earlier(self, loss: Loss, first: date) -> None:
        """Find replacements among what was bought before and is still there."""
        for (unit, opening), lot in self.lots.items():
            within = first <= opening[0] <= loss.closing[0]
            other = opening not in (loss.opening, loss.closing) and opening[2] is not None
            if unit == loss.unit and within and other and lot.is_short == loss.is_short:
                self._match(loss, opening, lot)

    def _open(self, event: Event) -> None:
        lot = Open(event.opened < 0, abs(event.opened))
        self.lots[event.unit, event.ref] = lot
        if event.ref[2] is None:
            return
        for loss in self.pending:
            if loss.unit == event.unit and loss.is_short == lot.is_short:
                self._match(loss, event.ref, lot)
        self.pending = [loss for loss in self.pending if loss.quantity and loss.loss]

    def _match(self, loss: Loss, opening: Ref, lot: Open) -> None:
        size = min(loss.quantity, lot.free)
        if not size or not loss.loss:
            return
        disallowed = round_half_up(loss.loss * size, loss.quantity)
        loss.quantity, loss.loss = loss.quantity - size, loss.loss - disallowed
        lot.pieces.append(Piece(size, disallowed, loss.held))
        names = (loss.unit, loss.closing, loss.opening, loss.number)
        self.washes.append(Wash(*names, opening, size, disallowed, loss.held))


def _days_before(day: date, days: int) -> date:
    """Count days back, at most to the first day there is."""
    return date.fromordinal(max(1, day.toordinal() - days))
