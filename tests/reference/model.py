"""The whole office over several business days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import localcontext
from typing import TYPE_CHECKING

from tests.reference import tables
from tests.reference.allocations import Allocations
from tests.reference.amounts import EXACT
from tests.reference.borrows import Borrows
from tests.reference.break_lives import BreakLives
from tests.reference.clearing import Clearing
from tests.reference.dealing import Dealing
from tests.reference.drop import DropFile, read_drop
from tests.reference.fail_tables import fails_table, history_table
from tests.reference.fails import Fails
from tests.reference.holds import subject_of
from tests.reference.journal import Journal, balances
from tests.reference.ladder import ladder_table
from tests.reference.lots import Flow, replay
from tests.reference.messages import CancellationAnswer, Message
from tests.reference.movements import Movements
from tests.reference.payments import Payments
from tests.reference.report import day_report
from tests.reference.settling import settle_all, settle_none
from tests.reference.standing import Standing
from tests.reference.statements import codes_of, compare_statements
from tests.reference.street import Street
from tests.reference.trades import resolve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.reference.report import Report
    from tests.reference.rows import Row
    from tests.reference.street import Market
    from tests.reference.tables import Rows

MARKETS: dict[str, Market] = {"settle-all": settle_all, "none": settle_none}
BOOKED = {
    "journal": tables.journal_table,
    "trial-balance": tables.trial_balance,
    "stock-record": tables.stock_record,
}
_LAST = dt.date.max


@dataclass(frozen=True)
class Close:
    """What stood at the close of one day and cannot be read from the journal's dates."""

    trades: Rows
    obligations: Rows
    ladder: Rows
    allocations: Rows
    fails: Rows
    flows: list[Flow]
    method_of: Callable[[str, dt.date], str]
    breaks: Rows


