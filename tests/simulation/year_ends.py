"""What accounting does about a month that has ended: accrue, look, lock, state and write."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from backoffice.records.client_documents.editions import AskedDocuments
from samples.year_accounts import ACCOUNTS, account_id
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.market import settle_all
from tests.simulation.printed import make
from tests.simulation.test_entries import agree, propose
from tests.simulation.test_financial_statements import shown

Row = dict[str, Any]
Line = tuple[str, str, str]
CAPITAL: Final = (
    ("Assets:Cash:ISK", "ISK", "500000000"),
    ("Equity:Capital", "ISK", "-500000000"),
)
RENT: Final = (("Expenses:Rent", "ISK", "2400000"), ("Liabilities:Accrued:Rent", "ISK", "-2400000"))
_DECEMBER: Final = 12


@dataclass
class Accountants:
    """Who ends the periods of a house: on a month's first two days what the last one needs."""

    house: House
    days: list[date] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    """Cases to be agreed to today: code, and what the subject begins with."""
    ended: date | None = None
    """The last business day of a month that is locked today."""

    def prepare(self, day: date) -> None:
        """Drop what a day needs: on the first capital, later what ends a month."""
        *_, second, first = None, None, *self.days
        self.days.append(day)
        self.waiting, self.ended = [], None
        if first is None:
            self._propose(day, "CAPITAL", CAPITAL, day)
        elif first.month != day.month:
            self._propose(day, f"RENT-{first:%Y-%m}", RENT, last_of(first), accrued=True)
        elif second is not None and second.month != day.month:
            self.ended = second
            self._lock(day, second)

    def _propose(
        self, day: date, name: str, lines: Sequence[Line], effective: date, *, accrued: bool = False
    ) -> None:
        more = {"reverse_on": str(effective + timedelta(days=1))} if accrued else {}
        propose(self.house, day, name, lines, effective, **more)
        self.waiting.append(("MANUAL_ENTRY", f"{name}:"))

    def _lock(self, day: date, ended: date) -> None:
        """Ask to lock a month that is complete but for that, and after December the year."""
        assert missing(self.house, f"{ended:%Y-%m}") == ["period locked"]
        periods = [f"{ended:%Y-%m}", *([str(ended.year)] if ended.month == _DECEMBER else [])]
        rows = [{"request_id": f"L-{name}", "period": name, "action": "LOCK"} for name in periods]
        self.house.drop("desk", day, "periods.csv", table_bytes(rows))
        self.waiting.extend(("PERIOD_CHANGE", f"L-{name}:") for name in periods)

    def decide(self) -> None:
        """Let two people agree to what waits."""
        for code, about in self.waiting:
            agree(self.house, code, about=about)

    def tell(self) -> None:
        """State what a month locked today came to, and write to the clients."""
        if self.ended is None:
            return
        assert not missing(self.house, f"{self.ended:%Y-%m}")
        assert_stated(self.house, self.ended.replace(day=1), last_of(self.ended))
        write_to_clients(self.house, f"{self.ended:%Y-%m}")


def missing(house: House, period: str) -> list[str]:
    """Name what a period lacks."""
    rows = shown(house, "checklist", None, period=period)
    return [row["check"] for row in rows if row["status"] != "DONE"]


def play(accountants: Accountants, day: date) -> Row:
    """Run a day of which everything is dropped, and return its report."""
    house = accountants.house
    house.cut_off(day)
    accountants.decide()
    for name, body in settle_all(house, day).items():
        house.drop("market", day, name, body)
    house.close(day)
    accountants.tell()
    return house.report(day)


def last_of(day: date) -> date:
    """Return the last day of a month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def assert_stated(house: House, since: date, until: date) -> None:
    """Hold the statements of a time against one another and the ledger."""
    sheet = shown(house, "balance-sheet", until)
    assert not any(_sums(sheet, section="Difference").values())
    flow = shown(house, "cash-flow", until, since=since)
    assert _sums(flow, section="Closing", line="ACCOUNT") == _sums(sheet, account="Assets:Cash")
    income = shown(house, "income", until, since=since)
    for root, sign in (("Income", 1), ("Expenses", -1)):
        ledger = shown(house, "ledger", until, since=since, account=root)
        assert _sums(income, section=root, line="ACCOUNT") == _moved(ledger, sign)


def _sums(rows: list[Row], **wanted: str) -> dict[str, Decimal]:
    """Sum what is not nothing, by currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["currency"] and all(row[name] == value for name, value in wanted.items()):
            sums[row["currency"]] += Decimal(row["amount"])
    return {currency: amount for currency, amount in sums.items() if amount}


def _moved(ledger: list[Row], sign: int) -> dict[str, Decimal]:
    """Sum credits less debits of a ledger's entries, or the reverse."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in ledger:
        if row["line"] == "ENTRY" and row["kind"] != "CLOSING":
            sums[row["unit"]] += sign * (Decimal(row["credit"] or 0) - Decimal(row["debit"] or 0))
    return {unit: amount for unit, amount in sums.items() if amount}


def write_to_clients(house: House, month: str) -> None:
    """Make the statements of a month: one of every client's account, none failed."""
    make(house, AskedDocuments(month=month))
    made = [row for row in house.table("documents") if row["period"] == month]
    everyone = {account_id(number) for number in range(ACCOUNTS)}
    clients = {name for name in everyone if not name.startswith("HOUSE")}
    assert {row["account_id"] for row in made if row["kind"] == "STATEMENT"} == clients
