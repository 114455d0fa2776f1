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


def mark_of(part: Confirmation) -> object:
    """Give what a confirmation that was taken is known by."""
    return part.reference or (part.quantity, part.money, part.effective)


def misfit(obligation: Obligation | None, part: Confirmation) -> str:
    """Say why a confirmation does not fit what it is about; empty when it does."""
    if obligation is None:
        return "UNKNOWN_OBLIGATION"
    if part.isin not in ("", obligation.isin):
        return "WRONG_INSTRUMENT"
    if obligation.quantity and part.direction not in ("", obligation.direction):
        return "WRONG_DIRECTION"
    return "" if mark_of(part) in obligation.references else _unfit(obligation, part)


def _unfit(obligation: Obligation, part: Confirmation) -> str:
    """Say why what is new of an obligation does not fit how far it is."""
    if obligation.status not in ALIVE:
        return f"CONFIRMED_WHEN_{obligation.status}"
    still_open = abs(obligation.quantity) - obligation.settled_quantity
    if part.quantity > still_open:
        return "OVER_SETTLED"
    return "NOTHING_CONFIRMED" if still_open and not part.quantity else ""


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
