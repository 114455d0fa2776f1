"""Shares borrowed from lenders, told from the contract: loans, returns and their daily cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO, round_money
from tests.reference.journal import Dated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.reference.journal import Journal, Posting
    from tests.reference.rows import Row, Values
    from tests.reference.standing import Standing

_TURN = {"NEW": 0, "RETURN": 1, "CANCEL": 2}
_DAYS_OF_YEAR = {"USD": 360, "EUR": 360, "ISK": 360, "GBP": 365}
_NEVER = dt.date.max


@dataclass
class Loan:
    """One loan: its rows with the day each came, and what was booked of it."""

    events: list[tuple[dt.date, Values]] = field(default_factory=list)
    booked: set[int] = field(default_factory=set)
    given_back: Decimal = ZERO
    cash_back: Decimal = ZERO
    accrued: Decimal = ZERO
    fee_currency: str = ""
    until: dt.date = _NEVER
    share_days: Decimal = ZERO
    status: str = ""

    @property
    def first(self) -> Values:
        """Give the row that made it."""
        return self.events[0][1]

    @property
    def outstanding(self) -> Decimal:
        """Give how much is still to be given back."""
        return self.first.amount("quantity") - self.given_back

    def count(self, day: dt.date) -> None:
        """Count the shares that were out, a day each, up to a day."""
        if day > self.until and self.outstanding:
            self.share_days += self.outstanding * (day - self.until).days
            self.until = day

    def moves(self, shares: Decimal, cash: Decimal) -> list[Posting]:
        """Post shares from the lender and cash to it."""
        lender, isin = self.first.text("lender"), self.first.text("isin")
        postings: list[Posting] = [
            ("Securities:Depository", isin, shares),
            (f"Securities:Lender:{lender}", isin, -shares),
        ]
        if cash:
            currency = self.first.text("currency")
            postings += [
                (f"Assets:Collateral:{lender}", currency, cash),
                (f"Assets:Cash:{currency}", currency, -cash),
            ]
        return postings

    def costs(self, fee: Decimal) -> list[Posting]:
        """Post a fee."""
        owed = f"Liabilities:BorrowFees:{self.first.text('lender')}"
        return [
            ("Expenses:BorrowFees", self.fee_currency, fee),
            (owed, self.fee_currency, -fee),
        ]


@dataclass
class Borrows:
    """Every loan there is, by (partner, borrow_id)."""

    journal: Journal
    known: dict[tuple[str, str], Loan] = field(default_factory=dict)

    def take(self, rows: Iterable[Row], partner: str, day: dt.date) -> None:
        """Take a day's rows: NEW, RETURNs by date, CANCEL; no more goes back than came."""
        good = [row for row in rows if row.values is not None]
        for row in sorted(good, key=_order):
            key = (partner, row.good.text("borrow_id"))
            loan, action = self.known.get(key), row.good.text("action")
            if loan and any(row.good == event for _, event in loan.events):
                row.outcome = "DUPLICATE"
            elif action == "NEW" and loan is None:
                self.known[key] = Loan([(day, row.good)])
            else:
                code = _code(loan, row.good)
                if code or loan is None:
                    row.reject(code, "borrow_id")
                else:
                    loan.events.append((day, row.good))

    def close(self, standing: Standing, day: dt.date) -> None:
        """Charge every loan, then book what is due of its rows."""
        for (_, name), loan in sorted(self.known.items()):
            self._charge(name, loan, standing, day)
            over = loan.events[-1][1].text("action") == "CANCEL"
            if over and loan.status in ("", "CANCELLED"):
                continue
            if over:
                cash = loan.first.amount_or("collateral", ZERO) - loan.cash_back
                postings = [*loan.moves(-loan.outstanding, -cash), *loan.costs(-loan.accrued)]
                self.journal.write(Dated(day, day), "BORROW", name, postings)
                loan.status = "CANCELLED"
                continue
            self._book(name, loan, day)
            if loan.status == "RETURNED":
                self._charge(name, loan, standing, day)

    def _book(self, name: str, loan: Loan, day: dt.date) -> None:
        begins = max(loan.events[0][0], loan.first.date("date"))
        for place, (came, row) in enumerate(loan.events):
            due = max(came, row.date("date"), begins)
            if due > day or place in loan.booked:
                continue
            loan.booked.add(place)
            dated = Dated(row.date("date"), day)
            if place == 0:
                loan.status, loan.until = "OPEN", row.date("date")
                cash = row.amount_or("collateral", ZERO)
                self.journal.write(dated, "BORROW", name, loan.moves(row.amount("quantity"), cash))
                continue
            loan.count(row.date("date"))
            loan.given_back += row.amount("quantity")
            whole = loan.first.amount_or("collateral", ZERO)
            share = ZERO
            if whole:
                part = whole * loan.given_back / loan.first.amount("quantity")
                share = round_money(part, loan.first.text("currency"))
            back, loan.cash_back = share - loan.cash_back, share
            postings = loan.moves(-row.amount("quantity"), -back)
            self.journal.write(dated, "BORROW", name, postings)
            if not loan.outstanding:
                loan.status = "RETURNED"

    def _charge(self, name: str, loan: Loan, standing: Standing, day: dt.date) -> None:
        rate = loan.first.amount_or("fee_rate", ZERO)
        if loan.status not in ("OPEN", "RETURNED") or not rate:
            return
        loan.count(day)
        if not loan.share_days:
            return
        isin = loan.first.text("isin")
        priced = standing.priced(isin, day)
        if priced is None or priced[1] not in _DAYS_OF_YEAR:
            return
        price, currency = priced
        if loan.fee_currency not in ("", currency):
            return
        instrument = standing.instrument(isin)
        if instrument is not None and instrument.text("asset_class") == "BOND":
            price /= 100
        worth = loan.share_days * price * rate
        fee = round_money(worth / (100 * _DAYS_OF_YEAR[currency]), currency)
        loan.fee_currency, loan.share_days = currency, ZERO
        loan.accrued += fee
        self.journal.write(Dated(day, day), "BORROW", name, loan.costs(fee))


def _order(row: Row) -> tuple[int, dt.date, str, int]:
    turn = _TURN[row.good.text("action")]
    return (turn, row.good.date("date") if turn == 1 else dt.date.min, *row.order)


def _code(loan: Loan | None, row: Values) -> str:
    if row.text("action") == "NEW":
        return "CONFLICTING_DUPLICATE"
    if loan is None or loan.events[-1][1].text("action") == "CANCEL":
        return "UNKNOWN_BORROW"
    if row.text("action") == "CANCEL":
        return ""
    if any(row.text(name) != loan.first.text(name) for name in ("lender", "isin")):
        return "WRONG_BORROW"
    back = sum((event.amount("quantity") for _, event in loan.events[1:]), ZERO)
    beyond = back + row.amount("quantity") > loan.first.amount("quantity")
    return "OVER_RETURNED" if beyond else ""
