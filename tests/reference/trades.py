"""Trades by identity, and how a day's rows change them whatever order they came in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.reference.codes import VENUE_ZONES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.reference.pricing import Figures
    from tests.reference.rows import Row, Values

Identity = tuple[str, dt.date, str]


@dataclass
class Trade:
    """One identity: the events taken, the version that stands, and what it led to."""

    identity: Identity
    version: Values
    events: list[Values] = field(default_factory=list)
    status: str = "NEW"
    holds: tuple[str, ...] = ()
    settles: dt.date | None = None
    figures: Figures | None = None
    account_kind: str = ""
    entries: list[int] = field(default_factory=list)
    client_settled: bool = False
    booked_on: dt.date | None = None
    rebooked: bool = False

    @property
    def trade_date(self) -> dt.date:
        """Give the date of the trade in its venue's own time zone."""
        return self.identity[1]

    @property
    def trade_id(self) -> str:
        """Give the partner's id of the trade."""
        return self.identity[2]

    @property
    def buys(self) -> bool:
        """Say whether the account buys."""
        return self.version.text("side") == "BUY"


@dataclass
class Changes:
    """What a day's rows did: the identities with a new version, and those cancelled."""

    versions: set[Identity] = field(default_factory=set)
    cancelled: set[Identity] = field(default_factory=set)


def identity_of(partner: str, values: Values) -> Identity:
    """Give (partner, trade date, trade_id); the date is local to the venue."""
    zone = ZoneInfo(VENUE_ZONES[values.text("venue")])
    return (partner, values.time("trade_time").astimezone(zone).date(), values.text("trade_id"))


def _amend_order(row: Row) -> tuple[bool, object, str, int]:
    version = row.good.by_name["version"]
    return (version is not None, version or 0, *row.order)


def _new(book: dict[Identity, Trade], identity: Identity, row: Row, changes: Changes) -> None:
    trade = book.get(identity)
    if trade is None:
        book[identity] = Trade(identity, row.good, [row.good])
        changes.versions.add(identity)
    elif row.good in trade.events:
        row.outcome = "DUPLICATE"
    else:
        row.reject("CONFLICTING_DUPLICATE", "trade_id")


def _change(book: dict[Identity, Trade], identity: Identity, row: Row, changes: Changes) -> None:
    trade = book.get(identity)
    if trade is not None and row.good in trade.events:
        row.outcome = "DUPLICATE"
    elif trade is None or trade.status == "CANCELLED" or identity in changes.cancelled:
        row.reject("UNKNOWN_TRADE", "trade_id")
    elif row.good.text("action") == "AMEND":
        trade.events.append(row.good)
        trade.version = row.good
        changes.versions.add(identity)
    else:
        trade.events.append(row.good)
        changes.cancelled.add(identity)


def resolve(book: dict[Identity, Trade], partner: str, rows: Iterable[Row]) -> Changes:
    """Take a day's trade rows: NEW, AMENDs by version, CANCEL; closed days stand before."""
    changes = Changes()
    good = [row for row in rows if row.values is not None]
    by_action = {
        action: [row for row in good if row.good.text("action") == action]
        for action in ("NEW", "AMEND", "CANCEL")
    }
    for row in sorted(by_action["NEW"], key=lambda row: row.order):
        _new(book, identity_of(partner, row.good), row, changes)
    for row in sorted(by_action["AMEND"], key=_amend_order):
        _change(book, identity_of(partner, row.good), row, changes)
    for row in sorted(by_action["CANCEL"], key=lambda row: row.order):
        _change(book, identity_of(partner, row.good), row, changes)
    return changes
