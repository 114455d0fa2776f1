"""Money that leaves when two people say so, and collected fees that go to their authority."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.reference import calendars
from tests.reference.codes import VENUE_ZONES
from tests.reference.journal import Dated, balances

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.reference.journal import Journal
    from tests.reference.rows import Row, Values
    from tests.reference.standing import Standing

CUT_OFFS = {
    "USD": ("XNYS", dt.time(16)),
    "EUR": ("XETR", dt.time(16)),
    "GBP": ("XLON", dt.time(15)),
    "ISK": ("XICE", dt.time(15)),
    "SEK": ("XSTO", dt.time(15)),
    "DKK": ("XCSE", dt.time(14)),
    "CHF": ("XSWX", dt.time(15)),
}
REMITTED_MONTHLY = ("SEC31", "TAF")
TRANSIT = "Liabilities:Payments:InTransit"


@dataclass
class Payment:
    """What is asked for, and what became of it."""

    payment_id: str
    owed: str
    currency: str
    amount: Decimal
    value_date: dt.date
    account_id: str = ""
    fee_code: str = ""
    ended: bool = False
    paid_on: dt.date | None = None


@dataclass
class Payments:
    """Every payment asked for; `approve` and `refuse` say what two people decide of one."""

    journal: Journal
    taken: dict[str, Values] = field(default_factory=dict)
    asked: dict[str, Payment] = field(default_factory=dict)
    said: dict[str, dt.datetime | None] = field(default_factory=dict)
    last: dt.date | None = None

    def approve(self, payment_id: str, at: dt.datetime) -> None:
        """Let the next day order a payment, approved at a moment."""
        self.said[payment_id] = at

    def refuse(self, payment_id: str) -> None:
        """End a payment for good."""
        self.said[payment_id] = None

    def take(self, rows: Iterable[Row]) -> None:
        """Take a day's rows: an equal one again is a duplicate, another of its id a conflict."""
        for row in sorted(rows, key=lambda row: row.order):
            if row.values is None:
                continue
            earlier = self.taken.get(row.values.text("payment_id"))
            if earlier is None:
                self._ask(row.values)
            elif earlier == row.values:
                row.outcome = "DUPLICATE"
            else:
                row.reject("CONFLICTING_DUPLICATE", "payment_id")

    def _ask(self, values: Values) -> None:
        kind, name = values.text("kind"), values.text("payment_id")
        self.taken[name] = values
        owed = {
            "WITHDRAWAL": "",
            "FEE": f"Liabilities:Fees:{values.text('fee_code')}",
            "CLAIM": f"Liabilities:Claims:{values.text('counterparty')}",
        }[kind]
        self.asked[name] = Payment(
            name,
            owed,
            values.text("currency"),
            values.amount("amount"),
            values.date("value_date"),
            values.text("account_id") if kind == "WITHDRAWAL" else "",
            values.text("fee_code") if kind == "FEE" else "",
        )

    def remit(self, day: dt.date) -> None:
        """Ask for what was collected, at the first day after a month's end."""
        before, self.last = self.last, day
        if before is None or (before.year, before.month) == (day.year, day.month):
            return
        ends = (before.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        standing = balances(self.journal.known(dt.date.max, before))
        for code in REMITTED_MONTHLY:
            for (account, unit), amount in sorted(standing.items()):
                if account != f"Liabilities:Fees:{code}":
                    continue
                asked = sum(
                    payment.amount
                    for payment in self.asked.values()
                    if (payment.fee_code, payment.currency) == (code, unit) and not payment.ended
                )
                name = f"REMIT/{code}/{unit}/{ends:%Y-%m}"
                if -amount - asked > 0:
                    due = ends + dt.timedelta(days=14)
                    self.asked[name] = Payment(
                        name, account, unit, -amount - asked, due, fee_code=code
                    )

    def order(self, standing: Standing, day: dt.date) -> None:
        """Order what was approved, and pay what is due."""
        for name, at in self._decided().items():
            payment = self.asked[name]
            if at is None:
                payment.ended = True
                continue
            account = standing.account(payment.account_id) if payment.account_id else None
            paid_on = _paid_on(payment, at, day)
            if paid_on is None or (payment.account_id and account is None):
                continue
            owed = payment.owed
            if account is not None:
                house = account.text("kind") == "HOUSE"
                purse = "Assets:Inventory" if house else "Liabilities:ClientCash"
                owed = f"{purse}:{payment.account_id}"
            self._post(payment, day, day, owed, TRANSIT)
            payment.ended, payment.paid_on = True, paid_on

    def _decided(self) -> Mapping[str, dt.datetime | None]:
        return {
            name: at
            for name, at in self.said.items()
            if name in self.asked and not self.asked[name].ended
        }

    def ordered(self) -> list[tuple[str, dt.date, Decimal]]:
        """Give what the bank is told to pay and has not: currency, day, what goes."""
        return [
            (payment.currency, payment.paid_on, -payment.amount)
            for payment in self.asked.values()
            if payment.paid_on is not None
        ]

    def pay(self, day: dt.date) -> None:
        """Take out of cash what the bank pays by the close of a day."""
        for payment in self.asked.values():
            if payment.paid_on is not None and payment.paid_on <= day:
                cash = f"Assets:Cash:{payment.currency}"
                self._post(payment, payment.paid_on, day, TRANSIT, cash)
                payment.paid_on = None

    def _post(
        self, payment: Payment, effective: dt.date, day: dt.date, debit: str, credit: str
    ) -> None:
        lines = [(debit, payment.currency, payment.amount)]
        lines.append((credit, payment.currency, -payment.amount))
        self.journal.write(Dated(effective, day), "PAYMENT", payment.payment_id, lines)


def _paid_on(payment: Payment, at: dt.datetime, day: dt.date) -> dt.date | None:
    """Give the first bank day from the value date on that the approval came in time for."""
    if payment.currency not in CUT_OFFS:
        return None
    venue, closes = CUT_OFFS[payment.currency]
    in_time = at < dt.datetime.combine(day, closes, ZoneInfo(VENUE_ZONES[venue]))
    earliest = max(payment.value_date, day if in_time else day + dt.timedelta(days=1))
    return calendars.settlement_day_after(venue, earliest - dt.timedelta(days=1))
