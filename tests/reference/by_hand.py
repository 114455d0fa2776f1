"""What people write in the books, until when these are locked, and how a year is closed."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.journal import Dated, balances

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.reference.journal import Journal, Posting
    from tests.reference.rows import Row, Values


@dataclass
class ByHand:
    """Entries by id, and locks; `approved`, `excepted` and `agreed` are what people decided."""

    journal: Journal
    waiting: dict[str, list[Values]] = field(default_factory=dict)
    to_reverse: dict[str, tuple[int, dt.date]] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)
    excepted: set[str] = field(default_factory=set)
    agreed: list[tuple[str, str]] = field(default_factory=list)
    dated: dict[str, tuple[dt.date, dt.date | None]] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    last: dt.date | None = None

    def take(self, rows: Iterable[Row]) -> None:
        """Take a day's entries: one that does not balance is refused whole."""
        entries: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in sorted(rows, key=lambda one: one.order):
            entries[row.file, row.raw.get("entry_id", "")].append(row)
        for (_, name), lines in entries.items():
            good = [row.values for row in lines if row.values is not None]
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for values in good:
                sums[values.text("unit")] += values.amount("amount")
            if any(sums.values()) or len(good) < len(lines):
                for row in lines:
                    if row.values is not None:
                        row.reject("UNBALANCED_ENTRY", "entry_id")
            else:
                self.waiting[name] = good

    def book(self, day: dt.date) -> None:
        """Close the years that are locked, book what is due, reverse what is over."""
        self._close_years(day)
        self._recur(day)
        for name, lines in sorted(self.waiting.items()):
            if lines[0].has("repeat_until") and name not in self.dated:
                continue
            effective, _ = self._dates(name, lines)
            locked = self.journal.locked_until
            barred = locked is not None and effective <= locked and name not in self.excepted
            if name in self.approved and not barred and effective <= day:
                self._write(name, lines, day)
        for name, (number, on) in sorted(self.to_reverse.items()):
            if on <= day:
                self._reverse(number, Dated(on, day))
                del self.to_reverse[name]
        self.last = day

    def lock(self) -> None:
        """Let what was agreed to since bind what comes: it is called when a day is over."""
        until = self.journal.locked_until
        for period, action in self.agreed:
            first, last = _bounds(period)
            if action == "LOCK":
                until = last if until is None else max(until, last)
                if len(period) == len("2026"):
                    self.years.add(int(period))
            elif until is not None and until >= first:
                until = first - dt.timedelta(days=1)
        self.agreed.clear()
        self.journal.locked_until = until

    def _write(self, name: str, lines: list[Values], day: dt.date) -> None:
        effective, back = self._dates(name, lines)
        postings = [(v.text("account"), v.text("unit"), v.amount("amount")) for v in lines]
        number = self.journal.write(Dated(effective, day), "ENTRY", name, postings, by_hand=True)
        if back is not None:
            self.to_reverse[name] = (number, back)
        del self.waiting[name]

    def _dates(self, name: str, lines: list[Values]) -> tuple[dt.date, dt.date | None]:
        """Give the day an entry counts from, and the one on which it is undone."""
        head = lines[0]
        back = head.date("reverse_on") if head.has("reverse_on") else None
        return self.dated.get(name, (head.date("effective_date"), back))

    def _recur(self, day: dt.date) -> None:
        """Make an entry of everything that has recurred: a month on for each."""
        for name, lines in list(self.waiting.items()):
            head = lines[0]
            if name in self.dated or name not in self.approved or not head.has("repeat_until"):
                continue
            effective, back = self._dates(name, lines)
            for months in range(121):
                on = _later(effective, months)
                child = f"{name}/{on}"
                if on <= min(day, head.date("repeat_until")) and child not in self.dated:
                    self.dated[child] = (on, _later(back, months) if back else None)
                    self.waiting[child] = lines
                    self.approved.add(child)

    def _reverse(self, number: int, dated: Dated) -> None:
        entry = self.journal.entries[number]
        turned = [(account, unit, -amount) for account, unit, amount in entry.postings]
        self.journal.write(dated, "REVERSAL ENTRY", entry.source, turned, number)

    def _close_years(self, day: dt.date) -> None:
        for year in sorted(self.years):
            end = dt.date(year, 12, 31)
            if self.last is None or (self.journal.locked_until or dt.date.min) < end:
                continue
            written = [
                entry
                for entry in self.journal.entries
                if entry.effective <= end
                and (entry.recorded <= self.last or entry.kind == "CLOSING")
            ]
            for unit, lines in sorted(_of_units(balances(written)).items()):
                kept = sum((amount for _, _, amount in lines), Decimal(0))
                out = [(account, unit, -amount) for account, _, amount in lines]
                closing = [*out, ("Equity:RetainedEarnings", unit, kept)]
                dated = Dated(end, day)
                self.journal.write(dated, "CLOSING", str(year), closing, by_hand=True)


def _of_units(sums: dict[tuple[str, str], Decimal]) -> dict[str, list[Posting]]:
    """Give the balances of income and expenses by unit."""
    found: dict[str, list[Posting]] = defaultdict(list)
    for (account, unit), amount in sums.items():
        if account.startswith(("Income:", "Expenses:")):
            found[unit].append((account, unit, amount))
    return found


def _later(day: dt.date, months: int) -> dt.date:
    """Count months on; the end of a month goes to the end of a month."""
    year, month = day.year, day.month + months
    while month > 12:
        year, month = year + 1, month - 12
    end = calendar.monthrange(year, month)[1]
    if day.day == calendar.monthrange(day.year, day.month)[1]:
        return dt.date(year, month, end)
    return dt.date(year, month, min(day.day, end))


def _bounds(period: str) -> tuple[dt.date, dt.date]:
    year, month = int(period[:4]), int(period[5:] or 0)
    if not month:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
