"""Continuous net settlement: what is late with a clearing house nets with its next day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.reference import calendars
from tests.reference.amounts import ZERO, round_money
from tests.reference.obligations import ALIVE, Leg, Obligation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal

    from tests.reference.standing import Standing

PERCENT = 100


@dataclass
class Roll:
    """What left an obligation, + to us, for one that nets it anew."""

    old: Obligation
    due: dt.date
    legs: list[Leg]
    late: bool
    quantity: Decimal
    money: Decimal
    mark: Decimal | None = None
    into: Obligation | None = None


def rolls_of(
    obligations: Sequence[Obligation], standing: Standing, day: dt.date
) -> tuple[list[Roll], list[Obligation]]:
    """Take what is late out of its obligations, and what is due when it is netted for.

    Returns
    -------
    tuple
        What rolls, marked; and the obligations that pay the marks, not yet named.
    """
    free = [o for o in obligations if _is_free(o)]
    late = [
        _roll(o, _next(o, day), late=True)
        for o in free
        if o.status in ALIVE
        and o.settlement_date < day
        and standing.nets_continuously(o.counterparty)
    ]
    dues: dict[object, dt.date] = {}
    for roll in late:
        dues[_alike(roll.old)] = min(roll.due, dues.get(_alike(roll.old), roll.due))
    rolled = {roll.old.obligation_id for roll in late}
    beside = [
        _roll(o, dues[_alike(o)], late=False)
        for o in free
        if o.status == "INSTRUCTED"
        and o.obligation_id not in rolled
        and _alike(o) in dues
        and o.settlement_date <= dues[_alike(o)]
    ]
    marks: dict[object, Obligation] = {}
    for roll in late:
        leg = _mark(roll, standing, day)
        if leg is None:
            continue
        key = (*_alike(roll.old), roll.due)
        paid = marks.setdefault(key, Obligation("", *_alike(roll.old), roll.due, [], "MARK"))
        paid.legs.append(leg)
    for roll in [*late, *beside]:
        _leave(roll.old)
    return [*late, *beside], [paid for paid in marks.values() if paid.payable or paid.receivable]


def _alike(obligation: Obligation) -> tuple[str, str, str]:
    return (obligation.counterparty, obligation.isin, obligation.currency)


def _is_free(obligation: Obligation) -> bool:
    return (
        obligation.direction in ("RECEIVE", "DELIVER")
        and obligation.origin not in ("TRADE", "OPPOSITE")
        and not obligation.cancellation_requested
        and not obligation.withdrawn
    )


def _next(obligation: Obligation, day: dt.date) -> dt.date:
    venues = {leg.venue for leg in obligation.legs if leg.venue}
    return max(calendars.due_date(venue, obligation.settlement_date, day) for venue in venues)


def _roll(old: Obligation, due: dt.date, *, late: bool) -> Roll:
    """Carry the trades, less what of them has settled."""
    legs = list(old.legs)
    if old.touched:
        legs.append(_less(old))
    quantity = sum((leg.quantity for leg in legs), ZERO)
    money = sum((leg.receivable - leg.payable for leg in legs), ZERO)
    return Roll(old, due, legs, late, quantity, money)


def _less(old: Obligation) -> Leg:
    """Give the leg that takes what has settled off the trades: one side is left."""
    identity = ("rolled", old.settlement_date, old.obligation_id)
    sign = -1 if old.direction == "DELIVER" else 1
    rest = old.money - old.settled_money
    pays = abs(old.payable) > abs(old.receivable)
    payable, receivable = (-rest, ZERO) if pays else (ZERO, rest)
    return Leg(
        identity,
        "",
        -sign * old.settled_quantity,
        payable - old.payable,
        receivable - old.receivable,
    )


def _leave(old: Obligation) -> None:
    """End what was left: CANCELLED as it stood, or SETTLED as what has settled of it."""
    if not old.touched:
        old.status = "CANCELLED"
        return
    off = _less(old)
    left = Leg(
        off.identity,
        "",
        -(old.quantity + off.quantity),
        -(old.payable + off.payable),
        -(old.receivable + off.receivable),
    )
    old.legs.append(left)
    old.status = "SETTLED"


def _mark(roll: Roll, standing: Standing, day: dt.date) -> Leg | None:
    """Move the legs to the close's money; give the leg that pays the difference."""
    worth = _worth(roll, standing, day)
    if worth is None:
        return None
    roll.mark = mark = roll.money + worth
    identity = ("marked", day, roll.old.obligation_id)
    payable, receivable = (-mark, ZERO) if roll.quantity > 0 else (ZERO, mark)
    mine = Leg(identity, "", ZERO, payable, receivable)
    roll.legs.append(mine.opposite())
    return mine


def _worth(roll: Roll, standing: Standing, day: dt.date) -> Decimal | None:
    paper = standing.instrument(roll.old.isin)
    priced = standing.priced(roll.old.isin, day)
    if paper is None or priced is None or priced[1] != roll.old.currency:
        return None
    worth = roll.quantity * priced[0]
    if paper.text("asset_class") == "BOND":
        worth /= PERCENT
    return round_money(worth, roll.old.currency)
