"""One obligation and one confirmation: whether it fits, how far it gets, and its money.

Plain integers: quantities at 10^8, money in minor units, positive when we receive.
"""

from dataclasses import dataclass
from typing import Final

from backoffice.kernel.scaled import round_half_up
from backoffice.settlement.obligations import CANCELLED, OPEN, PARTIAL, SETTLED

CONFIRMED_AFTER_CANCELLATION: Final = "CONFIRMED_AFTER_CANCELLATION"
MONEY_DIFFERS: Final = "MONEY_DIFFERS"
NOT_INSTRUCTED: Final = "NOT_INSTRUCTED"
NOTHING_CONFIRMED: Final = "NOTHING_CONFIRMED"
OVER_SETTLED: Final = "OVER_SETTLED"
WRONG_CURRENCY: Final = "WRONG_CURRENCY"

_NOT_AT_STREET: Final = {
    OPEN: NOT_INSTRUCTED,
    SETTLED: OVER_SETTLED,
    CANCELLED: CONFIRMED_AFTER_CANCELLATION,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an obligation is about; the quantity is signed, + when we receive."""

    isin: str
    currency: str
    quantity_e8: int
    money_minor: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an obligation got, in how many parts; the quantity is unsigned."""

    status: str
    quantity_e8: int
    money_minor: int
    parts: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a confirmation says settled; the quantity is unsigned, no currency means no money."""

    quantity_e8: int
    money_minor: int
    currency: str | None


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit, as a break: our figure beside theirs."""

    code: str
    unit: str
    ours: int
    theirs: int


def misfit(terms: Terms, progress: Progress, said: Said) -> Misfit | None:
    """Return why a confirmation cannot be applied, or None when it can.

    Money is never a reason, unless it is of another currency or there is none where only money is
    due: it is posted as it came, and `money_difference` tells.
    """
    if progress.status in _NOT_AT_STREET:
        code = _NOT_AT_STREET[progress.status]
        return Misfit(code, said.currency or terms.currency, 0, said.money_minor)
    if said.currency not in {None, terms.currency}:
        return Misfit(WRONG_CURRENCY, said.currency or "", 0, said.money_minor)
    still_open = abs(terms.quantity_e8) - progress.quantity_e8
    if said.quantity_e8 > still_open:
        return Misfit(OVER_SETTLED, terms.isin, still_open, said.quantity_e8)
    if said.quantity_e8 < 0 or (still_open and said.quantity_e8 == 0):
        return Misfit(NOTHING_CONFIRMED, terms.isin, still_open, said.quantity_e8)
    if not still_open and not said.money_minor:
        return Misfit(NOTHING_CONFIRMED, terms.currency, _open_money(terms, progress), 0)
    return None


def advance(terms: Terms, progress: Progress, said: Said) -> Progress:
    """Apply a confirmation that fits."""
    quantity = progress.quantity_e8 + said.quantity_e8
    money = progress.money_minor + said.money_minor
    if terms.quantity_e8:
        done = quantity == abs(terms.quantity_e8)
    else:
        done = money >= terms.money_minor > 0 or money <= terms.money_minor < 0
    return Progress(SETTLED if done else PARTIAL, quantity, money, progress.parts + 1)


def money_difference(terms: Terms, before: Progress, said: Said, after: Progress) -> Misfit | None:
    """Compare a confirmation's money with what is due for its shares.

    A part has to come within less than a minor unit of its exact share, however it was rounded.
    The last one has to bring what is left, unless an earlier one was off already, and was reported:
    then it is measured like any other. Money without shares is due as a whole.

    Returns
    -------
    Misfit or None
        MONEY_DIFFERS, the part's share rounded half-up beside what came; None when it is right.
    """
    share = _open_money(terms, before)
    if terms.quantity_e8 and (after.status != SETTLED or _was_off(terms, before)):
        whole = abs(terms.quantity_e8)
        due = terms.money_minor * said.quantity_e8
        if abs(said.money_minor * whole - due) < whole:
            return None
        share = round_half_up(due, whole)
    if said.money_minor == share:
        return None
    return Misfit(MONEY_DIFFERS, terms.currency, share, said.money_minor)


def _open_money(terms: Terms, progress: Progress) -> int:
    return terms.money_minor - progress.money_minor


def _was_off(terms: Terms, before: Progress) -> bool:
    """Whether the parts so far are further from their share than rounding each can bring them."""
    whole = abs(terms.quantity_e8)
    gap = abs(before.money_minor * whole - terms.money_minor * before.quantity_e8)
    return gap > 0 and gap >= before.parts * whole
