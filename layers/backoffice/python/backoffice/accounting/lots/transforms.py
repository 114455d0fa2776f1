"""What an action does to the piles of one account, in whole numbers; see `actions`.

The piles of a group stand by unit: a currency, and before it the ISIN where that is not the one
which calls the family. Long lots and short ones are transformed as mirror images.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import NamedTuple

from backoffice.accounting.lots.actions import ADDED, KEEP, WHOLE, Leg
from backoffice.accounting.lots.methods import Closing, Pile, Policy, take, trade
from backoffice.accounting.lots.money import Event, Held, UnitClosing, at_price, paid_for
from backoffice.accounting.lots.units import Piles, piles_of, unit_of
from backoffice.kernel.scaled import round_half_up


class Moved(NamedTuple):
    """A lot that an action brought from one unit into another: its new quantity and cost.

    It is of another opening (`to_opening`) where the action opened a lot of its own.
    """

    row: int
    opening: int
    to_opening: int
    source: str
    unit: str
    quantity: int
    cost: int


def transform(piles: Piles, put: Policy, event: Event) -> tuple[list[UnitClosing], list[Moved]]:
    """Take a group's lots through an action; the piles are changed in place.

    Returns
    -------
    tuple
        What was closed for cash, and what came into which unit.
    """
    closed: list[UnitClosing] = []
    moved: list[Moved] = []
    sources = piles_of(piles, event.isin, event.family)
    lifted = sorted(
        Held(opening, currency, quantity, cost)
        for currency, pile in sources.items()
        for _, opening, quantity, cost in pile
    )
    for pile in sources.values():
        pile.clear()
    for sign in (1, -1):
        lots = [lot for lot in lifted if lot.quantity * sign > 0]
        held = sum(lot.quantity for lot in lots)
        for leg, costs in _shares(lots, event.legs):
            kept, sold = _parted(_sized(lots, leg, costs), leg, held, put, event)
            closed += paid_for(sold, leg, event, leg.to_isin or event.isin)
            closed += _take_leg(piles, put, event, leg, kept, moved)
    return closed, moved


def _shares(lots: list[Held], legs: Sequence[Leg]) -> Iterator[tuple[Leg, list[int]]]:
    """Spread each lot's cost over the legs, and leave out cash that brings income alone."""
    if not lots:
        return
    marks = accumulate((leg.share for leg in legs), initial=Fraction())
    for leg, (start, end) in zip(legs, pairwise(marks), strict=True):
        if leg.to_isin is not None or leg.share:
            yield leg, [_part(lot.cost, end) - _part(lot.cost, start) for lot in lots]


def _part(cost: int, share: Fraction) -> int:
    return round_half_up(cost * share.numerator, share.denominator)


def _sized(lots: list[Held], leg: Leg, costs: list[int]) -> list[Held]:
    """Return what the lots come to in a leg; the account's total is exact."""
    sums = accumulate((lot.quantity for lot in lots), initial=0)
    scaled = (round_half_up(each * leg.numerator, leg.denominator) for each in sums)
    sizes = (end - start for start, end in pairwise(scaled))
    return [
        Held(lot.opening, lot.currency, size, cost)
        for lot, size, cost in zip(lots, sizes, costs, strict=True)
    ]


def _take_leg(
    piles: Piles, put: Policy, event: Event, leg: Leg, lots: list[Held], moved: list[Moved]
) -> Iterable[UnitClosing]:
    if leg.to_isin is None:
        return paid_for(lots, leg, event, event.isin)
    lots, spent = at_price(lots, leg, event, leg.to_isin)
    closed = list(spent)
    by_currency: dict[str, list[Held]] = {}
    for lot in lots:
        by_currency.setdefault(lot.currency, []).append(lot)
    for currency, some in by_currency.items():
        unit = unit_of(leg.to_isin, currency, event.family)
        source = unit_of(event.isin, currency, event.family)
        came = _opened(some, event.row) if leg.opens else some
        for lot in some:
            opening = came[0].opening if leg.opens else lot.opening
            moved.append(Moved(event.row, lot.opening, opening, source, unit, *lot[2:]))
        pile = piles.setdefault(unit, [])
        closed += [(unit, closing) for closing in _add(pile, put, event.row, came)]
    return closed


def _opened(lots: list[Held], row: int) -> list[Held]:
    """Make one lot of what came, opened by the action; of nothing there is none."""
    quantity = sum(lot.quantity for lot in lots)
    if not quantity:
        return lots
    return [Held(row, lots[0].currency, quantity, sum(lot.cost for lot in lots))]


def _parted(
    lots: list[Held], leg: Leg, held: int, put: Policy, event: Event
) -> tuple[list[Held], list[Held]]:
    """Part what the account keeps from the fraction that is sold."""
    if leg.fractions == KEEP:
        return lots, []
    total = sum(lot.quantity for lot in lots)
    left = abs(total - held if leg.fractions == ADDED else total) % WHOLE
    sign = 1 if total > 0 else -1
    piles: Piles = {}
    for lot in lots:
        if lot.quantity:
            put(piles.setdefault(lot.currency, []), *_figures(lot))
    sold: list[Held] = []
    while left:
        currency, first = min((item for item in piles.items() if item[1]), key=lambda item: item[1])
        taken = min(left, abs(first[0][2]))
        parts: list[Closing] = []
        take(first, put, sign * taken, 0, event.row, parts)
        sold += [Held(part[1], currency, part[2], part[3]) for part in parts]
        left -= taken
    none = [lot for lot in lots if not lot.quantity]
    kept = [Held(lot[1], name, lot[2], lot[3]) for name, pile in piles.items() for lot in pile]
    return sorted(kept + none), sold


def _figures(lot: Held) -> tuple[int, int, int]:
    return lot.opening, lot.quantity, lot.cost


def _add(pile: Pile, put: Policy, row: int, lots: list[Held]) -> list[Closing]:
    """Put lots onto a pile: of one opening they become one; those of the other sign are met."""
    lots, lost = _without_empty(lots)
    met: list[Closing] = [(row, lot.opening, 0, lot.cost, 0) for lot in lost]
    if pile and lots and (pile[0][2] > 0) != (lots[0].quantity > 0):
        start = len(met)
        for lot in lots:
            trade(pile, put, *_figures(lot), met)
        return met[:start] + [(row, *closing[1:]) for closing in met[start:]]
    both: dict[int, tuple[int, int]] = {}
    for opening, quantity, cost in [*(lot[1:] for lot in pile), *map(_figures, lots)]:
        held, basis = both.get(opening, (0, 0))
        both[opening] = (held + quantity, basis + cost)
    pile.clear()
    for opening in sorted(both):
        put(pile, opening, *both[opening])
    return met


def _without_empty(lots: list[Held]) -> tuple[list[Held], list[Held]]:
    """Give the cost of lots too small to be left to the first that is; without one it is lost."""
    left = [lot for lot in lots if lot.quantity]
    empty = [lot for lot in lots if not lot.quantity and lot.cost]
    if not left or not empty:
        return left, empty
    first = left[0]
    cost = first.cost + sum(lot.cost for lot in empty)
    return [first._replace(cost=cost), *left[1:]], []
