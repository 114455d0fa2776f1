"""What trades cost that come by the API, beside what every trade costs."""

from fractions import Fraction
from math import ceil
from typing import Final

from backoffice.costs.usage import Side, Usage, Use
from backoffice.front_office.accept_trade import SERVED_FOR

_WEEK_DAYS: Final = 7
_BUSINESS_DAYS_A_WEEK: Final = 5
CUT_OFFS_SERVED: Final = SERVED_FOR.days * _BUSINESS_DAYS_A_WEEK // _WEEK_DAYS
"""A trade is read by every cut-off for as long as the table serves it."""


def app_uses(day: Usage, trades: int) -> tuple[Use, ...]:
    """Return what `trades` trades of apps use at the front door and in the table they wait in.

    Tokens and other calls are not among them: they come by the hour and by the person.
    """
    if not day.app_trades:
        return ()
    ratio = Fraction(trades, day.app_trades)
    return tuple(_scaled(use, ratio) for use in day.of(Side.APPS) if use.is_per_trade)


def other_app_uses(day: Usage) -> tuple[Use, ...]:
    """Return what apps used that does not grow with their trades."""
    return tuple(use for use in day.of(Side.APPS) if not use.is_per_trade)


def _scaled(use: Use, ratio: Fraction) -> Use:
    cut_offs = CUT_OFFS_SERVED if use.is_sweep else 1
    return use.model_copy(update={"count": ceil(use.count * ratio * cut_offs)})
