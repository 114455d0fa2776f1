"""A bill: what was used, times what it costs, a line an item; exact until it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from backoffice.costs.meters import ITEMS
from backoffice.costs.prices import PriceList
from backoffice.costs.usage import Use, total

_CENT_MILLIONTHS: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a bill.

    Attributes
    ----------
    quantity
        In the price's unit.
    usd
        Not rounded.
    """

    service: str
    item: str
    quantity: Decimal
    unit: str
    usd: Decimal


def bill(uses: Iterable[Use], prices: PriceList) -> tuple[Line, ...]:
    """Price what is billed once, a line an item that was used, in the price list's order."""
    return _lines(uses, prices, are_kept=False)


def kept(uses: Iterable[Use], prices: PriceList) -> tuple[Line, ...]:
    """Price a month of keeping what was stored; what less is stored than before earns nothing."""
    return _lines(uses, prices, are_kept=True)


def _lines(uses: Iterable[Use], prices: PriceList, *, are_kept: bool) -> tuple[Line, ...]:
    known = tuple(uses)
    lines = []
    for item in (each for each in ITEMS if each.is_kept == are_kept):
        counted = sum(total(known, meter) for meter in item.meters)
        if counted > 0:
            price, quantity = prices.usage(item.price), Decimal(counted) / item.counted_in
            lines.append(Line(item.service, item.name, quantity, price.unit, quantity * price.usd))
    return tuple(lines)


def times(lines: Iterable[Line], factor: int) -> tuple[Line, ...]:
    """Return a bill for as many days like it."""
    return tuple(
        Line(line.service, line.item, line.quantity * factor, line.unit, line.usd * factor)
        for line in lines
    )


def sum_of(lines: Iterable[Line]) -> Decimal:
    """Return a bill's total in dollars, not rounded."""
    return sum((line.usd for line in lines), Decimal(0))


def shown(usd: Decimal) -> str:
    """Write dollars to the millionth, a half going away from zero.

    Examples
    --------
    >>> shown(Decimal("0.0000025"))
    '0.000003'
    """
    return format(usd.quantize(_CENT_MILLIONTHS, ROUND_HALF_UP), "f")
