"""The kinds of entries. Whoever adds one says whether it may move a client's own money.

What may is told of in clients' statements, and has words in every language there.
"""

from typing import Final, Literal, get_args

CashKind = Literal[
    "MOVEMENT",
    "CLIENT_SETTLEMENT",
    "PAYMENT",
    "FX_SETTLEMENT",
    "ACTION_PAYMENT",
    "INTEREST",
    "INTEREST_ADJUSTMENT",
    "ENTRY",
    "REVERSAL",
]
OtherKind = Literal[
    "TRADE",
    "ALLOCATION",
    "STREET_SETTLEMENT",
    "BORROW",
    "PENALTY",
    "BUY_IN",
    "CLAIM_PAYMENT",
    "INTEREST_ACCRUAL",
    "FX_DEAL",
    "FX_REVALUATION",
    "ACTION_ENTITLEMENT",
    "ACTION_SHARES",
    "MARK_TO_MARKET",
    "REALISED_PNL",
    "CLOSING",
]
EntryKind = CashKind | OtherKind

CASH_KINDS: Final[frozenset[str]] = frozenset(get_args(CashKind))
KINDS: Final[frozenset[str]] = CASH_KINDS | frozenset(get_args(OtherKind))