@dataclass
class Model:
    """The books; `run_day` closes business days in date order, `export` reads them."""

    journal: Journal = field(default_factory=Journal)
    standing: Standing = field(default_factory=Standing)
    street: Street = field(init=False)
    clearing: Clearing = field(init=False)
    movements: Movements = field(init=False)
    allocations: Allocations = field(init=False)
    borrows: Borrows = field(init=False)
    fails: Fails = field(init=False)
    payments: Payments = field(init=False)
    dealing: Dealing = field(init=False)
    closes: dict[dt.date, Close] = field(default_factory=dict)
    rejects: list[tuple[dt.date, dict[str, str]]] = field(default_factory=list)
    breaks: set[tuple[str, str]] = field(default_factory=set)
    break_lives: BreakLives = field(default_factory=BreakLives)

    def __post_init__(self) -> None:
        """Give every part the one journal."""
        self.street = Street(self.journal)
        self.clearing = Clearing(self.journal, self.street)
        self.movements = Movements(self.journal)
        self.allocations = Allocations(self.journal)
        self.borrows = Borrows(self.journal)
        self.fails = Fails(self.journal, self.street)
        self.payments = Payments(self.journal)
        self.dealing = Dealing(self.journal)

    def run_day(
        self,
        directory: Path,
        day: dt.date,
        market: str | Market = "settle-all",
        partner: str = "local",
    ) -> Report:
        """Run one business day end to end on a folder's files and report it.

        Raises
        ------
        ValueError
            When `day` is not after every day closed before.
        """
        if self.closes and day <= max(self.closes):
            raise ValueError(f"{day} does not follow {max(self.closes)}")
        with localcontext(EXACT):
            files = read_drop(directory)
            self._close(files, day, MARKETS[market] if isinstance(market, str) else market, partner)
            return day_report(self, files, day, partner)

    def _close(self, files: list[DropFile], day: dt.date, market: Market, partner: str) -> None:
        counted = [file for file in files if file.status == "COMMITTED"]
        self.standing.take(counted)
        self.dealing.take(self.standing, day)
        self.street.misfits.clear()
        self.street.hear([message for file in counted for message in file.messages], day)
        rows = _rows(counted, "trades")
        changes = resolve(self.clearing.trades, partner, rows)
        self.movements.take(_rows(counted, "movements"))
        self.borrows.take(_rows(counted, "borrows"), partner, day)
        self.fails.buy_ins.take(_rows(counted, "buyins"), _rows(counted, "claims"))
        self.movements.book(self.standing, day)
        self.payments.take(_rows(counted, "payments"))
        self.payments.remit(day)
        self.payments.order(self.standing, day)
        self.clearing.cut_off(changes, self.standing, day)
        asked = self.allocations.take(_rows(counted, "allocations"), partner)
        self.allocations.decide(asked, self.clearing.trades, self.standing, day)
        self.street.finish_cancellations(day)
        self.street.settle_flat(day)
        self._after_cut_off(market, day)
        self.clearing.settle_clients(day)
        self.allocations.settle(day)
        self.borrows.close(self.standing, day)
        self.payments.pay(day)
        self.dealing.close(self._flows(), self.standing, day)
        self.street.fail_overdue(day)
        self.fails.close(self.standing, day)
        compared = compare_statements(counted, balances(self.journal.entries))
        self.breaks = codes_of(compared)
        self.break_lives.take(compared, day, self.standing)
        refused = [row for row in rows if row.outcome == "REJECTED"]
        self.rejects += [(day, tables.reject_row(day, partner, row)) for row in refused]
        self.closes[day] = self._snapshot(day)

    def _after_cut_off(self, market: Market, day: dt.date) -> None:
        said: list[Message] = list(market(day, self.street.obligations))
        self.street.hear([word for word in said if isinstance(word, CancellationAnswer)], day)
        self.street.finish_cancellations(day)
        self.street.hear([word for word in said if not isinstance(word, CancellationAnswer)], day)

    def _snapshot(self, day: dt.date) -> Close:
        books = balances(self.journal.entries)
        return Close(
            tables.trades_table(self.clearing.trades.values()),
            tables.obligations_table(self.street.obligations),
            ladder_table(
                self.street.obligations,
                self.movements.waiting,
                self.payments.ordered(),
                books,
                day,
            ),
            tables.allocations_table(self.allocations.known.values()),
            fails_table(self.fails.known.values()),
            self._flows(),
            self.dealing.methods(),
            self.break_lives.table(day),
        )

    def _flows(self) -> list[Flow]:
        return self.clearing.flows() + self.movements.flows() + self.allocations.flows()

    def export(
        self, what: str, day: dt.date | None = None, known_at: dt.date | None = None
    ) -> Rows:
        """Give a table of the contract as it stood at the close of `day`; without it, now.

        `known_at` leaves `day` to say when a thing counts, and asks what was known at the
        close of `known_at`.
        """
        known = known_at or day or max(self.closes)
        counts = _LAST if known_at is None else day or _LAST
        with localcontext(EXACT):
            return self._export(what, known, counts)

    def _export(self, what: str, known: dt.date, counts: dt.date) -> Rows:
        if what in BOOKED:
            return BOOKED[what](self.journal.known(counts, known))
        last = min(known, counts)
        if what in ("rejects", "fail-history"):
            return self._logged(what, last)
        closed = [day for day in self.closes if day <= known]
        if not closed:
            return []
        close = self.closes[max(closed)]
        shown = {
            "obligations": close.obligations,
            "allocations": close.allocations,
            "cash-ladder": close.ladder,
            "breaks": close.breaks,
            "fails": close.fails,
        }
        if what in shown:
            return shown[what]
        if what == "trades":
            return [row for row in close.trades if row["trade_date"] <= counts.isoformat()]
        flows = [flow for flow in close.flows if flow.day <= counts]
        holdings = replay(flows, close.method_of)
        return tables.held_tables(holdings, flows, last)[what]

    def _logged(self, what: str, last: dt.date) -> Rows:
        if what == "rejects":
            return [row for day, row in self.rejects if day <= last]
        return history_table(event for event in self.fails.history if event.day <= last)

    def open_cases(self) -> set[tuple[str, str]]:
        """Give the causes, code and subject, that need a person now."""
        held = [trade for trade in self.clearing.trades.values() if trade.status == "HELD"]
        cases = {(code, subject_of(code, trade)) for trade in held for code in trade.holds}
        cases |= {
            ("UNKNOWN_ACCOUNT", movement.text("account_id"))
            for movement in self.movements.waiting
            if self.standing.account(movement.text("account_id")) is None
        }
        cases |= {
            ("SETTLED_TRADE_CORRECTED", "/".join(str(part) for part in identity))
            for identity in self.street.corrected
        }
        cases |= {("SETTLED_MONEY", name) for name in self.street.money_breaks}
        return cases | self.breaks


def _rows(files: list[DropFile], kind: str) -> list[Row]:
    return [row for file in files if file.kind == kind for row in file.rows]
