"""Interest on clients' money: every day's balance remembered, and paid again when it changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference import calendars
from tests.reference.amounts import ZERO, round_money
from tests.reference.journal import Dated
from tests.reference.payments import CUT_OFFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference.journal import Journal
    from tests.reference.rows import Values
    from tests.reference.standing import Standing

PURSE = "Liabilities:ClientCash:"
DUE, OWED = "Assets:Accrued:Interest", "Liabilities:Accrued:Interest"
YEARS = {"USD": 360, "EUR": 360, "CHF": 360, "DKK": 360, "SEK": 360, "NOK": 360, "JPY": 360,
         "ISK": 360, "GBP": 365}  # fmt: skip
_DAY = dt.timedelta(days=1)
Row = tuple[str, str, dt.date]
"""An account, a currency, the first day of a month."""


def month_end(day: dt.date) -> dt.date:
    """Give the last day of a day's month."""
    return (day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY


def last_accrued(currency: str, day: dt.date) -> dt.date:
    """Give the last day a close accrues: on the month's last bank day the month's."""
    if currency not in CUT_OFFS:
        return day
    following = calendars.settlement_day_after(CUT_OFFS[currency][0], day)
    is_last = following is not None and following > month_end(day)
    return month_end(day) if is_last else day


def _rate_parts(rates: list[Values], account_type: str, balance: Decimal, day: dt.date) -> Fraction:
    """Give the interest of a balance (debits positive) for a whole year."""
    side = "DEBIT" if balance > 0 else "CREDIT"
    found = schedule(rates, side, account_type, day)
    floors = sorted((row.amount("tier_from"), row.amount("rate")) for row in found or ())
    size, interest = abs(balance), Fraction()
    for place, (floor, rate) in enumerate(floors):
        cap = floors[place + 1][0] if place + 1 < len(floors) else size
        if size > floor:
            interest += Fraction(min(size, cap) - floor) * Fraction(rate) / 100
    return interest


def schedule(
    rates: list[Values], side: str, account_type: str, day: dt.date
) -> list[Values] | None:
    """Give the rows of the schedule that began last; None before any."""
    begun = [row for row in rates if row.text("side") == side and row.date("valid_from") <= day]
    for wanted in (account_type, "ALL"):
        rows = [row for row in begun if row.text("account_type") == wanted]
        if rows:
            latest = max(row.date("valid_from") for row in rows)
            return [
                row
                for row in rows
                if row.date("valid_from") == latest
                and (not row.has("valid_to") or day <= row.date("valid_to"))
            ]
    return None


@dataclass
class Interest:
    """What every day bore, and what of it was brought to the accounts."""

    journal: Journal
    since: dict[str, dt.date] = field(default_factory=dict)
    until: dict[str, dt.date] = field(default_factory=dict)
    stood: dict[tuple[str, str, dt.date], Decimal] = field(default_factory=dict)
    bears_from: dict[int, dt.date] = field(default_factory=dict)
    debit: dict[Row, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    credit: dict[Row, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    brought: dict[Row, tuple[Decimal, Decimal]] = field(default_factory=dict)
    last: dt.date | None = None

    def close(self, standing: Standing, day: dt.date) -> None:
        """Accrue a close's days and capitalise the months that are over."""
        rates: dict[str, list[Values]] = defaultdict(list)
        for row in standing.tables["rates"].values():
            rates[row.text("currency")].append(row)
        for currency in sorted(rates):
            self._close(currency, rates[currency], standing, day)
        self.last = day

    def _close(self, currency: str, rates: list[Values], standing: Standing, day: dt.date) -> None:
        begins = min(row.date("valid_from") for row in rates)
        before = self.until.get(currency)
        after = before or max(self.last or day - _DAY, begins - _DAY)
        target = max(after, last_accrued(currency, day))
        if target <= after and before is None:
            return
        since = self.since.setdefault(currency, after + _DAY)
        if any(_has_none(currency, rates, one) for one in _days(after, target)):
            target = after
        self.until[currency] = target
        had = self._rounded(currency)
        for account, moves in self._moves(currency).items():
            values = standing.account(account)
            kind = values.text("account_type") if values else ""
            for one in _days(since - _DAY, target):
                now = sum((amount for counts, amount in moves if counts <= one), ZERO)
                self._bear(account, currency, one, now, (rates, kind))
        self._post(currency, had, (after, target), day)

    def _bear(
        self,
        account: str,
        currency: str,
        day: dt.date,
        now: Decimal,
        terms: tuple[list[Values], str],
    ) -> None:
        """Pay a day by what stood on it, less what was paid by what was thought to have stood."""
        was = self.stood.get((account, currency, day), ZERO)
        if now == was:
            return
        self.stood[account, currency, day] = now
        for balance, sign in ((now, 1), (was, -1)):
            book = self.debit if balance > 0 else self.credit
            bears = _rate_parts(*terms, balance, day) / YEARS[currency]
            book[account, currency, day.replace(day=1)] += sign * bears

    def _moves(self, currency: str) -> dict[str, list[tuple[dt.date, Decimal]]]:
        moves: dict[str, list[tuple[dt.date, Decimal]]] = defaultdict(list)
        for entry in self.journal.entries:
            counts = self.bears_from.get(entry.number, entry.effective)
            for account, unit, amount in entry.postings:
                if account.startswith(PURSE) and unit == currency:
                    moves[account.removeprefix(PURSE)].append((counts, amount))
        return moves

    def _rows(self, currency: str) -> list[Row]:
        return sorted(row for row in {*self.debit, *self.credit} if row[1] == currency)

    def _due(self, row: Row) -> tuple[Decimal, Decimal]:
        debit, credit = (
            round_money(Decimal(part.numerator) / Decimal(part.denominator), row[1])
            for part in (self.debit[row], self.credit[row])
        )
        return debit, credit

    def _rounded(self, currency: str) -> tuple[Decimal, Decimal]:
        dues = [self._due(row) for row in self._rows(currency)]
        return sum((d for d, _ in dues), ZERO), sum((c for _, c in dues), ZERO)

    def _post(
        self,
        currency: str,
        had: tuple[Decimal, Decimal],
        span: tuple[dt.date, dt.date],
        day: dt.date,
    ) -> None:
        debit, credit = (now - was for now, was in zip(self._rounded(currency), had, strict=True))
        days = f"{span[0] + _DAY}..{span[1]}" if span[1] > span[0] else str(day)
        postings = [
            (DUE, currency, debit),
            ("Income:Interest:Margin", currency, -debit),
            ("Expenses:Interest:Credit", currency, credit),
            (OWED, currency, -credit),
        ]
        if debit or credit:
            source = f"{currency} {days}"
            self.journal.write(Dated(day, day), "INTEREST_ACCRUAL", source, postings)
        for row in self._rows(currency):
            if month_end(row[2]) <= span[1]:
                self._bring(row, span[1], day)

    def _bring(self, row: Row, until: dt.date, day: dt.date) -> None:
        account, currency, month = row
        due, before = self._due(row), self.brought.get(row, (ZERO, ZERO))
        debit, credit = due[0] - before[0], due[1] - before[1]
        self.brought[row] = due
        if not (debit or credit):
            return
        kind = "INTEREST_ADJUSTMENT" if any(before) else "INTEREST"
        postings = [
            (f"{PURSE}{account}", currency, debit - credit),
            (DUE, currency, -debit),
            (OWED, currency, credit),
        ]
        source = f"{currency} {month:%Y-%m}"
        number = self.journal.write(Dated(day, day), kind, source, postings)
        self.bears_from[number] = until + _DAY


def _days(after: dt.date, until: dt.date) -> Iterator[dt.date]:
    """Give the days later than one, up to another."""
    while after < until:
        after += _DAY
        yield after


def _has_none(currency: str, rates: list[Values], day: dt.date) -> bool:
    """Say whether a schedule that has begun says nothing of the day."""
    found = [schedule(rates, s, t, day) for s in ("DEBIT", "CREDIT") for t in ("CASH", "MARGIN")]
    begun = [rows for rows in found if rows is not None]
    return any(not rows for rows in begun) or (bool(begun) and currency not in YEARS)
