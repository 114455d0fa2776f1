"""Blocks allotted to accounts: who asks, what waits, and what moves between the two."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference import calendars
from tests.reference.amounts import ZERO, round_money
from tests.reference.holds import holds_of
from tests.reference.journal import Dated
from tests.reference.lots import Flow
from tests.reference.postings import owed_by, owned_by, purse_of
from tests.reference.pricing import price_trade
from tests.reference.rows import Values
from tests.reference.trades import Trade

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from tests.reference.fields import Value
    from tests.reference.journal import Journal, Posting
    from tests.reference.rows import Row
    from tests.reference.standing import Standing
    from tests.reference.trades import Identity

_OF_ACCOUNT = {
    "CREDIT_LIMIT",
    "KYC_NOT_APPROVED",
    "NO_FX_RATE",
    "RESTRICTED_LIST",
    "UNKNOWN_ACCOUNT",
}
_TURN = {"NEW": 0, "AMEND": 1, "CANCEL": 2}


@dataclass
class Allocation:
    """One allocation: the version that stands, its block as it was, and what it led to."""

    identity: Identity
    version: Values
    events: list[Values] = field(default_factory=list)
    status: str = "HELD"
    holds: tuple[str, ...] = ()
    block: Values | None = None
    house: str = ""
    trade: Trade | None = None
    entries: list[int] = field(default_factory=list)
    settled: bool = False
    booked_on: dt.date | None = None
    rebooked: bool = False

    @property
    def block_identity(self) -> Identity:
        """Give the identity of the trade that it is a part of."""
        return (self.identity[0], self.identity[1], self.version.text("block_trade_id"))

    @property
    def legs(self) -> list[tuple[str, Trade, Decimal, Decimal]]:
        """Give id, trade, net and commission of both sides; the block's pays gross and fees."""
        trade, block = self.trade, self.block
        if trade is None or block is None or trade.figures is None:
            raise ValueError(f"{self.identity} is not allotted")
        figures = trade.figures
        sign = 1 if trade.buys else -1
        side = "SELL" if trade.buys else "BUY"
        turned = Values(
            {**trade.version.by_name, "side": side, "account_id": block.text("account_id")}
        )
        other = Trade(self.identity, turned, account_kind="HOUSE", settles=trade.settles)
        name = f"{block.text('trade_id')}:{self.identity[2]}"
        rest = figures.gross + sign * figures.fees_total
        return [
            (name, trade, figures.net, figures.commission),
            (f"{name}:block", other, rest, ZERO),
        ]


@dataclass
class Allocations:
    """Every allocation there is, by identity."""

    journal: Journal
    known: dict[Identity, Allocation] = field(default_factory=dict)

    def take(self, rows: Iterable[Row], partner: str) -> set[Identity]:
        """Take a day's rows in turn; give the allocations with another version, or cancelled."""
        changed: set[Identity] = set()
        good = [row for row in rows if row.values is not None]
        for row in sorted(good, key=_turn):
            identity = (partner, row.good.date("trade_date"), row.good.text("allocation_id"))
            if self._take(identity, row):
                changed.add(identity)
        return changed

    def _take(self, identity: Identity, row: Row) -> bool:
        one, action = self.known.get(identity), row.good.text("action")
        if one is not None and row.good in one.events:
            row.outcome = "DUPLICATE"
            return False
        if action == "NEW" and one is None:
            self.known[identity] = Allocation(identity, row.good, [row.good])
            return True
        if action == "NEW" or one is None or one.events[-1].text("action") == "CANCEL":
            code = "CONFLICTING_DUPLICATE" if action == "NEW" else "UNKNOWN_ALLOCATION"
            row.reject(code, "allocation_id")
            return False
        one.events.append(row.good)
        if action == "AMEND":
            one.version = row.good
        return True

    def decide(
        self,
        changed: set[Identity],
        trades: dict[Identity, Trade],
        standing: Standing,
        day: dt.date,
    ) -> None:
        """Take back what is no more, then allot what the blocks have."""
        for one in self.known.values():
            block = trades.get(one.block_identity)
            stands = block and block.status == "CLEARED" and block.version is one.block
            if one.status == "ALLOCATED" and (one.identity in changed or not stands):
                self._undo(one, day)
            if one.events[-1].text("action") == "CANCEL":
                one.status, one.holds = "CANCELLED", ()
            elif one.identity in changed:
                one.status = "HELD"
        asked: defaultdict[Identity, Decimal] = defaultdict(Decimal)
        for one in self.known.values():
            if one.status in ("HELD", "ALLOCATED"):
                asked[one.block_identity] += one.version.amount("quantity")
        for one in self.known.values():
            if one.status == "HELD":
                block = trades.get(one.block_identity)
                one.block = block.version if block else None
                code = _block_code(one, block, asked[one.block_identity])
                one.trade = None if code or block is None else _trade(one, block, standing)
                one.holds = (code,) if code else _account_codes(one, standing)
                if not one.holds:
                    self._allot(one, standing, day)

    def _undo(self, one: Allocation, day: dt.date) -> None:
        for number in one.entries:
            self.journal.reverse(number, day)
        one.entries, one.settled, one.rebooked, one.status = [], False, True, "HELD"

    def _allot(self, one: Allocation, standing: Standing, day: dt.date) -> None:
        account = standing.account(one.version.text("account_id"))
        if account is None or one.trade is None:
            raise ValueError(f"{one.identity} cannot be allotted")
        one.trade.account_kind = account.text("kind")
        one.status, one.booked_on = "ALLOCATED", day
        dated = Dated(day if one.rebooked else one.identity[1], day)
        for name, trade, net, commission in one.legs:
            postings = _moves(one, trade, net, commission)
            one.entries.append(self.journal.write(dated, "ALLOCATED", name, postings))

    def settle(self, day: dt.date) -> None:
        """Post the money of both sides once the block's settlement date has come."""
        for one in self.known.values():
            if one.status != "ALLOCATED" or one.settled or one.booked_on is None:
                continue
            for name, trade, net, _ in one.legs:
                if trade.settles is None or trade.settles > day:
                    continue
                effective = max(trade.settles, one.booked_on) if one.rebooked else trade.settles
                money = net if trade.buys else -net
                currency = trade.version.text("currency")
                postings = [(purse_of(trade), currency, money), (owed_by(trade), currency, -money)]
                number = self.journal.write(Dated(effective, day), "SETTLED", name, postings)
                one.entries.append(number)
                one.settled = True

    def flows(self) -> list[Flow]:
        """Give both sides of what was allotted as flows of lots."""
        return [
            Flow(
                trade.version.text("account_id"),
                trade.version.text("isin"),
                trade.version.text("currency"),
                one.identity[1],
                trade.settles,
                name,
                trade.version.amount("quantity") * (1 if trade.buys else -1),
                net,
                moment=trade.version.time("trade_time"),
            )
            for one in self.known.values()
            if one.status == "ALLOCATED"
            for name, trade, net, _ in one.legs
            if trade.settles
        ]


