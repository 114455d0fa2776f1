"""Take many trades of an app at once: checked as columns, written side by side, each on its own."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from backoffice.front_office.accept_trade import TradeDesk, take_checked
from backoffice.front_office.models import Refusal, TradeReceipt, TradeRequest
from backoffice.front_office.unfit_trades import unfit
from backoffice.intake.app_trades import narrow, rows_of_text
from backoffice.intake.capture import Origin, capture

MOST_TRADES: Final = 500
_WRITERS: Final = 16

Texts = Mapping[str, str]
Outcome = TradeReceipt | Refusal
_Rows = list[tuple[int, Mapping[str, Any]]]


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
    found = {number: unfit(each) for number, each in enumerate(texts)}
    outcomes: dict[int, Outcome] = {number: each for number, each in found.items() if each}
    fit = [number for number in range(len(texts)) if number not in outcomes]
    by_key = defaultdict[tuple[Any, ...], _Rows](list)
    for number, trade in _checked(desk, texts, fit, partner, received_at):
        if isinstance(trade, Refusal):
            outcomes[number] = trade
        else:
            by_key[trade["trade_date"], trade["trade_id"]].append((number, trade))

    def write(rows: _Rows) -> list[tuple[int, Outcome]]:
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
    """Check those of these numbers as rows of a frame; yield each's columns, or why it is none."""
    origin = Origin(partner, received_at.date(), "api")
    fit = [texts[number] for number in numbers]
    for first, run in narrow(fit, 0) if fit else ():
        found = capture("trades", rows_of_text(run, first), origin, desk.zones)
        for trade in found.captured.to_dicts():
            yield numbers[trade["row"]], trade
        for reject in found.rejects.to_dicts():
            said = {name: reject[name] for name in ("field", "code", "message")}
            yield numbers[reject["row"]], Refusal.model_validate(said)
