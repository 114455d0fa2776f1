"""One loan of shares from a lender: what it moves when it begins, ends, and from day to day.

Quantity times price times rate leaves 128 bits, and loans are few: Python's whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from backoffice.accounting import chart
from backoffice.clearance.borrow_frames import CANCELLED, OPEN, RETURNED
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.scaled import round_half_up

_PER_CENT_A_YEAR_E8: Final = 100 * 10**8
_QUANTITY_AND_PRICE: Final = 10**16


class Line(NamedTuple):
    """One posting: debits are positive, money in minor units, shares at 10^8."""

    book: str
    ref: str
    unit: str
    amount: int


class Entry(NamedTuple):
    """What one event of a loan moves, and when it counts."""

    name: str
    effective: date
    lines: Sequence[Line]


class Close(NamedTuple):
    """What a share is worth at 10^8, for a bond (`unit` 100) in per cent, and its year's days."""

    price: int
    currency: str
    unit: int
    days_of_year: int


@dataclass(slots=True)
class Loan:
    """A loan as it stands; the fields are those of `BORROW_SCHEMA`."""

    row: dict[str, Any]
    entries: list[Entry] = field(default_factory=list)

    @classmethod
    def begun(cls, event: dict[str, Any]) -> "Loan":
        """Take shares in, and give cash for them where the lender asked for it."""
        row = {
            **event,
            "returned_e8": 0,
            "collateral_minor": event["collateral_minor"] or 0,
            "collateral_back_minor": 0,
            "status": OPEN,
            "fee_currency": None,
            "accrued_minor": 0,
            "accrued_until": event["date"],
            "share_days_e8": 0,
            "counted_until": event["date"],
            "waits_for": None,
        }
        loan = cls(row)
        loan._write("NEW", row["date"], loan._moved(row["quantity_e8"], row["collateral_minor"]))
        return loan

    @property
    def outstanding(self) -> int:
        """How much is still to be given back, at 10^8."""
        left: int = self.row["quantity_e8"] - self.row["returned_e8"]
        return left

    def give_back(self, event: dict[str, Any], number: int) -> None:
        """Give shares back: cash comes back by quantity, half-up, with the last shares the rest."""
        row = self.row
        self._count(event["date"])
        row["returned_e8"] += event["quantity_e8"]
        whole = row["collateral_minor"]
        share = round_half_up(whole * row["returned_e8"], row["quantity_e8"])
        money = share - row["collateral_back_minor"]
        row["collateral_back_minor"] = share
        if not self.outstanding:
            row["status"] = RETURNED
        lines = self._moved(-event["quantity_e8"], -money)
        self._write(f"RETURN:{number}", event["date"], lines)

    def cancel(self, day: date) -> None:
        """Take back what still stands of the loan, as if it had never been."""
        row, left = self.row, self.outstanding
        cash = row["collateral_minor"] - row["collateral_back_minor"]
        lines = [*self._moved(-left, -cash), *self._charged(-row["accrued_minor"])]
        row |= {"status": CANCELLED, "waits_for": None, "share_days_e8": 0}
        self._write("CANCEL", day, lines)

    def accrue(self, close: Close | str, day: date) -> None:
        """Charge what is not charged yet, up to a day, or say what it waits for."""
        row = self.row
        if not row["fee_rate_e8"] or row["status"] == CANCELLED:
            return
        self._count(day)
        if not row["share_days_e8"]:
            return
        if isinstance(close, Close) and row["fee_currency"] not in {None, close.currency}:
            close = "OTHER_CURRENCY"
        if isinstance(close, str):
            row["waits_for"] = close
            return
        minor = 10 ** MINOR_UNITS[close.currency]
        worth = row["share_days_e8"] * close.price * minor * row["fee_rate_e8"]
        per = _QUANTITY_AND_PRICE * close.unit * _PER_CENT_A_YEAR_E8 * close.days_of_year
        fee = round_half_up(worth, per)
        row |= {"fee_currency": close.currency, "accrued_until": row["counted_until"]}
        row |= {"waits_for": None, "share_days_e8": 0}
        row["accrued_minor"] += fee
        self._write("FEE", day, self._charged(fee))

    def _count(self, day: date) -> None:
        """Count the shares that were out, a day each, up to a day."""
        row = self.row
        days = (day - row["counted_until"]).days
        if days > 0 and self.outstanding:
            row["share_days_e8"] += self.outstanding * days
            row["counted_until"] = day

    def _moved(self, quantity: int, cash: int) -> list[Line]:
        row = self.row
        nostro = f"{row['currency']}:{row['nostro']}" if row["nostro"] else row["currency"]
        return [
            Line(chart.DEPOSITORY, row["place"] or "", row["isin"], quantity),
            Line(chart.SECURITIES_LENDER, row["lender"], row["isin"], -quantity),
            Line(chart.COLLATERAL, row["lender"], row["currency"], cash),
            Line(chart.CASH, nostro, row["currency"], -cash),
        ]

    def _charged(self, fee: int) -> list[Line]:
        currency = self.row["fee_currency"]
        return [
            Line(chart.BORROW_COST, "", currency, fee),
            Line(chart.BORROW_FEES, self.row["lender"], currency, -fee),
        ]

    def _write(self, name: str, effective: date, lines: Sequence[Line]) -> None:
        kept = [line for line in lines if line.amount]
        if kept:
            self.entries.append(Entry(name, effective, kept))
