"""Take many trades of an app at once: checked as columns, written side by side, each on its own."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from backoffice.front_office.accept_trade import TradeDesk, take_checked, unfit
from backoffice.front_office.models import Refusal, TradeReceipt, TradeRequest
from backoffice.intake.app_trades import narrow, rows_of_text
from backoffice.intake.capture import Origin, capture

MOST_TRADES: Final = 500
_WRITERS: Final = 16

Texts = Mapping[str, str]
Outcome = TradeReceipt | Refusal


def accept_trades(
    desk: TradeDesk, partner: str, requests: Sequence[TradeRequest], received_at: datetime
) -> list[Outcome]:
    """Accept each of some trades, know it again, or refuse it; one that fails stops no other.

    Parameters
    ----------
    desk, partner, received_at
        As `accept_trade` takes them; nothing is previewed.
    requests
        The trades as they came. Of several under one key the first is the trade.

    Returns
    -------
    list
        An outcome each, in their order.
    """
    texts = [request.texts() for request in requests]
    outcomes: dict[int, Outcome] = {}
    for number, each in enumerate(texts):
        if refused := unfit(each):
            outcomes[number] = refused
    fit = [number for number in range(len(texts)) if number not in outcomes]
    trades = dict(_checked(desk, [texts[number] for number in fit], fit, partner, received_at))
    outcomes |= {number: each for number, each in trades.items() if isinstance(each, Refusal)}
    by_key = defaultdict[tuple[Any, ...], list[tuple[int, Mapping[str, Any]]]](list)
    for number, trade in trades.items():
        if not isinstance(trade, Refusal):
            by_key[trade["trade_date"], trade["trade_id"]].append((number, trade))

    def write(rows: Sequence[tuple[int, Mapping[str, Any]]]) -> list[tuple[int, Outcome]]:
        return [
            (number, take_checked(desk, partner, trade, texts[number], received_at))
            for number, trade in rows
        ]

    # each write is on a condition of its own, which no batch of DynamoDB has
    with ThreadPoolExecutor(_WRITERS) as pool:
        for written in pool.map(write, by_key.values()):
            outcomes |= dict(written)
    return [outcomes[number] for number in range(len(texts))]


def _checked(
    desk: TradeDesk,
    texts: Sequence[Texts],
    numbers: Sequence[int],
    partner: str,
    received_at: datetime,
) -> Iterator[tuple[int, Mapping[str, Any] | Refusal]]:
    """Check trades as rows of one frame; yield each one's columns, or why it is none."""
    origin = Origin(partner, received_at.date(), "api")
    for first, run in narrow(texts, 0) if texts else ():
        found = capture("trades", rows_of_text(run, first), origin, desk.zones)
        for trade in found.captured.to_dicts():
            yield numbers[trade["row"]], trade
        for reject in found.rejects.to_dicts():
            said = {name: reject[name] for name in ("field", "code", "message")}
            yield numbers[reject["row"]], Refusal.model_validate(said)
