"""What money an action brings and takes: closings of lots it is paid for, and cost of new ones."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from backoffice.accounting.lots.actions import Leg
from backoffice.accounting.lots.methods import Closing
from backoffice.accounting.lots.units import unit_of
from backoffice.kernel.currencies import minor_units
from backoffice.kernel.scaled import round_half_up

UnitClosing = tuple[str, Closing]
"""A closing, and the unit its profit is of."""


class Held(NamedTuple):
    """A lot that is lifted out of its pile: who opened it, its currency, quantity and cost."""

    opening: int
    currency: str
    quantity: int
    cost: int


class Event(NamedTuple):
    """An action as it meets one group: its row, the family, the source and the legs."""

    row: int
    family: str
    isin: str
    legs: Sequence[Leg]


def at_price(
    lots: list[Held], leg: Leg, event: Event, isin: str
) -> tuple[list[Held], list[UnitClosing]]:
    """Add what is paid for lots to their cost; money of another currency is lost in its own.

    Returns
    -------
    tuple
        The lots, and closings of nothing that cost what was paid in another currency.
    """
    if leg.paid is None:
        return lots, []
    price, currency = leg.paid
    scale = 10 ** (16 - minor_units(currency))
    sums = accumulate((lot.quantity for lot in lots), initial=0)
    spread = pairwise(round_half_up(each * price, scale) for each in sums)
    paid_in = unit_of(isin, currency, event.family)
    priced: list[Held] = []
    spent: list[UnitClosing] = []
    for lot, (start, end) in zip(lots, spread, strict=True):
        if lot.currency == currency:
            priced.append(lot._replace(cost=lot.cost + end - start))
        else:
            priced.append(lot)
            spent.append((paid_in, (event.row, lot.opening, 0, end - start, 0)))
    return priced, spent


def paid_for(lots: list[Held], leg: Leg, event: Event, isin: str) -> list[UnitClosing]:
    """Spread the money over what it closes; of lots of another currency it has no cost."""
    if not lots or leg.price is None or leg.currency is None:
        return []
    scale = 10 ** (16 - minor_units(leg.currency))
    sums = accumulate((lot.quantity for lot in lots), initial=0)
    money = (round_half_up(-each * leg.price, scale) for each in sums)
    closed: list[UnitClosing] = []
    paid_in = unit_of(isin, leg.currency, event.family)
    for lot, (start, end) in zip(lots, pairwise(money), strict=True):
        opening, _, quantity, cost = lot
        if lot.currency == leg.currency:
            closed.append((paid_in, (event.row, opening, quantity, cost, end - start)))
            continue
        unit = unit_of(isin, lot.currency, event.family)
        closed.append((unit, (event.row, opening, quantity, cost, 0)))
        closed.append((paid_in, (event.row, opening, 0, 0, end - start)))
    return closed