def _turn(row: Row) -> tuple[int, bool, object, str, int]:
    action, version = row.good.text("action"), row.good.by_name["version"]
    numbered = action == "AMEND" and version is not None
    return (_TURN[action], numbered, version if numbered else 0, *row.order)


def _block_code(one: Allocation, block: Trade | None, asked: Decimal) -> str:
    if block is None:
        return "UNKNOWN_BLOCK"
    if block.status != "CLEARED":
        return "BLOCK_NOT_CLEARED" if block.status == "HELD" else "BLOCK_CANCELLED"
    own = block.version.text("account_id") == one.version.text("account_id")
    if block.account_kind != "HOUSE" or own:
        return "NOT_A_BLOCK"
    given = one.version.text("currency")
    if given and given != block.version.text("currency"):
        return "WRONG_CURRENCY"
    return "OVER_ALLOCATED" if asked > block.version.amount("quantity") else ""


def _trade(one: Allocation, block: Trade, standing: Standing) -> Trade:
    """Give the trade that it is to the account it is for, priced."""
    quantity, of = one.version.amount("quantity"), block.version
    changes: dict[str, Value | None] = {
        "account_id": one.version.text("account_id"),
        "quantity": quantity,
        "commission": one.version.amount_or("commission", ZERO),
    }
    if of.has("accrued"):
        share = of.amount("accrued") * quantity / of.amount("quantity")
        changes["accrued"] = round_money(share, of.text("currency"))
    trade = Trade(one.identity, Values({**of.by_name, **changes}))
    trade.settles = calendars.settlement_date(of.text("venue"), one.identity[1])
    trade.figures = price_trade(trade.version, one.identity[1], standing)
    return trade


def _account_codes(one: Allocation, standing: Standing) -> tuple[str, ...]:
    if one.trade is None:
        return ()
    return tuple(code for code in holds_of(one.trade, standing) if code in _OF_ACCOUNT)


def _moves(one: Allocation, trade: Trade, net: Decimal, commission: Decimal) -> list[Posting]:
    values, sign = trade.version, 1 if trade.buys else -1
    currency, isin = values.text("currency"), values.text("isin")
    house = one.block.text("account_id") if one.block else ""
    shares = sign * values.amount("quantity")
    return [
        (owed_by(trade), currency, sign * net),
        (f"Assets:Receivable:Allocated:{house}", currency, commission - sign * net),
        ("Income:Commission", currency, -commission),
        (f"Securities:Allocated:{house}", isin, shares),
        (f"Securities:{owned_by(trade)}", isin, -shares),
    ]
