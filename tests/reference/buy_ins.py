"""Buy-ins of what a counterparty did not deliver, and the claims they leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference import calendars
from tests.reference.amounts import ZERO, round_money
from tests.reference.journal import Dated
from tests.reference.obligations import ALIVE, Leg, Obligation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from tests.reference.fails import Fail
    from tests.reference.journal import Journal
    from tests.reference.rows import Row, Values
    from tests.reference.street import Street


@dataclass(frozen=True)
class Bought:
    """A buy-in that was taken, the money that had been agreed for its shares, its claim."""

    values: Values
    obligation: Obligation
    agreed: Decimal
    claim: Decimal
    failing: str

    @property
    def buy_in_id(self) -> str:
        """Give its id."""
        return self.values.text("buy_in_id")


def take_once(
    taken: dict[str, Values], waiting: list[Values], rows: Iterable[Row], key: str
) -> None:
    """Take rows by an id: an equal one again is a duplicate, another a conflict."""
    for row in sorted(rows, key=lambda row: row.order):
        if row.values is None:
            continue
        earlier = taken.get(row.values.text(key))
        if earlier is None:
            taken[row.values.text(key)] = row.values
            waiting.append(row.values)
        elif earlier == row.values:
            row.outcome = "DUPLICATE"
        else:
            row.reject("CONFLICTING_DUPLICATE", key)


@dataclass
class BuyIns:
    """Buy-ins and payments of claims, each taken once, and those still waiting."""

    taken: dict[str, Values] = field(default_factory=dict)
    waiting: list[Values] = field(default_factory=list)
    payments: dict[str, Values] = field(default_factory=dict)
    unpaid: list[Values] = field(default_factory=list)
    done: dict[str, Bought] = field(default_factory=dict)
    paid: dict[str, Decimal] = field(default_factory=dict)

    def take(self, buy_ins: Iterable[Row], payments: Iterable[Row]) -> None:
        """Take a day's rows."""
        take_once(self.taken, self.waiting, buy_ins, "buy_in_id")
        take_once(self.payments, self.unpaid, payments, "payment_id")

    def buy(
        self, street: Street, journal: Journal, failing: Mapping[str, Fail], day: dt.date
    ) -> list[Bought]:
        """Take the buy-ins whose day has come and that fit what is late."""
        named = {o.obligation_id: o for o in street.obligations}
        found = []
        for values in sorted(
            self.waiting, key=lambda row: (row.date("trade_date"), row.text("buy_in_id"))
        ):
            name = values.text("obligation_id")
            target = named.get(street.aliases.get(name, name))
            while target is not None and target.rolled_into is not None:
                target = target.rolled_into
            fail = failing.get(target.obligation_id) if target else None
            if values.date("trade_date") > day or target is None or fail is None:
                continue
            if not _is_open(target) or not _fits(values, target, fail):
                continue
            self.waiting.remove(values)
            bought = _apply(values, target, journal, day)
            self.done[bought.buy_in_id] = bought
            found.append(bought)
            due = calendars.due_date(fail.venue, values.date("settlement_date"), day)
            leg = Leg(
                ("buy-in", day, bought.buy_in_id),
                fail.venue,
                values.amount("quantity"),
                values.amount("money"),
                ZERO,
            )
            street.purchase(values.text("counterparty"), target, leg, due)
        return found

    def pay(self, journal: Journal, day: dt.date) -> list[tuple[Bought, Values, Decimal]]:
        """Book the payments whose day has come and that fit a claim."""
        found = []
        for values in sorted(
            self.unpaid, key=lambda row: (row.date("value_date"), row.text("payment_id"))
        ):
            claim = self.done.get(values.text("buy_in_id"))
            if claim is None or not claim.claim or values.date("value_date") > day:
                continue
            before = self.paid.get(claim.buy_in_id, ZERO)
            amount = values.amount("amount")
            alike = claim.values.text("currency") == values.text("currency")
            early = values.date("value_date") < claim.values.date("trade_date")
            if not alike or early or before + amount > abs(claim.claim):
                continue
            self.unpaid.remove(values)
            self.paid[claim.buy_in_id] = before + amount
            signed = amount if claim.claim > 0 else -amount
            side = "Assets" if claim.claim > 0 else "Liabilities"
            currency = values.text("currency")
            journal.write(
                Dated(values.date("value_date"), day),
                "CLAIM_PAYMENT",
                values.text("payment_id"),
                [
                    (f"Assets:Cash:{currency}", currency, signed),
                    (f"{side}:Claims:{claim.failing}", currency, -signed),
                ],
            )
            found.append((claim, values, signed))
        return found


def _is_open(obligation: Obligation) -> bool:
    asked = obligation.cancellation_requested or obligation.cancellation_accepted
    return obligation.status in ALIVE and obligation.direction == "RECEIVE" and not asked


def _fits(values: Values, target: Obligation, fail: Fail) -> bool:
    left = target.quantity - target.settled_quantity
    late = left if target.status in ("FAILED", "PARTIAL") else min(left, fail.quantity)
    return (
        values.text("currency") == target.currency
        and fail.first.settlement_date <= values.date("trade_date")
        and values.amount("quantity") <= late
    )


def _apply(values: Values, target: Obligation, journal: Journal, day: dt.date) -> Bought:
    """Post a buy-in and take its shares and their money out of the failed obligation."""
    currency, failing = target.currency, target.counterparty
    quantity, cost = values.amount("quantity"), values.amount("money")
    left = target.quantity - target.settled_quantity
    agreed = round_money((target.money - target.settled_money) * quantity / left, currency)
    pays = abs(target.payable) > abs(target.receivable)
    pair = ZERO if target.touched else (target.receivable if pays else target.payable)
    payable = pair - (agreed if pays else ZERO)
    receivable = -pair - (ZERO if pays else agreed)
    claim = cost + agreed
    side = "Assets" if claim > 0 else "Liabilities"
    seller = values.text("counterparty")
    journal.write(
        Dated(values.date("trade_date"), day),
        "BUY_IN",
        target.obligation_id,
        [
            (f"Liabilities:Payable:Street:{failing}", currency, payable),
            (f"Assets:Receivable:Street:{failing}", currency, receivable),
            (f"Liabilities:Payable:Street:{seller}", currency, -cost),
            (f"{side}:Claims:{failing}", currency, claim),
            (f"Securities:Street:{failing}", target.isin, -quantity),
            (f"Securities:Street:{seller}", target.isin, quantity),
        ],
    )
    if quantity == target.quantity:
        target.status = "CANCELLED"
    else:
        target.legs.append(
            Leg(("buy-in", day, values.text("buy_in_id")), "", -quantity, -payable, receivable)
        )
        if target.quantity == target.settled_quantity:
            target.status = "SETTLED"
    return Bought(values, target, agreed, claim, failing)
