"""What one holding comes to under a corporate action: shares that go, shares that come, money."""

from typing import Final, NamedTuple

from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.scaled import round_half_up

_ONE: Final = 10**8
_PRICED: Final = 10**16


class Outcome(NamedTuple):
    """Shares at 10^8 and money in minor units, each with the holding's sign.

    Attributes
    ----------
    gone, new
        Old shares that go, and new ones that come.
    income
        Money that is income, of which tax is withheld.
    proceeds
        Money for the shares that go (negative: paid for those that come).
    lieu
        Money in place of a fraction.
    fraction
        That fraction of a new share, at 10^8.
    lapsed
        Of the old shares that go, those that go for nothing.
    """

    gone: int = 0
    new: int = 0
    income: int = 0
    proceeds: int = 0
    lieu: int = 0
    fraction: int = 0
    lapsed: int = 0

    @property
    def money(self) -> int:
        """All of the money."""
        return self.income + self.proceeds + self.lieu


def outcome(
    action: CorporateAction, quantity: int, option: str | None, *, whole: bool = True
) -> Outcome:
    """Tell what a holding comes to.

    Parameters
    ----------
    action
        One that can be applied.
    quantity
        At 10^8, negative where it is short.
    option
        What its holder chose, where there is something to choose.
    whole
        Whether a fraction of a share is paid for, where the action has a price for it; else it is
        a share's part, to 10^-8, half-up.
    """
    if option == "KEEP":
        return Outcome()
    if action.event == "CASH_DIVIDEND" or option == "CASH":
        return Outcome(income=money_for(action, quantity, action.rate_e8))
    part, of = action.share_of_holding
    takes = action.replaces or option in {"TENDER", "EXERCISE", "LAPSE"}
    # what stays is rounded, as lots and obligations round it; the rest goes
    gone = quantity - round_half_up(quantity * (of - part), of) if takes else 0
    if option == "LAPSE":
        return Outcome(gone=gone, lapsed=gone)
    new, fraction = _new(action, gone if takes else quantity, whole=whole)
    paid = -new if action.event == "EXERCISE" else gone
    return Outcome(
        gone=gone,
        new=new,
        proceeds=money_for(action, paid, action.rate_e8),
        lieu=money_for(action, fraction, action.lieu_price_e8),
        fraction=fraction,
    )


def _new(action: CorporateAction, quantity: int, *, whole: bool) -> tuple[int, int]:
    """Return the new shares and the fraction that is paid for, both at 10^8."""
    if action.ratio is None:
        return 0, 0
    for_each, held = action.ratio
    exact = round_half_up(quantity * for_each, held)
    if not (whole and action.lieu_price_e8):
        return exact, 0
    shares = abs(exact) // _ONE * _ONE
    new = shares if quantity > 0 else -shares
    return new, exact - new


def money_for(action: CorporateAction, quantity: int, price_e8: int | None) -> int:
    """Return what shares come to at a price, in minor units, half-up; nothing without one."""
    if not price_e8 or action.currency is None:
        return 0
    minor: int = 10 ** MINOR_UNITS[action.currency]
    return round_half_up(quantity * price_e8 * minor, _PRICED)
