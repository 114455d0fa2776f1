"""Take one trade of an app: a file's checks on a frame of one row, one conditional write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import polars as pl

from backoffice.front_office.models import (
    AcceptedEvent,
    AcceptedTrade,
    Preview,
    Refusal,
    TradeReceipt,
    TradeRequest,
)
from backoffice.front_office.unfit_trades import unfit
from backoffice.intake.app_trades import rows_of_text
from backoffice.intake.capture import CapturedPart, Origin, capture
from backoffice.intake.codes import TRADE_ID, Zones
from backoffice.intake.resolve import CONFLICTING_DUPLICATE, CONTRACT

SERVED_FOR: Final = timedelta(days=35)
"""As long as the table can be restored to any moment: no cut-off waits for longer."""

_SAYS_OTHERWISE: Final = {
    "NEW": "This trade was accepted with other content; send an AMEND instead.",
    "AMEND": "An AMEND of this version was accepted with other content; give this one another.",
    "CANCEL": "A CANCEL of this trade was accepted with other content.",
}

Item = Mapping[str, Any]
PreviewTrade = Callable[[pl.DataFrame], Preview | None]


class AcceptedTrades(Protocol):
    """The table of accepted trades."""

    def put_new(self, item: Item) -> bool:
        """Write unless the key exists; False when it did."""

    def get(self, pk: str, sk: str) -> Item | None:
        """Read one item, consistently."""

    def starting_with(self, pk: str, prefix: str) -> Sequence[Item]:
        """Read a partition's items whose sort key starts so, in order."""


@dataclass(frozen=True, slots=True)
class TradeDesk:
    """What taking a trade needs: the table, the venues' zones, and what clearing would say."""

    accepted: AcceptedTrades
    zones: Zones
    preview: PreviewTrade


def accept_trade(
    desk: TradeDesk, partner: str, request: TradeRequest, received_at: datetime
) -> TradeReceipt | Refusal:
    """Accept a trade, know it again, or refuse it.

    Parameters
    ----------
    desk
        The table, the zones and the preview.
    partner
        The app.
    request
        The trade as it came.
    received_at
        Now, with its zone.

    Returns
    -------
    TradeReceipt or Refusal
        The same trade twice, by its values, is a DUPLICATE; one that says otherwise under the
        same key is refused as CONFLICTING_DUPLICATE.
    """
    texts = request.texts()
    if refused := unfit(texts):
        return refused
    checked = _check(texts, Origin(partner, received_at.date(), "api"), desk.zones)
    if checked.rejects.height:
        columns = ("field", "code", "message")
        return Refusal.model_validate(checked.rejects.select(columns).row(0, named=True))
    trade = checked.captured.row(0, named=True)
    taken = take_checked(desk, partner, trade, texts, received_at)
    if isinstance(taken, Refusal):
        return taken
    return taken.model_copy(update={"preview": desk.preview(checked.captured)})


def take_checked(
    desk: TradeDesk,
    partner: str,
    trade: Mapping[str, Any],
    texts: Mapping[str, str],
    received_at: datetime,
) -> TradeReceipt | Refusal:
    """Write a trade that passed the checks, know it again or refuse it; nothing is previewed.

    Parameters
    ----------
    trade, texts
        What was captured of it, and as it came.
    """
    item = _item(partner, trade, texts, received_at)
    is_new = desk.accepted.put_new(item)
    if not is_new and not _is_same(desk, item, trade):
        return Refusal(
            field="trade_id", code=CONFLICTING_DUPLICATE, message=_SAYS_OTHERWISE[trade["action"]]
        )
    return TradeReceipt(
        trade_id=trade["trade_id"],
        trade_date=trade["trade_date"],
        partner=partner,
        status="ACCEPTED" if is_new else "DUPLICATE",
        preview=None,
    )


def find_trade(
    accepted: AcceptedTrades, partner: str, trade_date: str, trade_id: str
) -> AcceptedTrade | None:
    """Find what was accepted of one of the app's trades; None when nothing was."""
    if not is_trade_id(trade_id):
        return None
    items = accepted.starting_with(_partition(partner, trade_date), f"{trade_id}#")
    if not items:
        return None
    return AcceptedTrade.model_validate(
        {
            "trade_id": trade_id,
            "trade_date": trade_date,
            "partner": partner,
            "events": tuple(_event(item) for item in items),
        }
    )


def _check(texts: Mapping[str, str], origin: Origin, zones: Zones) -> CapturedPart:
    return capture("trades", rows_of_text([texts]), origin, zones)


def _item(
    partner: str, trade: Mapping[str, Any], texts: Mapping[str, str], received_at: datetime
) -> Item:
    # only AMENDs may be several: a NEW or a CANCEL is one, whatever version it names
    versioned = trade["action"] == "AMEND" and trade["version"] is not None
    version = trade["version"] if versioned else ""
    return {
        "pk": _partition(partner, str(trade["trade_date"])),
        "sk": f"{trade['trade_id']}#{trade['action']}#{version}",
        "partner": partner,
        "trade": dict(texts),
        "received_at": received_at.isoformat(),
        "expires_at": int((received_at + SERVED_FOR).timestamp()),
    }


def _partition(partner: str, trade_date: str) -> str:
    return f"TRADE#{partner}#{trade_date}"


def _is_same(desk: TradeDesk, item: Item, trade: Mapping[str, Any]) -> bool:
    """Compare with what stands under the key, by the values the contract's columns hold."""
    before = desk.accepted.get(item["pk"], item["sk"])
    if before is None:  # it expired between the write that was refused and this read
        return desk.accepted.put_new(item)
    origin = Origin(trade["partner"], trade["business_date"], trade["file"])
    known = _check(before["trade"], origin, desk.zones).captured
    return known.height == 1 and all(known[name].item() == trade[name] for name in CONTRACT)


def is_trade_id(text: str) -> bool:
    """Whether a text could name a trade."""
    return bool(pl.Series([text]).str.contains(TRADE_ID.regex).item())


def _event(item: Item) -> AcceptedEvent:
    _, action, version = item["sk"].split("#")
    return AcceptedEvent(
        action=action,
        version=version or None,
        received_at=item["received_at"],
        trade=item["trade"],
    )
