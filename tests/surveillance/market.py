"""A made-up market: prices that walk by the minute, and a book in which trades and orders are put.

Everything is drawn from one `Random`; binary floats stop where a price or an amount is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from backoffice.compliance.surveillance.frames import ACTIVITY, CLOSES, MOVEMENTS, ORDERS, TRADES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

ISSUES: Final = 150
MINUTES: Final = 390
OPENS: Final = (13, 30)
_VOLATILITY: Final = 0.0009
_OVERNIGHT: Final = 0.008


def business_days(last: date, count: int) -> list[date]:
    """Return weekdays up to a day, oldest first."""
    found: list[date] = []
    while len(found) < count:
        if last.weekday() < 5:
            found.append(last)
        last -= timedelta(days=1)
    return found[::-1]


@dataclass
class Book:
    """What was dealt, ordered and moved, as rows; and the market it was dealt on."""

    rng: Random
    days: list[date]
    trades: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    movements: list[dict[str, Any]] = field(default_factory=list)
    earlier: list[dict[str, Any]] = field(default_factory=list)
    accounts: dict[str, tuple[str, str]] = field(default_factory=dict)
    assets: dict[str, int] = field(default_factory=dict)
    every: dict[str, float] = field(default_factory=dict)
    marked: set[tuple[str, date]] = field(default_factory=set)
    holders: set[str] = field(default_factory=set)
    closes: dict[tuple[str, date], float] = field(default_factory=dict)
    _paths: dict[tuple[str, date], list[float]] = field(default_factory=dict)
    _number: int = 0

    def __post_init__(self) -> None:
        """Let the prices walk."""
        self.issues = [f"US{n:09d}0" for n in range(ISSUES)]
        for isin in self.issues:
            price = self.rng.uniform(5, 400)
            for day in self.days:
                price *= 1 + self.rng.gauss(0, _OVERNIGHT)
                path = [price]
                for _ in range(MINUTES):
                    path.append(path[-1] * (1 + self.rng.gauss(0, _VOLATILITY)))
                self._paths[isin, day] = path
                price = path[-1]
                self.closes[isin, day] = price

    def open_account(
        self, name: str, *, kind: str = "CLIENT", owner: str = "", assets: float = 0
    ) -> str:
        """Add an account; assets are in dollars."""
        self.accounts[name] = (kind, owner or name)
        self.assets[name] = round(assets * 100)
        self.holders.add(name)
        return name

    def mid(self, isin: str, day: date, second: float) -> float:
        """Return the price at a second of the session."""
        path = self._paths[isin, day]
        minute = min(max(second, 0) / 60, MINUTES)
        low = int(minute)
        high = min(low + 1, MINUTES)
        return path[low] + (path[high] - path[low]) * (minute - low)

    def price(self, isin: str, day: date, second: float, spread: float = 0.0002) -> float:
        """Return a price somebody deals at."""
        return self.mid(isin, day, second) * (1 + self.rng.uniform(-spread, spread))

    def deal(  # noqa: PLR0913, PLR0917 - an execution has so many facts
        self,
        account: str,
        side: str,
        isin: str,
        day: date,
        second: float,
        quantity: float,
        price: float | None = None,
        order: str | None = None,
    ) -> None:
        """Execute something."""
        at = price if price is not None else self.price(isin, day, second)
        shares = max(1, round(quantity))
        price_e8 = round(at * 10_000) * 10**4
        self._number += 1
        self.trades.append(
            {
                "partner": "local",
                "business_date": day,
                "file": "t",
                "row": self._number,
                "trade_date": day,
                "trade_id": f"T{self._number}",
                "account_id": account,
                "side": side,
                "isin": isin,
                "venue": "XNYS",
                "quantity_e8": shares * 10**8,
                "price_e8": price_e8,
                "value_minor": shares * price_e8 // 10**6,
                "traded_at": moment(day, second),
                "order_id": order,
            }
        )

    def order(  # noqa: PLR0913, PLR0917 - so has an event of an order
        self, name: str, event: str, account: str, side: str, isin: str, day: date,
        second: float, quantity: float,
    ) -> None:  # fmt: skip
        """Log an event of an order."""
        self._number += 1
        self.orders.append(
            {
                "partner": "local",
                "business_date": day,
                "file": "o",
                "row": self._number,
                "trade_date": day,
                "order_id": name,
                "event": event,
                "account_id": account,
                "side": side,
                "isin": isin,
                "quantity_e8": max(1, round(quantity)) * 10**8,
                "event_at": moment(day, second),
            }
        )

    def move(self, account: str, kind: str, day: date, dollars: float) -> None:
        """Move money."""
        self._number += 1
        self.movements.append(
            {
                "partner": "local",
                "business_date": day,
                "file": "m",
                "row": self._number,
                "movement_id": f"M{self._number}",
                "account_id": account,
                "kind": kind,
                "value_date": day,
                "taken_on": day,
                "amount_minor": None if kind == "TRANSFER_OUT" else round(dollars * 100),
            }
        )

    def was_active(self, account: str, day: date, trades: int, dollars: float) -> None:
        """Say what an account did before the days that are played out."""
        row = {"day": day, "account_id": account, "trades": trades}
        self.earlier.append(row | {"value_minor": round(dollars * 100)})

    def name(self, stem: str) -> str:
        """Return a new name."""
        self._number += 1
        return f"{stem}-{self._number}"

    def known_accounts(self) -> pl.DataFrame:
        """Return ACCOUNTS."""
        rows = [(name, kind, owner) for name, (kind, owner) in self.accounts.items()]
        names = ["account_id", "account_kind", "owner"]
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")

    def _owned(self, rows: list[dict[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
        columns = {name: kind for name, kind in schema.items() if name not in _DERIVED}
        frame = pl.DataFrame(rows, schema=columns)
        both = frame.join(self.known_accounts(), on="account_id", how="left")
        return both.with_row_index("seen").select(list(schema))

    def all_trades(self) -> pl.DataFrame:
        """Return TRADES."""
        return self._owned(self.trades, TRADES)

    def all_orders(self) -> pl.DataFrame:
        """Return ORDERS."""
        return self._owned(self.orders, ORDERS)

    def all_movements(self) -> pl.DataFrame:
        """Return MOVEMENTS."""
        return self._owned(self.movements, MOVEMENTS)

    def all_closes(self) -> pl.DataFrame:
        """Return CLOSES."""
        rows = [
            {
                "trade_date": day,
                "isin": isin,
                "venue_close_at": moment(day, MINUTES * 60),
                "close_e8": round(self.closes[isin, day] * 10_000) * 10**4,
                "before_e8": round(self.closes[isin, before] * 10_000) * 10**4 if before else None,
            }
            for isin in self.issues
            for before, day in zip([None, *self.days], self.days, strict=False)
        ]
        return pl.DataFrame(rows, schema=dict(CLOSES))

    def history(self) -> pl.DataFrame:
        """Return ACTIVITY of before the days played out."""
        zero = dict.fromkeys(("deposits_minor", "withdrawals_minor", "transfers_out"), 0)
        return pl.DataFrame([row | zero for row in self.earlier], schema=dict(ACTIVITY))


_DERIVED: Final = frozenset({"seen", "account_kind", "owner"})


def moment(day: date, second: float) -> datetime:
    """Return a second of a session as a time."""
    opens = datetime(day.year, day.month, day.day, *OPENS, tzinfo=UTC)
    return opens + timedelta(milliseconds=round(second * 1000))
