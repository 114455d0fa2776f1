"""What is done about what did not settle: the register, its clocks, penalties, buy-ins, claims."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference import calendars
from tests.reference.amounts import ZERO, round_money
from tests.reference.buy_ins import Bought, BuyIns
from tests.reference.journal import Dated
from tests.reference.obligations import ALIVE, Obligation
from tests.reference.penalties import penalty

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from tests.reference.journal import Journal
    from tests.reference.rolling import Roll
    from tests.reference.rows import Values
    from tests.reference.standing import Standing
    from tests.reference.street import Street

US = ("XNYS", "XNAS")
SHORT_DAYS, LONG_DAYS = 1, 3
BUY_IN_DAYS = {True: 4, False: 7}


@dataclass
class Fail:
    """One obligation that was late, from its first late close on, and what it rolled into."""

    first: Obligation
    obligation: Obligation
    direction: str
    venue: str
    failed_on: dt.date
    close_out_by: dt.date | None
    buy_in_on: dt.date | None
    quantity: Decimal
    money: Decimal
    reason: str = ""
    age: int = 0
    penalties: Decimal = ZERO
    status: str = "OPEN"
    ended_on: dt.date | None = None
    reached: set[str] = field(default_factory=set)

    def meet(self, others: Iterable[Fail]) -> None:
        """Keep the strictest clock of those that meet."""
        for other in others:
            if other.close_out_by:
                self.close_out_by = min(self.close_out_by or other.close_out_by, other.close_out_by)
            if other.buy_in_on:
                self.buy_in_on = min(self.buy_in_on or other.buy_in_on, other.buy_in_on)


@dataclass
class Event:
    """What happened to a fail on a day."""

    day: dt.date
    fail: Fail
    event: str
    quantity: Decimal | None = None
    money: Decimal | None = None
    note: str = ""


@dataclass
class Fails:
    """Every fail there ever was, and its history."""

    journal: Journal
    street: Street
    buy_ins: BuyIns = field(default_factory=BuyIns)
    known: dict[str, Fail] = field(default_factory=dict)
    history: list[Event] = field(default_factory=list)
    last_close: dt.date | None = None

    def close(self, standing: Standing, day: dt.date) -> None:
        """Pursue what is late at the close of a day."""
        self._open(standing, day)
        self._roll(day)
        self._grow(day)
        failing = {fail.obligation.obligation_id: fail for fail in self._running()}
        for bought in self.buy_ins.buy(self.street, self.journal, failing, day):
            self._bought(bought, day)
        self._follow(day)
        for claim, values, amount in self.buy_ins.pay(self.journal, day):
            name = claim.obligation.obligation_id
            note = f"{values.text('payment_id')} of {claim.buy_in_id}"
            self._tell(self.known[name], day, "CLAIM_PAID", None, amount, note)
        for fail in self._running():
            self._reason(fail, day)
            self._penalise(fail, standing, day)
            self._clocks(fail, day)
        self.last_close = day

    def _running(self) -> list[Fail]:
        unique = {id(fail): fail for fail in self.known.values()}
        return [fail for fail in unique.values() if fail.status == "OPEN"]

    def _tell(
        self,
        fail: Fail,
        day: dt.date,
        event: str,
        quantity: Decimal | None,
        money: Decimal | None,
        note: str = "",
    ) -> None:
        self.history.append(Event(day, fail, event, quantity, money, note))

    def _roll(self, day: dt.date) -> None:
        """Let fails go on where their obligations were netted into, the oldest of each way."""
        met: dict[tuple[str, str], list[Roll]] = defaultdict(list)
        for roll in self.street.rolled:
            fail = self.known.get(roll.old.obligation_id)
            if fail is None or fail.status != "OPEN" or roll.into is None:
                continue
            if settled := fail.quantity - abs(roll.quantity):
                self._tell(fail, day, "PART_SETTLED", settled, fail.money - roll.money)
            self._tell(fail, day, "ROLLED", abs(roll.quantity), roll.money)
            met[roll.into.obligation_id, fail.direction].append(roll)
        for (name, direction), rolls in met.items():
            fails = [self.known[roll.old.obligation_id] for roll in rolls]
            fails.sort(key=lambda fail: fail.first.settlement_date)
            into = rolls[0].into
            goes_on = into is not None and into.status in ALIVE and into.direction == direction
            for fail in fails[goes_on:]:
                fail.status, fail.ended_on, fail.quantity, fail.money = "ROLLED", day, ZERO, ZERO
            if into is not None and goes_on:
                fails[0].meet(fails)
                late = sum((abs(roll.quantity) for roll in rolls), ZERO)
                self._move(fails[0], into, late)
                self.known[name] = fails[0]

    @staticmethod
    def _move(fail: Fail, into: Obligation, late: Decimal) -> None:
        fail.obligation = into
        whole = open_quantity(fail.obligation)
        fail.quantity = min(late, whole)
        exact = open_money(fail.obligation) * fail.quantity / (whole or 1)
        fail.money = round_money(exact, fail.obligation.currency)

    def _grow(self, day: dt.date) -> None:
        """Let fails grow by what they were netted with, once its day has passed."""
        for fail in self._running():
            more = open_quantity(fail.obligation) - fail.quantity
            if is_late(fail.obligation, day) and more > 0:
                money = open_money(fail.obligation) - fail.money
                due = f"due {fail.obligation.settlement_date}"
                self._tell(fail, day, "FAILED", more, money, due)
                fail.quantity += more
                fail.money += money

    def _open(self, standing: Standing, day: dt.date) -> None:
        for obligation in self.street.obligations:
            if not is_late(obligation, day) or obligation.obligation_id in self.known:
                continue
            self._found(_fail(obligation, standing.instrument(obligation.isin), day), day)
        for roll in self.street.rolled:
            if roll.late and roll.old.obligation_id not in self.known:
                fail = _fail(roll.old, standing.instrument(roll.old.isin), day)
                fail.quantity, fail.money = abs(roll.quantity), roll.money
                self._found(fail, day)

    def _found(self, fail: Fail, day: dt.date) -> None:
        self.known[fail.first.obligation_id] = fail
        due = f"due {fail.first.settlement_date}"
        self._tell(fail, day, "FAILED", fail.quantity, fail.money, due)

    def _bought(self, bought: Bought, day: dt.date) -> None:
        fail, values = self.known[bought.obligation.obligation_id], bought.values
        quantity, note = values.amount("quantity"), values.text("buy_in_id")
        self._tell(fail, day, "BOUGHT_IN", quantity, -values.amount("money"), note)
        if bought.claim:
            self._tell(fail, day, "CLAIM_RAISED", None, bought.claim, note)
        fail.quantity -= quantity
        fail.money -= bought.agreed
        if fail.obligation.status in ("SETTLED", "CANCELLED"):
            # what a part had settled of it today is told before it ends
            self._moved(fail, day, "PART_SETTLED")
            fail.status, fail.ended_on = "BOUGHT_IN", day

    def _moved(self, fail: Fail, day: dt.date, event: str) -> None:
        whole = fail.obligation.status == "CANCELLED"
        quantity = fail.quantity - (ZERO if whole else open_quantity(fail.obligation))
        money = fail.money - (ZERO if whole else open_money(fail.obligation))
        if quantity or money or event == "SETTLED":
            self._tell(fail, day, event, quantity, money)
        fail.quantity -= quantity
        fail.money -= money

    def _follow(self, day: dt.date) -> None:
        for fail in {id(fail): fail for fail in self.known.values()}.values():
            if fail.status == "ROLLED" or (fail.status != "OPEN" and fail.ended_on != day):
                continue
            due = fail.first.settlement_date
            fail.age = len(calendars.settlement_days_between(fail.venue, due, day))
            if fail.status != "OPEN":
                fail.quantity = fail.money = ZERO
            elif fail.obligation.status == "SETTLED":
                self._moved(fail, day, "SETTLED")
                fail.status, fail.ended_on, fail.money = "SETTLED", day, ZERO
            elif fail.obligation.status == "CANCELLED":
                self._tell(fail, day, "CANCELLED", fail.quantity, fail.money)
                fail.status, fail.ended_on = "CANCELLED", day
                fail.quantity = fail.money = ZERO
            elif is_late(fail.obligation, day) or open_quantity(fail.obligation) < fail.quantity:
                self._moved(fail, day, "PART_SETTLED")

    def _reason(self, fail: Fail, day: dt.date) -> None:
        told = self.street.reasons.get(fail.obligation.obligation_id, "")
        if told and told != fail.reason:
            fail.reason = told
            self._tell(fail, day, "REASON", fail.quantity, fail.money, told)

    def _penalise(self, fail: Fail, standing: Standing, day: dt.date) -> None:
        since = fail.first.settlement_date
        since = max(since, self.last_close) if self.last_close else since
        for each in calendars.settlement_days_between(fail.venue, since, day):
            found = penalty(fail, standing, each)
            if found is None:
                continue
            exact, note = found
            if exact is None:
                self._tell(fail, day, "PENALTY_NOT_ASSESSED", fail.quantity, None, note)
                continue
            amount = round_money(exact, fail.obligation.currency)
            if amount:
                self._book(fail, each, day, amount)
                self._tell(fail, day, "PENALTY", fail.quantity, amount, note)
                fail.penalties += amount

    def _book(self, fail: Fail, counts: dt.date, day: dt.date, amount: Decimal) -> None:
        obligation = fail.obligation
        currency, street = obligation.currency, obligation.counterparty
        if amount < 0:
            result, balance = "Expenses:Penalties", f"Liabilities:Penalties:{street}"
        else:
            result, balance = "Income:Penalties", f"Assets:Penalties:{street}"
        postings = [(result, currency, -amount), (balance, currency, amount)]
        self.journal.write(Dated(counts, day), "PENALTY", obligation.obligation_id, postings)

    def _clocks(self, fail: Fail, day: dt.date) -> None:
        near = calendars.settlement_day_after(fail.venue, day)
        if near is None:
            return
        found: list[tuple[str, dt.date]] = []
        if fail.close_out_by and fail.close_out_by <= near:
            over = "OVERDUE" if fail.close_out_by < day else "DUE"
            found.append((f"CLOSE_OUT_{over}", fail.close_out_by))
        if fail.buy_in_on and fail.buy_in_on <= near:
            found.append(("BUY_IN_DUE", fail.buy_in_on))
        for event, due in found:
            if event not in fail.reached:
                fail.reached.add(event)
                self._tell(fail, day, event, fail.quantity, fail.money, f"due {due}")


def is_late(obligation: Obligation, day: dt.date) -> bool:
    """Say whether an obligation should have settled before the day and is not done."""
    return obligation.status in ("FAILED", "PARTIAL") and obligation.settlement_date < day


def open_quantity(obligation: Obligation) -> Decimal:
    """Give the shares still to move, unsigned."""
    return abs(obligation.quantity) - obligation.settled_quantity


def open_money(obligation: Obligation) -> Decimal:
    """Give the money still to move, + when we receive it."""
    return obligation.money - obligation.settled_money


def _fail(obligation: Obligation, paper: Values | None, day: dt.date) -> Fail:
    venue = paper.text("venue") if paper else obligation.legs[0].venue
    kind = paper.text("asset_class") if paper else ""
    due = obligation.settlement_date
    close_out_by = buy_in_on = None
    delivers_equity = obligation.direction == "DELIVER" and kind in ("EQUITY", "ETF")
    if delivers_equity and venue in US and due.isoformat() >= "2009-07-31":
        days = SHORT_DAYS if obligation.sold_short else LONG_DAYS
        close_out_by = calendars.settlement_day_after(venue, due, days)
    if obligation.direction == "RECEIVE":
        liquid = bool(paper and paper.text("liquid") == "Y")
        buy_in_on = calendars.settlement_day_after(venue, due, BUY_IN_DAYS[liquid])
    quantity, money = open_quantity(obligation), open_money(obligation)
    way = obligation.direction
    return Fail(obligation, obligation, way, venue, day, close_out_by, buy_in_on, quantity, money)
