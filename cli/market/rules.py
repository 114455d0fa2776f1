"""One line of a market script: which instructions it speaks of, on which days, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from backoffice.formats.iso20022.instruction_reader import Instruction

SETTLE: Final = "settle"
PARTIAL: Final = "partial"
OUT_OF_ORDER: Final = "out-of-order"
LATE: Final = "late"
DUPLICATE: Final = "duplicate"
OTHER_VERSION: Final = "other-version"
WRONG_AMOUNT: Final = "wrong-amount"
WRONG_QUANTITY: Final = "wrong-quantity"
WRONG_INSTRUMENT: Final = "wrong-instrument"
WRONG_DIRECTION: Final = "wrong-direction"
UNKNOWN_OBLIGATION: Final = "unknown-obligation"
MALFORMED: Final = "malformed"
UNMATCHED: Final = "unmatched"
FAIL: Final = "fail"
REJECT: Final = "reject"
NONE: Final = "none"
REFUSE_CANCELLATION: Final = "refuse-cancellation"
ACCEPT_CANCELLATION: Final = "accept-cancellation"

DRAWN: Final = (
    PARTIAL,
    FAIL,
    LATE,
    WRONG_AMOUNT,
    WRONG_QUANTITY,
    WRONG_INSTRUMENT,
    WRONG_DIRECTION,
    DUPLICATE,
    OUT_OF_ORDER,
    OTHER_VERSION,
    UNKNOWN_OBLIGATION,
    MALFORMED,
    UNMATCHED,
    REJECT,
    NONE,
    SETTLE,
)
"""Every act an instruction may draw; their shares of a mix lie side by side in this order."""

ON_CANCELLATIONS: Final = (REFUSE_CANCELLATION, ACCEPT_CANCELLATION)
ACTS: Final = (*DRAWN, *ON_CANCELLATIONS)
MISLEADING: Final = (
    WRONG_QUANTITY,
    WRONG_INSTRUMENT,
    WRONG_DIRECTION,
    UNKNOWN_OBLIGATION,
    MALFORMED,
)
"""Confirmations of what has not happened: nothing settles of them, and the right one may follow."""

EARLY: Final = (REJECT, UNMATCHED)
"""Acts that may come before the settlement date."""

_ONCE: Final[Mapping[str, str]] = MappingProxyType(
    {PARTIAL: "in_part", UNMATCHED: "unmatched", **dict.fromkeys(MISLEADING, "misled")}
)
"""Acts that without `on` happen but once, and what of an instruction's past says it did."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the market has said of an instruction: a part, something misleading, no match."""

    in_part: bool = False
    misled: bool = False
    unmatched: bool = False


NOTHING_SAID: Final = Past()


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[answer]]`, or what an instruction draws of a `[[mix]]`.

    `quantity_e8` is the part that settles, `share_e8` the same as a share of what was instructed;
    `money` and `off` are decimal text, + the back office is paid, read at the instruction's
    currency (`off` at a quantity's scale where it is shares) when they are used. `other` is the
    ISIN a wrong-instrument names. No `on` means every day.
    """

    do: str
    obligation: str | None = None
    isin: str | None = None
    counterparty: str | None = None
    direction: str | None = None
    on: frozenset[date] = frozenset()
    quantity_e8: int | None = None
    share_e8: int | None = None
    money: str | None = None
    off: str | None = None
    other: str | None = None
    days: int | None = None
    reason: str | None = None
    duplicate: bool = False

    def matches(self, instruction: Instruction, day: date) -> bool:
        """Whether the rule speaks of this instruction on this day."""
        return (
            (not self.on or day in self.on)
            and self.obligation in {None, instruction.obligation_id}
            and self.isin in {None, instruction.isin}
            and self.counterparty in {None, instruction.counterparty}
            and self.direction in {None, instruction.direction}
        )

    def act(self, instruction: Instruction, day: date, past: Past) -> str | None:
        """Return what the rule does on a day; None when it speaks no more of the instruction.

        Late is silent until its days are over, then settles; a fail with days ends with them.
        """
        if not self.on and self.do in _ONCE and getattr(past, _ONCE[self.do]):
            return None
        if self.do == WRONG_DIRECTION and instruction.direction == "CASH":
            return None  # money alone has one direction: its own
        if self.days is None:
            return self.do
        is_over = day >= instruction.settlement_date + timedelta(days=self.days)
        if self.do == LATE:
            return SETTLE if is_over else NONE
        return None if is_over else self.do
