"""Which lot a sale takes first, and at what cost: one function a policy, whole numbers only.

A pile holds the open lots of one account, instrument and currency as a heap: all of them long
(quantity and cost positive) or all short (negative), the next to be taken on top. Buys and sales
are mirror images, so every figure here is signed: a buy brings +quantity and +net, a sale
-quantity and -net.
"""

from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from types import MappingProxyType
from typing import Final

from backoffice.kernel.scaled import round_half_up

Lot = tuple[int, int, int, int]
"""Key (the smallest is taken first), row of the event that opened it, quantity, cost."""
Pile = list[Lot]
Closing = tuple[int, int, int, int, int]
"""Row of the closing event, row of the event that opened the lot; of what was taken the quantity
and the cost (the lot's sign), and the money it was closed with (the closing event's sign)."""
Policy = Callable[[Pile, int, int, int], None]
"""Puts a lot (row, quantity, cost) onto a pile in the place where the method finds it."""

# Quantities stay below 10^26 (10^18 at 10^8), so unequal unit costs lie further apart than 10^-52:
# as whole numbers at this scale they compare exactly, and equal ones are equal.
_UNIT_COST_SCALE: Final = 10**52


def fifo(pile: Pile, row: int, quantity: int, cost: int) -> None:
    """Take the oldest lot first."""
    heappush(pile, (row, row, quantity, cost))


def lifo(pile: Pile, row: int, quantity: int, cost: int) -> None:
    """Take the youngest lot first."""
    heappush(pile, (-row, row, quantity, cost))


def hifo(pile: Pile, row: int, quantity: int, cost: int) -> None:
    """Take the lot of the highest unit cost first, of equal ones the oldest."""
    heappush(pile, (-(cost * _UNIT_COST_SCALE // quantity), row, quantity, cost))


def average(pile: Pile, row: int, quantity: int, cost: int) -> None:
    """Merge into the one lot there is, which keeps the name of its first."""
    if pile:
        _, row, held, basis = pile.pop()
        quantity, cost = quantity + held, cost + basis
    pile.append((row, row, quantity, cost))


# SPECIFIC is first in, first out where nobody has chosen
METHODS: Final[Mapping[str, Policy]] = MappingProxyType(
    {"FIFO": fifo, "LIFO": lifo, "HIFO": hifo, "AVERAGE": average, "SPECIFIC": fifo}
)


def trade(
    pile: Pile, put: Policy, row: int, quantity: int, money: int, closings: list[Closing]
) -> int:
    """Meet the lots of the other direction, open a lot with the rest; return the realised profit.

    Parameters
    ----------
    pile
        The open lots of the trade's currency; changed in place.
    put
        The account's method.
    row
        Names the event; later events have higher rows.
    quantity, money
        Signed: a buy +quantity and +net, a sale -quantity and -net.
    closings
        What is taken of each lot is added to it; changed in place.
    """
    if not pile or (pile[0][2] > 0) == (quantity > 0):
        put(pile, row, quantity, money)
        return 0
    basis, unmet, closing = take(pile, put, -quantity, money, row, closings)
    if unmet:
        put(pile, row, -unmet, money - closing)
    return -(closing + basis)


def take(
    pile: Pile, put: Policy, wanted: int, money: int, row: int, closings: list[Closing]
) -> tuple[int, int, int]:
    """Take lots up to a quantity of their own sign.

    The cost of a part of a lot is rounded half-up, the remainder stays with the lot. The money is
    spread over what it closes, rounded half-up as it adds up.

    Returns
    -------
    tuple
        The lots' cost, what was not met, and the money of what was met.
    """
    cost = spent = 0
    left = wanted
    while pile and left:
        _, opening, held, basis = heappop(pile)
        if abs(held) <= abs(left):
            part, taken = basis, held
        else:
            part, taken = round_half_up(basis * abs(left), abs(held)), left
            put(pile, opening, held - taken, basis - part)
        cost += part
        left -= taken
        upto = round_half_up(money * abs(wanted - left), abs(wanted)) if left else money
        closings.append((row, opening, taken, part, upto - spent))
        spent = upto
    return cost, left, spent


def take_at_cost(
    piles: list[Pile], put: Policy, quantity: int, row: int, closings: list[Closing]
) -> int:
    """Take long lots of any currency without profit; return what was not met.

    HIFO compares unit costs of different currencies by their minor units.
    """
    while quantity:
        held = [pile for pile in piles if pile and pile[0][2] > 0]
        if not held:
            break
        first = min(held)
        taken = min(quantity, first[0][2])
        start = len(closings)
        take(first, put, taken, 0, row, closings)
        # what leaves at cost brings what it cost
        closings[start:] = [(*part[:4], -part[3]) for part in closings[start:]]
        quantity -= taken
    return quantity


def rekey(pile: Pile, put: Policy) -> None:
    """Put a pile's lots into the order of another method."""
    lots = sorted(lot[1:] for lot in pile)
    pile.clear()
    for row, quantity, cost in lots:
        put(pile, row, quantity, cost)
