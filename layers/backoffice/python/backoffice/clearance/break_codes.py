"""The codes of cases that reconciliation opens: a state each, found anew by every close."""

from typing import Final

HOLDINGS_BREAK: Final = "HOLDINGS_BREAK"
CASH_BREAK: Final = "CASH_BREAK"
TRANSACTION_BREAK: Final = "TRANSACTION_BREAK"
CASH_ENTRY_BREAK: Final = "CASH_ENTRY_BREAK"
STATEMENT_MISSING: Final = "STATEMENT_MISSING"

RECONCILED: Final = (
    CASH_BREAK,
    CASH_ENTRY_BREAK,
    HOLDINGS_BREAK,
    STATEMENT_MISSING,
    TRANSACTION_BREAK,
)
"""What a close opens and closes by itself; acknowledged, they are left alone for as long as they
last and do not grow."""
