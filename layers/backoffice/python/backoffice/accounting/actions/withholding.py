"""The tax that is withheld of income, by the country of its issuer and of its account."""

from datetime import date
from typing import Final

from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import round_half_up

_RULE: Final = "withholding_rate"
_ANY: Final = "ANY"
_WHOLE_E8: Final = 100 * 10**8


def withheld(rulebook: Rulebook, issuer: str, country: str | None, income: int, on: date) -> int:
    """Return the tax on income in minor units, half-up; nothing is withheld of what is owed.

    Parameters
    ----------
    rulebook
        `withholding_rate.<issuer>.<country>` in per cent, and `.ANY` for the statutory rate, which
        an account has whose country has no treaty rate, or no country.
    issuer, country
        Of the issue (the first two letters of its ISIN) and of the account.
    on
        The day the income is paid.

    Raises
    ------
    NoRuleError
        When the issuer's country has no rule on that day.
    """
    if income <= 0:
        return 0
    return round_half_up(income * _rate(rulebook, issuer, country, on), _WHOLE_E8)


def _rate(rulebook: Rulebook, issuer: str, country: str | None, on: date) -> int:
    try:
        return rulebook.scaled(f"{_RULE}.{issuer}.{country}", on, 8)
    except NoRuleError:
        return rulebook.scaled(f"{_RULE}.{issuer}.{_ANY}", on, 8)
