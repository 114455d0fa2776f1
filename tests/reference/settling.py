"""What a confirmation means to its obligation, and the market that confirms everything."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.codes import MINOR_UNITS
from tests.reference.messages import CancellationAnswer, Confirmation, Message
from tests.reference.obligations import ALIVE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from tests.reference.obligations import Obligation


def confirmed_once(obligation: Obligation, part: Confirmation) -> bool:
    """Remember the confirmation; False when the same one was taken before."""
    mark: object = part.reference or (part.quantity, part.money, part.effective)
    known = mark in obligation.references
    obligation.references.add(mark)
    return not known


def money_is_off(obligation: Obligation, part: Confirmation) -> bool:
    """Say whether a part's money is a minor unit or more from its share of the whole."""
    share = obligation.money
    if obligation.quantity:
        share = obligation.money * part.quantity / abs(obligation.quantity)
    unit = Decimal(1).scaleb(-MINOR_UNITS[obligation.currency])
    return abs(part.money - share) >= unit


def settled_status(obligation: Obligation) -> str:
    """Give SETTLED once all shares, or all the money of a CASH obligation, have moved."""
    if obligation.quantity:
        done = obligation.settled_quantity >= abs(obligation.quantity)
    else:
        done = abs(obligation.settled_money) >= abs(obligation.money)
    return "SETTLED" if done else "PARTIAL"


def settle_all(day: dt.date, obligations: Sequence[Obligation]) -> list[Message]:
    """Accept every cancellation, then confirm in full whatever is due."""
    alive = [obligation for obligation in obligations if obligation.status in ALIVE]
    answers: list[Message] = [
        CancellationAnswer(obligation.obligation_id, accepted=True)
        for obligation in alive
        if obligation.cancellation_requested
    ]
    confirmations = [
        Confirmation(
            obligation.obligation_id,
            abs(obligation.quantity) - obligation.settled_quantity,
            obligation.money - obligation.settled_money,
            day if obligation.settled_quantity else obligation.settlement_date,
            "settle-all",
        )
        for obligation in alive
        if obligation.settlement_date <= day and not obligation.cancellation_requested
    ]
    return answers + list[Message](confirmations)


def settle_none(_day: dt.date, _obligations: Sequence[Obligation]) -> list[Message]:
    """Say nothing."""
    return []
