"""Which accounts of the chart people may post to, and what each one's reference has to be.

Income, expenses and equity are the house's own to name below their root. Shares of clients' and of
the house's accounts are not among them: they have lots, and move by trades and movements.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from backoffice.kernel.identifiers import LEI_SHAPE, lei_is_valid

CLIENT, HOUSE, CURRENCY, PARTY, ANY = "CLIENT", "HOUSE", "CURRENCY", "PARTY", "ANY"
ACTION, COUNTRY = "ACTION", "COUNTRY"

_BOOKS: Final[Mapping[str, str]] = {
    "Assets:Accrued": ANY,
    "Assets:Cash": CURRENCY,
    "Assets:Claims": PARTY,
    "Assets:Collateral": PARTY,
    "Assets:Fractions": ACTION,
    "Assets:General": ANY,
    "Assets:Inventory": HOUSE,
    "Assets:Penalties": PARTY,
    "Assets:Prepaid": ANY,
    "Assets:Receivable:Actions": ACTION,
    "Assets:Receivable:Client": CLIENT,
    "Assets:Receivable:House": HOUSE,
    "Assets:Receivable:Street": PARTY,
    "Assets:Suspense": ANY,
    "Liabilities:Accrued": ANY,
    "Liabilities:BorrowFees": PARTY,
    "Liabilities:Claims": PARTY,
    "Liabilities:ClientCash": CLIENT,
    "Liabilities:Fees": ANY,
    "Liabilities:General": ANY,
    "Liabilities:Payable:Client": CLIENT,
    "Liabilities:Payable:House": HOUSE,
    "Liabilities:Payable:Street": PARTY,
    "Liabilities:Payments": ANY,
    "Liabilities:Penalties": PARTY,
    "Liabilities:Suspense": ANY,
    "Liabilities:Withholding": COUNTRY,
    "Securities:Depository": ANY,
    "Securities:Fractions": ACTION,
    "Securities:Issuer": ACTION,
    "Securities:Lender": PARTY,
    "Securities:Street": PARTY,
}
_OPEN_ROOTS: Final = ("Income", "Expenses", "Equity")
_SHAPE: Final = re.compile(r"[A-Z][A-Za-z]*(:[A-Za-z0-9._-]{1,52})+")
_SHARES: Final = "Securities"
_CURRENCY_LENGTH: Final = 3
_OWN_BOOK: Final = 2


@dataclass(frozen=True, slots=True)
class ManualAccount:
    """An account as the journal has it, and whose it has to be.

    Attributes
    ----------
    book, ref : str
        Joined by a colon they are the account's name; "" is no reference.
    whose : str
        CLIENT or HOUSE: `ref` has to be an account of that kind; else ANY.
    """

    book: str
    ref: str
    whose: str


def manual_account(name: str, unit: str) -> ManualAccount | None:
    """Read an account's name; None when people may not post that unit to it.

    Parameters
    ----------
    name
        As the trial balance shows it: `Assets:Cash:ISK`.
    unit
        A currency, or an ISIN.
    """
    is_money = len(unit) == _CURRENCY_LENGTH
    if not _SHAPE.fullmatch(name) or name.startswith(f"{_SHARES}:") == is_money:
        return None
    parts = name.split(":")
    if parts[0] in _OPEN_ROOTS:
        return ManualAccount(":".join(parts[:_OWN_BOOK]), ":".join(parts[_OWN_BOOK:]), ANY)
    for length in range(len(parts), 0, -1):
        book, ref = ":".join(parts[:length]), ":".join(parts[length:])
        if book in _BOOKS:
            return _of_book(book, ref, unit)
    return None


def _of_book(book: str, ref: str, unit: str) -> ManualAccount | None:
    whose = _BOOKS[book]
    fits = {
        CLIENT: ref != "" and ":" not in ref,
        HOUSE: ref != "" and ":" not in ref,
        CURRENCY: ref == unit or ref.startswith(f"{unit}:"),
        PARTY: re.fullmatch(LEI_SHAPE, ref) is not None and lei_is_valid(ref),
        ACTION: ref != "" and ":" not in ref,
        COUNTRY: re.fullmatch("[A-Z]{2}", ref) is not None,
        ANY: True,
    }
    if not fits[whose]:
        return None
    return ManualAccount(book, ref, whose if whose in (CLIENT, HOUSE) else ANY)
