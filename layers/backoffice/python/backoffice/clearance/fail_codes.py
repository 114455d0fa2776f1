"""Codes of the cases that fails open: states, which last until the fail moves on."""

from typing import Final

CLOSE_OUT_DUE: Final = "CLOSE_OUT_DUE"
CLOSE_OUT_OVERDUE: Final = "CLOSE_OUT_OVERDUE"
BUY_IN_DUE: Final = "BUY_IN_DUE"
PENALTY_NOT_ASSESSED: Final = "PENALTY_NOT_ASSESSED"
BUY_IN_MISFIT: Final = "BUY_IN_MISFIT"
CLAIM_PAYMENT_MISFIT: Final = "CLAIM_PAYMENT_MISFIT"

FAIL_CODES: Final = (
    BUY_IN_DUE,
    BUY_IN_MISFIT,
    CLAIM_PAYMENT_MISFIT,
    CLOSE_OUT_DUE,
    CLOSE_OUT_OVERDUE,
    PENALTY_NOT_ASSESSED,
)
"""Subject: the fail_id; of a misfit the buy_in_id or payment_id."""
