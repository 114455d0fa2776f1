"""The cut-off: which trades are held, which clear, and what a correction undoes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference import calendars
from tests.reference.holds import holds_of
from tests.reference.journal import Dated
from tests.reference.locates import beyond_locates
from tests.reference.lots import Flow
from tests.reference.postings import cleared, client_settles
from tests.reference.pricing import price_trade

if TYPE_CHECKING:
    import datetime as dt

    from tests.reference.journal import Journal
    from tests.reference.standing import Standing
    from tests.reference.street import Street
    from tests.reference.trades import Changes, Identity, Trade


@dataclass
class Clearing:
    """The trades by identity, and the two books they are posted to."""

    journal: Journal
    street: Street
    trades: dict[Identity, Trade] = field(default_factory=dict)

    def cut_off(self, changes: Changes, standing: Standing, day: dt.date) -> None:
        """Undo what was corrected, then clear and net everything nothing holds."""
        for identity in sorted(changes.versions | changes.cancelled):
            trade = self.trades[identity]
            booked = trade.status == "CLEARED"
            if booked:
                self._undo(trade, day)
            if identity in changes.versions or not booked:
                self._price(trade, standing)  # what was booked and is cancelled keeps its figures
            trade.status = "CANCELLED" if identity in changes.cancelled else "HELD"
            trade.holds = ()
        fresh = []
        beyond = beyond_locates(self.trades.values(), standing)
        for trade in self.trades.values():
            if trade.status == "HELD":
                self._price(trade, standing)
                trade.holds = holds_of(trade, standing, located=trade.identity not in beyond)
                if not trade.holds:
                    self._clear(trade, standing, day)
                    fresh.append(trade)
        self.street.net(fresh, standing, day)

    @staticmethod
    def _price(trade: Trade, standing: Standing) -> None:
        trade.settles = calendars.settlement_date(trade.version.text("venue"), trade.trade_date)
        trade.figures = price_trade(trade.version, trade.trade_date, standing)

    def _undo(self, trade: Trade, day: dt.date) -> None:
        for number in trade.entries:
            self.journal.reverse(number, day)
        trade.entries = []
        trade.client_settled = False
        trade.rebooked = True
        self.street.withdraw(trade.identity, day)

    def _clear(self, trade: Trade, standing: Standing, day: dt.date) -> None:
        account = standing.account(trade.version.text("account_id"))
        if account is None or trade.figures is None:
            raise ValueError(f"{trade.identity} cannot clear")
        trade.status, trade.booked_on = "CLEARED", day
        trade.account_kind = account.text("kind")
        effective = day if trade.rebooked else trade.trade_date
        number = self.journal.write(
            Dated(effective, day), "CLEARED", trade.trade_id, cleared(trade, trade.figures)
        )
        trade.entries.append(number)

    def settle_clients(self, day: dt.date) -> None:
        """Post the client side of every trade whose settlement date has come."""
        for trade in self.trades.values():
            if trade.status != "CLEARED" or trade.client_settled:
                continue
            if trade.settles is None or trade.figures is None or trade.booked_on is None:
                raise ValueError(f"{trade.identity} has cleared without figures")
            if trade.settles > day:
                continue
            effective = trade.settles
            if trade.rebooked:
                effective = max(trade.settles, trade.booked_on)
            postings = client_settles(trade, trade.figures)
            number = self.journal.write(
                Dated(effective, day), "CLIENT_SETTLED", trade.trade_id, postings
            )
            trade.entries.append(number)
            trade.client_settled = True

    def flows(self) -> list[Flow]:
        """Give the cleared trades as flows of lots."""
        return [
            Flow(
                trade.version.text("account_id"),
                trade.version.text("isin"),
                trade.version.text("currency"),
                trade.trade_date,
                trade.settles,
                trade.trade_id,
                trade.version.amount("quantity") * (1 if trade.buys else -1),
                trade.figures.net,
                moment=trade.version.time("trade_time"),
            )
            for trade in self.trades.values()
            if trade.status == "CLEARED" and trade.settles and trade.figures
        ]
