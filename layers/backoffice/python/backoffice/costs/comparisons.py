"""What a day is set beside: the office it replaces, and a workflow for each trade."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from backoffice.costs.bill import bill, sum_of
from backoffice.costs.prices import PriceList
from backoffice.costs.usage import Use

MONTHS: Final = 12
_MEMORY_MB: Final = 128
_RUN_MS: Final = 200
_TASKS: Final = 5

NAIVE_TRADE: Final = {
    "states_transitions": 6,
    "lambda_requests": _TASKS,
    "lambda_mb_ms": _TASKS * _MEMORY_MB * _RUN_MS,
    "dynamodb_write_units": 5,
}
"""One trade of the naive design: a Standard workflow of six states, in five of them a function of
128 MB that runs 200 ms and writes an item."""


@dataclass(frozen=True, slots=True)
class Office:
    """The office this replaces, in dollars.

    Attributes
    ----------
    place, at_home
        A month for a person in the office, and for one at home.
    saved_a_year
        For each person at home.
    """

    place: Decimal
    at_home: Decimal
    saved_a_year: Decimal


def office(prices: PriceList) -> Office:
    """Return the office's figures of the rulebook."""
    place = prices.figure("office_place_usd_per_month")
    at_home = prices.figure("home_office_allowance_usd_per_month")
    return Office(place, at_home, MONTHS * (place - at_home))


def naive(prices: PriceList, trades: int) -> Decimal:
    """Return what the naive design costs for as many trades, in dollars."""
    uses = (
        Use(caller="platform", work="naive", step="", meter=meter, count=count * trades)
        for meter, count in NAIVE_TRADE.items()
    )
    return sum_of(bill(uses, prices))
