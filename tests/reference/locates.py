"""Which short sales the locates they name do not cover."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from tests.reference.standing import Standing
    from tests.reference.trades import Identity, Trade

Locate = tuple[str, str, "dt.date"]


def _locate(trade: Trade) -> Locate:
    values = trade.version
    return (values.text("locate_id"), values.text("isin"), trade.trade_date)


def _turn(trade: Trade) -> tuple[dt.datetime, str, str]:
    return (trade.version.time("trade_time"), trade.identity[0], trade.trade_id)


def beyond_locates(trades: Iterable[Trade], standing: Standing) -> set[Identity]:
    """Give the held shorts whose locate is unknown or used up by those before them.

    What was cleared before has taken its share whatever its time.
    """
    if not standing.locates_known:
        return set()
    shorts = [t for t in trades if t.version.text("side") == "SHORT" and t.version.has("locate_id")]
    used: defaultdict[Locate, Decimal] = defaultdict(Decimal)
    for trade in shorts:
        if trade.status == "CLEARED":
            used[_locate(trade)] += trade.version.amount("quantity")
    beyond = set()
    for trade in sorted((t for t in shorts if t.status == "HELD"), key=_turn):
        used[_locate(trade)] += trade.version.amount("quantity")
        located = standing.located(*_locate(trade))
        if located is None or used[_locate(trade)] > located:
            beyond.add(trade.identity)
    return beyond
