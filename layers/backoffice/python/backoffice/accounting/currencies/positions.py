"""The firm's own position in a currency: what it cost on average, and what rates made of it.

Few currencies, and amounts times rates leave 128 bits: Python's whole numbers.
"""

from dataclasses import dataclass
from typing import Final

from backoffice.kernel.currencies import minor_units
from backoffice.kernel.scaled import round_half_up

_RATE_SCALE: Final = 10**18


@dataclass(slots=True)
class Position:
    """A position and its average cost: minor units of its currency, and of the base currency.

    Both have the position's sign: below zero, the firm owes more of the currency than it has.
    `realised` is what reductions of it have brought.
    """

    amount: int = 0
    cost: int = 0
    realised: int = 0

    def take(self, amount: int, value: int) -> None:
        """Add to the position, or take from it at average cost; beyond zero the rest opens anew.

        Parameters
        ----------
        amount, value
            In minor units of the currency and of the base currency, with one sign.
        """
        if not self.amount or (amount > 0) == (self.amount > 0):
            self.amount += amount
            self.cost += value
            return
        closes = min(abs(amount), abs(self.amount))
        cost = round_half_up(self.cost * closes, abs(self.amount))
        brought = round_half_up(value * closes, abs(amount))
        self.realised -= brought + cost
        self.amount += amount
        self.cost -= cost
        if closes < abs(amount):
            self.cost = value - brought


def in_base(amount: int, currency: str, base: str, rate_e18: int) -> int:
    """Return what an amount is worth, half-up, in minor units of the base currency.

    Parameters
    ----------
    amount
        Minor units of `currency`.
    rate_e18
        10^-18 of the base currency for one of `currency`.
    """
    worth = amount * rate_e18 * 10 ** minor_units(base)
    return round_half_up(worth, _RATE_SCALE * 10 ** minor_units(currency))
