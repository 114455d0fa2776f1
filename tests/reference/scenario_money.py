"""The money rows of a scenario: interest rates, deals in currencies, the firm's policy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.reference import scenario_world as world
from tests.reference.scenario_files import Folder

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.reference.scenario_world import Line

_CURRENCIES = ("USD", "EUR", "ISK", "GBP", "KWD")
_WHO = ("", "C-plain", "C-FIFO", "H-1", world.LATE_ACCOUNT, world.NOBODY)


@dataclass
class MoneyDesk:
    """Makes rows by chances of its own; some scenarios have none, some no policy."""

    rng: random.Random
    made: list[Line] = field(default_factory=list)

    def write(self, path: Path, days: list[dt.date], place: int) -> None:
        """Write a day's files."""
        folder = Folder(path, self.rng, count=60)
        if place == 0 and self.rng.random() < 0.8:
            folder.table("rates", self._rates(days))
        if place == 1:
            folder.table("rates", self._later(days))
        if place == self.rng.randint(0, 1):
            folder.table("policies", self._policies(days))
        rows = [self._deal(days[place]) for _ in range(self.rng.randint(0, 4))]
        self.made += rows
        if self.made and self.rng.random() < 0.5:
            again = self.rng.choice(self.made)
            rows.append(again | self.rng.choice(({}, {"sell_amount": "7"})))
        if rows:
            folder.table("fxdeals", rows)

    def _rates(self, days: list[dt.date]) -> list[Line]:
        first = (days[0] - dt.timedelta(days=self.rng.randint(-1, 400))).isoformat()
        rows = [
            _rate("USD", "CREDIT", "1.25", first),
            _rate("USD", "CREDIT", "2.5", first, tier_from="100000.50"),
            _rate("USD", "DEBIT", "7.125", first),
            _rate("USD", "DEBIT", "9", first, account_type="CASH", tier_from="500"),
            _rate("ISK", "CREDIT", "3.333333", first, tier_from="1000"),
            _rate("ISK", "DEBIT", "12", first),
            _rate("EUR", "CREDIT", "-0.5", first, valid_to=days[1].isoformat()),
        ]
        return rows if self.rng.random() < 0.7 else [*rows, _rate("KWD", "CREDIT", "1", first)]

    def _later(self, days: list[dt.date]) -> list[Line]:
        """Bring a schedule that begins later, one that fills a gap, another currency's."""
        rows = [_rate("USD", "CREDIT", "3", days[-1].isoformat(), tier_from="10")]
        rows.append(_rate("GBP", "DEBIT", "5", days[0].isoformat()))
        if self.rng.random() < 0.5:
            rows.append(_rate("EUR", "CREDIT", "0.25", (days[1] + _DAY).isoformat()))
        return rows

    def _policies(self, days: list[dt.date]) -> list[Line]:
        row = {"policy": "FX_REVALUATION", "currency": self.rng.choice(("ISK", "ISK", "USD"))}
        rows = [row | {"valid_from": days[0].isoformat(), "valid_to": ""}]
        if self.rng.random() < 0.6:
            marks = {"policy": "MARK_TO_MARKET", "currency": "", "valid_to": days[-1].isoformat()}
            rows.append(marks | {"valid_from": days[self.rng.randint(0, 1)].isoformat()})
        return rows

    def _deal(self, day: dt.date) -> Line:
        rng = self.rng
        bought, sold = rng.sample(_CURRENCIES, 2)
        who = rng.choice(_WHO)
        streets = (*world.STREETS, world.NO_STREET)
        street = rng.choice(streets) if not who or rng.random() < 0.6 else ""
        traded = day - dt.timedelta(days=rng.choice((-1, 0, 0, 0, 1, 6)))
        return {
            "deal_id": f"X{len(self.made)}-{rng.randint(1, 99)}",
            "account_id": who,
            "counterparty": street,
            "buy_currency": bought,
            "buy_amount": str(rng.randint(1, 90000)),
            "sell_currency": sold,
            "sell_amount": str(rng.randint(1, 90000)),
            "trade_date": traded.isoformat(),
            "value_date": (traded + dt.timedelta(days=rng.randint(0, 4))).isoformat(),
        }


_DAY = dt.timedelta(days=1)


def _rate(currency: str, side: str, rate: str, first: str, **more: str) -> Line:
    row = {"currency": currency, "side": side, "rate": rate, "valid_from": first}
    return row | {"account_type": "", "tier_from": "", "valid_to": ""} | more
