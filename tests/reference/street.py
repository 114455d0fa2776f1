"""The street side: netting, instruction, cancellation, settlement."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.reference import calendars
from tests.reference.journal import Dated
from tests.reference.messages import Advice, CancellationAnswer, Confirmation, Message
from tests.reference.obligations import ALIVE, Leg, Obligation, leg_of
from tests.reference.postings import street_settles
from tests.reference.rolling import rolls_of
from tests.reference.settling import mark_of, misfit, money_is_off, settled_status

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from tests.reference.journal import Journal
    from tests.reference.rolling import Roll
    from tests.reference.standing import Standing
    from tests.reference.trades import Identity, Trade

    Market = Callable[[dt.date, Sequence[Obligation]], Iterable[Message]]


@dataclass
class Street:
    """Every obligation ever made, and where each cleared trade's leg is now."""

    journal: Journal
    obligations: list[Obligation] = field(default_factory=list)
    home: dict[Identity, tuple[Obligation, Leg]] = field(default_factory=dict)
    corrected: set[Identity] = field(default_factory=set)
    money_breaks: set[str] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)
    misfits: list[tuple[str, str]] = field(default_factory=list)
    """What of the day's confirmations did not fit, by code and the obligation named."""
    reasons: dict[str, str] = field(default_factory=dict)
    rolled: list[Roll] = field(default_factory=list)
    """What rolled at the day's cut-off."""

    def _open(self, like: Obligation, legs: list[Leg], due: dt.date, origin: str) -> Obligation:
        obligation = Obligation(
            f"O{len(self.obligations) + 1:05d}",
            like.counterparty,
            like.isin,
            like.currency,
            due,
            legs,
            origin,
        )
        self.obligations.append(obligation)
        return obligation

    def _joinable(self, like: Obligation) -> Obligation | None:
        """Find the obligation not yet instructed that nets the same key."""
        for obligation in self.obligations:
            netted = obligation.status == "OPEN" and obligation.origin != "TRADE"
            if netted and obligation.key == like.key:
                return obligation
        return None

    def net(self, trades: Iterable[Trade], standing: Standing, day: dt.date) -> None:
        """Net what rolls and the trades that cleared on `day`, then instruct what is not FLAT."""
        self._roll(standing, day)
        for trade in sorted(trades, key=lambda trade: trade.identity):
            if trade.settles is None or trade.figures is None:
                raise ValueError(f"{trade.identity} has cleared without figures")
            values = trade.version
            leg = leg_of(trade, trade.figures)
            due = calendars.due_date(leg.venue, trade.settles, day)
            parts = (values.text("counterparty"), values.text("isin"), values.text("currency"))
            like = Obligation("", *parts, due, [])
            nets = standing.nets(like.counterparty)
            target = self._joinable(like) if nets else None
            target = target or self._open(like, [], due, "NET" if nets else "TRADE")
            target.legs.append(leg)
            self.home[trade.identity] = (target, leg)
        self._instruct(day)

    def _roll(self, standing: Standing, day: dt.date) -> None:
        self.rolled, marks = rolls_of(self.obligations, standing, day)
        for roll in self.rolled:
            like = replace(roll.old, settlement_date=roll.due)
            target = self._joinable(like) or self._open(like, [], roll.due, "NET")
            target.legs += roll.legs
            target.was_short |= roll.old.sold_short
            roll.into = roll.old.rolled_into = target
            for leg in roll.old.legs:
                if leg.identity in self.home:
                    self.home[leg.identity] = (target, leg)
        for mark in marks:
            paid = self._open(mark, mark.legs, mark.settlement_date, "MARK")
            paid.status = "INSTRUCTED" if paid.money else "OPEN"

    def _instruct(self, day: dt.date) -> None:
        for obligation in self.obligations:
            if obligation.status != "OPEN":
                continue
            if not obligation.legs:
                obligation.status = "CANCELLED"
            elif obligation.direction != "FLAT":
                obligation.settlement_date = _due(obligation, obligation.legs, day)
                obligation.status = "INSTRUCTED"

    def withdraw(self, identity: Identity, day: dt.date) -> None:
        """Take a cancelled or amended trade's leg out of its obligation, as far as it went."""
        obligation, leg = self.home.pop(identity)
        if obligation.status == "OPEN":
            obligation.legs.remove(leg)
            obligation.was_short |= leg.short
        elif obligation.touched:
            self._oppose(obligation, leg, day)
        else:
            obligation.withdrawn.append(leg)
            obligation.cancellation_requested = True

    def _oppose(self, obligation: Obligation, leg: Leg, day: dt.date) -> None:
        due = calendars.due_date(leg.venue, day, day)
        opposite = self._open(obligation, [leg.opposite()], due, "OPPOSITE")
        opposite.status = "INSTRUCTED"
        self.corrected.add(leg.identity)

    def hear(self, messages: Iterable[Message], day: dt.date) -> None:
        """Take what the street says; of an unknown or finished obligation it changes nothing."""
        by_id = {obligation.obligation_id: obligation for obligation in self.obligations}
        for message in messages:
            name = self.aliases.get(message.obligation_id, message.obligation_id)
            obligation = by_id.get(name)
            if isinstance(message, Confirmation):
                self._take(obligation, message, day)
            elif obligation is None or obligation.status not in ALIVE:
                continue
            elif isinstance(message, Advice):
                self.reasons[name] = message.reason
            elif not obligation.touched:
                self._answer(obligation, message)

    def _take(self, obligation: Obligation | None, part: Confirmation, day: dt.date) -> None:
        """Confirm what fits and is new; what does not fit changes nothing and is told."""
        if code := misfit(obligation, part):
            self.misfits.append((code, part.obligation_id))
        elif obligation and mark_of(part) not in obligation.references:
            obligation.references.add(mark_of(part))
            self._confirm(obligation, part, day)

    def _confirm(self, obligation: Obligation, part: Confirmation, day: dt.date) -> None:
        sign = -1 if obligation.direction == "DELIVER" else 1
        if money_is_off(obligation, part):
            self.money_breaks.add(obligation.obligation_id)
            self.misfits.append(("MONEY_DIFFERS", part.obligation_id))
        postings = street_settles(obligation, sign * part.quantity, part.money)
        dated = Dated(part.effective or day, day)
        self.journal.write(dated, "SETTLED", obligation.obligation_id, postings)
        obligation.touched = True
        obligation.settled_quantity += part.quantity
        obligation.settled_money += part.money
        obligation.status = settled_status(obligation)
        withdrawn, obligation.withdrawn = obligation.withdrawn, []
        obligation.cancellation_requested = obligation.cancellation_accepted = False
        for leg in withdrawn:
            self._oppose(obligation, leg, day)

    @staticmethod
    def _answer(obligation: Obligation, answer: CancellationAnswer) -> None:
        if obligation.cancellation_requested:
            obligation.cancellation_accepted = answer.accepted
            obligation.cancellation_requested = answer.accepted

    def finish_cancellations(self, day: dt.date) -> None:
        """Cancel what the street lets go, and instruct the rest under a new id."""
        for old in [o for o in self.obligations if o.cancellation_accepted]:
            old.status = "CANCELLED"
            old.cancellation_accepted = old.cancellation_requested = False
            legs = old.rest()
            if not legs:
                continue
            rest = self._open(old, legs, _due(old, legs, day), "REST")
            rest.was_short = old.sold_short
            rest.status = "OPEN" if rest.direction == "FLAT" else "INSTRUCTED"
            self.home.update({leg.identity: (rest, leg) for leg in legs})

    def purchase(self, seller: str, like: Obligation, leg: Leg, due: dt.date) -> None:
        """Open the obligation to receive what was bought in."""
        bought = self._open(replace(like, counterparty=seller), [leg], due, "BUY_IN")
        bought.status = "INSTRUCTED"

    def settle_flat(self, day: dt.date) -> None:
        """Settle what is FLAT on its date: it needs nobody."""
        for obligation in self.obligations:
            due = obligation.status == "OPEN" and obligation.settlement_date <= day
            if due and obligation.direction == "FLAT":
                postings = street_settles(obligation, obligation.quantity, obligation.money)
                dated = Dated(obligation.settlement_date, day)
                self.journal.write(dated, "SETTLED", obligation.obligation_id, postings)
                obligation.touched, obligation.status = True, "SETTLED"

    def fail_overdue(self, day: dt.date) -> None:
        """Name as FAILED what should have settled before `day` and did not at all."""
        for obligation in self.obligations:
            if obligation.status == "INSTRUCTED" and obligation.settlement_date < day:
                obligation.status = "FAILED"


def _due(obligation: Obligation, legs: Iterable[Leg], day: dt.date) -> dt.date:
    # of what only marks and parts are left, the trades that were there say where it settles
    kept = [leg.venue for leg in legs if leg.venue]
    kept = kept or [leg.venue for leg in obligation.legs if leg.venue]
    return max(calendars.due_date(venue, obligation.settlement_date, day) for venue in kept)
