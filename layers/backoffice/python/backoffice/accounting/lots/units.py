"""Where lots of a group meet, by unit.

A unit is a currency, and before it the ISIN where that is not the one which calls the family.
"""

from backoffice.accounting.lots.methods import Pile

Piles = dict[str, Pile]


def unit_of(isin: str, currency: str, family: str) -> str:
    """Return the unit of an instrument's lots in a currency."""
    return currency if isin == family else f"{isin}:{currency}"


def piles_of(piles: Piles, isin: str, family: str) -> dict[str, Pile]:
    """Return the piles of one instrument of the group, by currency."""
    found = {}
    for unit, pile in piles.items():
        prefix, _, currency = unit.rpartition(":")
        if (prefix or family) == isin:
            found[currency] = pile
    return found
