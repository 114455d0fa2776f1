"""How much of a fail, and of a loan, is customers': quantities at 10^8, whole numbers.

What is not known to be the firm's is customers' where that adds to credits, and the firm's where it
would add to debits.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backoffice.kernel.scaled import round_half_up


def of_receipt(open_e8: int, whole_e8: int, firm_e8: int) -> int:
    """Return customers' part of what is open of a fail to receive.

    Parameters
    ----------
    open_e8, whole_e8
        What is open, and what the obligation was.
    firm_e8
        What the firm's own accounts bought of it, net; negative where they sold.
    """
    return min(open_e8, max(0, whole_e8 - max(0, firm_e8)))


def of_delivery(open_e8: int, firm_e8: int, customers_e8: int) -> int:
    """Return customers' part of what is open of a fail to deliver: what they sold, net, at most.

    What was delivered was customers' first.
    """
    return min(max(0, customers_e8), max(0, open_e8 - max(0, firm_e8)))


def money_of(money_minor: int, part_e8: int, open_e8: int) -> int:
    """Return the share of a fail's open money that goes with a part of its shares."""
    return round_half_up(money_minor * part_e8, open_e8) if open_e8 else 0


def loans_for(
    loans: Iterable[Mapping[str, Any]], needed: Mapping[str, int]
) -> Iterator[tuple[Mapping[str, Any], int, int]]:
    """Yield loans with the shares of each that customers need, and the collateral for these.

    Parameters
    ----------
    loans
        Open `BORROW_SCHEMA` rows.
    needed
        By ISIN: what customers are short of and fail to deliver. Taken up by the oldest loans.
    """
    left = dict(needed)
    for loan in sorted(loans, key=lambda one: (one["date"], one["partner"], one["borrow_id"])):
        out = loan["quantity_e8"] - loan["returned_e8"]
        part = min(out, left.get(loan["isin"], 0))
        if part > 0:
            left[loan["isin"]] -= part
            given = (loan["collateral_minor"] or 0) - loan["collateral_back_minor"]
            yield loan, part, round_half_up(given * part, out)
