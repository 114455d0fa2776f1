"""One obligation and one confirmation: whether it fits, how far it gets, whether the money is right.

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
    """How far an obligation got; the quantity is unsigned."""

    status: str
    quantity_e8: int
    money_minor: int


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
    """Return why a confirmation cannot be applied, or None when it can."""
    if progress.status in _NOT_AT_STREET:
        return Misfit(
            _NOT_AT_STREET[progress.status], said.currency or terms.currency, 0, said.money_minor
        )
    if said.currency not in {None, terms.currency}:
        return Misfit(WRONG_CURRENCY, said.currency or "", 0, said.money_minor)
    if terms.quantity_e8 == 0 and said.quantity_e8 == 0:
        return _money_misfit(terms, progress, said)
    still_open = abs(terms.quantity_e8) - progress.quantity_e8
    if said.quantity_e8 > still_open:
        return Misfit(OVER_SETTLED, terms.isin, still_open, said.quantity_e8)
    if said.quantity_e8 <= 0:
        return Misfit(NOTHING_CONFIRMED, terms.isin, still_open, said.quantity_e8)
    return None


def _money_misfit(terms: Terms, progress: Progress, said: Said) -> Misfit | None:
    """Check a payment without shares: it may come in parts, but only one way."""
    still_open = terms.money_minor - progress.money_minor
    if said.money_minor == 0:
        return Misfit(NOTHING_CONFIRMED, terms.currency, still_open, 0)
    same_way = (said.money_minor > 0) == (still_open > 0)
    if not same_way or abs(said.money_minor) > abs(still_open):
        return Misfit(OVER_SETTLED, terms.currency, still_open, said.money_minor)
    return None


def advance(terms: Terms, progress: Progress, said: Said) -> Progress:
    """Apply a confirmation that fits."""
    quantity = progress.quantity_e8 + said.quantity_e8
    money = progress.money_minor + said.money_minor
    shares_done = quantity == abs(terms.quantity_e8)
    done = shares_done and (terms.quantity_e8 != 0 or money == terms.money_minor)
    return Progress(SETTLED if done else PARTIAL, quantity, money)


def money_difference(terms: Terms, before: Progress, said: Said, after: Progress) -> Misfit | None:
    """Compare the money with what is due for the shares.

    A part may round on its own or so that the parts so far come out right; the last one has to
    bring the whole. Money without shares has nothing to be compared with.

    Returns
    -------
    Misfit or None
        Cumulative figures, MONEY_DIFFERS, or None when the money is right.
    """
    if terms.quantity_e8 == 0:
        return None
    if after.status == SETTLED:
        expected = {terms.money_minor}
    else:
        whole = abs(terms.quantity_e8)
        expected = {
            before.money_minor + round_half_up(terms.money_minor * said.quantity_e8, whole),
            round_half_up(terms.money_minor * after.quantity_e8, whole),
        }
    if after.money_minor in expected:
        return None
    return Misfit(MONEY_DIFFERS, terms.currency, max(expected), after.money_minor)
