"""The trades rows of a scenario: good, held, corrected, doubled and bad."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.reference import scenario_world as world
from tests.reference.amounts import round_money
from tests.reference.calendars import is_session
from tests.reference.codes import VENUE_ZONES

if TYPE_CHECKING:
    import random

    from tests.reference.scenario_world import Line, Paper

BAD_FIELDS: tuple[Line, ...] = (
    {"trade_id": ""},
    {"price": "", "capacity": ""},
    {"side": "buy"},
    {"quantity": "0"},
    {"quantity": "-12"},
    {"quantity": "1.123456789"},
    {"price": "1,000.5"},
    {"price": "1e3"},
    {"trade_time": "2026-10-07 10:00"},
    {"commission": "0.12345"},
    {"commission": "NaN"},
    {"account_id": "a b"},
    {"currency": "usd"},
    {"isin": "US0378331004"},
    {"isin": "US0378331004", "venue": "XTKS"},
    {"counterparty": "5493008KLP92CC1Y8810"},
    {"currency": "ZZZ"},
    {"venue": "XTKS"},
)

LOCATE_IDS = ("L1", "L2")


@dataclass
class Trader:
    """Makes rows, and remembers the trades it made so that it can correct them."""

    rng: random.Random
    days: list[dt.date]
    made: list[Line] = field(default_factory=list)
    count: int = 0

    def _moment(self, venue: str, day: dt.date) -> str:
        """Give a moment of the venue's day, written with one offset or another."""
        zone = ZoneInfo(VENUE_ZONES[venue])
        clock = dt.time(self.rng.randint(0, 23), self.rng.randint(0, 59), self.rng.randint(0, 59))
        local = dt.datetime.combine(day, clock, zone)
        other = self.rng.choice(("UTC", "Asia/Tokyo", VENUE_ZONES[venue]))
        return local.astimezone(ZoneInfo(other)).isoformat().replace("+00:00", "Z")

    def _session(self, venue: str, day: dt.date) -> dt.date:
        """Give the day, or the last session before it."""
        while not is_session(venue, day):
            day -= dt.timedelta(days=1)
        return day

    def _quantity(self, paper: Paper) -> str:
        if paper.asset_class == "BOND":
            return str(self.rng.randint(1, 50) * 1000)
        if self.rng.random() < 0.15:
            return f"{self.rng.randint(1, 999)}.{self.rng.randint(1, 99999999):08d}"
        return str(self.rng.choice((1, 7, 10, 25, 100, 100, 333, 1000)))

    def price(self, paper: Paper) -> str:
        """Give a price within a tenth of the paper's close."""
        value = Decimal(paper.close) * self.rng.randint(905, 1095) / 1000
        return f"{value.normalize():f}"

    def _money(self, currency: str, most: int) -> str:
        value = round_money(Decimal(self.rng.randint(0, most * 1000)) / 1000, currency)
        return f"{value:f}"

    def new(self, day: dt.date, paper: Paper | None = None, **more: str) -> Line:
        """Make a NEW row of a trade on the day, or on the session before it."""
        paper = paper or self.rng.choice(world.PAPERS)
        self.count += 1
        traded = self._session(paper.venue, day)
        row = {
            "trade_id": f"T{self.count:05d}",
            "action": self.rng.choice(("", "NEW")),
            "account_id": self.rng.choice(world.TRADERS),
            "side": self.rng.choice(("BUY", "BUY", "SELL", "SHORT")),
            "isin": paper.isin,
            "quantity": self._quantity(paper),
            "price": self.price(paper),
            "currency": paper.currency,
            "trade_time": self._moment(paper.venue, traded),
            "venue": paper.venue,
            "counterparty": self.rng.choice((*world.STREETS, world.TRADE_STREET)),
            "capacity": self.rng.choice(("AGENCY", "PRINCIPAL")),
            "commission": self._money(paper.currency, 20) if self.rng.random() < 0.7 else "",
            "order_id": f"O{self.count}",
            "locate_id": self.rng.choice(LOCATE_IDS),
        }
        if paper.asset_class == "BOND" and self.rng.random() < 0.8:
            row["accrued"] = self._money(paper.currency, 90)
        row |= more
        self.made.append(row)
        return row

    def late(self, day: dt.date) -> Line:
        """Make a NEW row of an earlier day that only now arrives."""
        return self.new(day - dt.timedelta(days=self.rng.randint(1, 5)))

    def pair(self, day: dt.date) -> list[Line]:
        """Make a buy and a sale that leave nothing, or money alone."""
        street = self.rng.choice(world.STREETS)
        buy = self.new(day, side="BUY", counterparty=street)
        price = buy["price"] if self.rng.random() < 0.5 else f"{Decimal(buy['price']) + 1:f}"
        paper = next(paper for paper in world.PAPERS if paper.isin == buy["isin"])
        same = {name: buy[name] for name in ("quantity", "counterparty", "trade_time")}
        same["accrued"] = buy.get("accrued", "")
        return [buy, self.new(day, paper, side="SELL", price=price, **same)]

    def held(self, day: dt.date) -> Line:
        """Make a row that one hold code or another applies to."""
        rng = self.rng
        dear = f"{Decimal(world.PAPERS[0].close) * rng.choice((2, 4)) / 3:.4f}"
        saturday = day - dt.timedelta(days=day.weekday() + 2)
        makers = (
            lambda: self.new(day, account_id=world.NOBODY),
            lambda: self.new(day, account_id=world.LATE_ACCOUNT),
            lambda: self.new(day, account_id=world.PENDING),
            lambda: self.new(day, account_id=world.LIMITED, side="BUY", quantity="9999"),
            lambda: self.new(day, world.PAPERS[0], account_id=world.NO_RATE, side="BUY"),
            lambda: self.new(day, world.HALTED),
            lambda: self.new(day, world.RESTRICTED),
            lambda: self.new(day, world.NO_PAPER),
            lambda: self.new(day, world.LATE_PAPER),
            lambda: self.new(day, counterparty=world.NO_STREET),
            lambda: self.new(day, counterparty=world.LATE_STREET),
            lambda: self.new(day, side="SHORT", locate_id=""),
            lambda: self.new(day, world.PAPERS[0], price=dear),
            lambda: self.new(day, world.PAPERS[0], currency="EUR", commission="1.5"),
            lambda: self.new(day, trade_time=f"{saturday}T12:00:00Z"),
            lambda: self.new(day, trade_time="1985-03-15T12:00:00Z"),
            lambda: self.new(day, side="SHORT", locate_id="", account_id=world.NOBODY),
        )
        return rng.choice(makers)()

    def amend(self) -> Line:
        """Make an AMEND of some trade made before, whatever became of it."""
        row = dict(self.rng.choice(self.made)) | {"action": "AMEND"}
        change = self.rng.choice(
            ("quantity", "price", "commission", "account_id", "side", "street")
        )
        if change == "street":
            row["counterparty"] = self.rng.choice(world.STREETS)
        elif change == "quantity":
            row["quantity"] = str(self.rng.choice((1, 10, 50, 100, 2000)))
        elif change == "price":
            row["price"] = (
                f"{(Decimal(row['price']) * self.rng.randint(97, 103) / 100).normalize():f}"
            )
        elif change == "commission":
            row["commission"] = self._money(row["currency"], 9)
        elif row["account_id"] in world.TRADERS:
            row |= {
                "account_id": self.rng.choice(world.TRADERS),
                "side": self.rng.choice(("BUY", "SELL")),
            }
        if self.rng.random() < 0.6:
            row["version"] = str(self.rng.randint(1, 5))
        return row

    def cancel(self) -> Line:
        """Make a CANCEL of some trade of a known paper; its other fields may differ."""
        known = {paper.isin for paper in world.PAPERS}
        row = dict(self.rng.choice([row for row in self.made if row["isin"] in known]))
        if self.rng.random() < 0.2:
            row["quantity"] = "1"
        return row | {"action": "CANCEL"}

    def doubled(self) -> Line:
        """Make the row of a trade again: equal by value, or in conflict."""
        row = dict(self.rng.choice(self.made))
        if self.rng.random() < 0.3:
            return row | {"price": f"{Decimal(row['price']) + 3:f}"}
        return row | {"quantity": f"{Decimal(row['quantity']):.9f}", "action": "NEW"}

    def locates(self) -> list[Line]:
        """Make locates for shorts made so far: enough, too little or none, now and then anew."""
        sold: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        for row in self.made:
            if row["side"] == "SHORT" and row["locate_id"]:
                zone = ZoneInfo(VENUE_ZONES[row["venue"]])
                traded = dt.datetime.fromisoformat(row["trade_time"]).astimezone(zone).date()
                quantity = Decimal(row["quantity"])
                sold[row["locate_id"], row["isin"], traded.isoformat()] += quantity
        rows = []
        for (locate_id, isin, day), quantity in sold.items():
            key = {"locate_id": locate_id, "isin": isin, "trade_date": day}
            located = self.rng.choice((quantity, quantity * 3, quantity // 2 or 1, None, None))
            if located is not None:
                rows.append(key | {"quantity": f"{located:f}", "lender": "Lender"})
        return rows

    def bad(self, day: dt.date) -> Line:
        """Make a row that is rejected; what it would have been is not remembered."""
        row = self.new(day)
        self.made.pop()
        if self.rng.random() < 0.2:
            return row | {"action": self.rng.choice(("CANCEL", "AMEND"))}
        return row | self.rng.choice(BAD_FIELDS)
