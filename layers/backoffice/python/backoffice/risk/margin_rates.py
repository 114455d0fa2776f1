"""What the rulebook asks for on margin on a date."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import E8

PERCENT_SCALE: Final = 4
PERCENT_UNIT: Final = 100 * 10**PERCENT_SCALE
"""What an amount times a percentage at 10^4 is divided by."""

_CENTS: Final = 2
_HOUSE: Final = "house_maintenance_percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRates:
    """Margin requirements; percentages are integers at 10^4, amounts in US cents.

    Attributes
    ----------
    initial, long
        Of market value, long and short; of long market value alone.
    short, short_a_share_cents
        Of a stock sold short: the greater of the two, by market value and by share.
    low_below_e8, low, low_a_share_cents
        The same for one whose price, at 10^-8 of a dollar, is below the bound.
    bond_principal
        Of the principal of a bond sold short, where that is more.
    house
        What the house asks for at least, long and short; None for no more than the rules do.
    """

    initial: int
    long: int
    short: int
    short_a_share_cents: int
    low_below_e8: int
    low: int
    low_a_share_cents: int
    bond_principal: int
    house: int | None = None

    @classmethod
    def on(cls, rulebook: Rulebook, day: date) -> Self:
        """Read the rules that hold on a day.

        Raises
        ------
        NoRuleError
            When one of them, but for the house's own, does not hold on the day.
        NotExactError
            When one is no decimal, or finer than it may be.
        """

        def percent(name: str) -> int:
            return rulebook.scaled(name, day, PERCENT_SCALE)

        return cls(
            initial=percent("initial_margin_percent"),
            long=percent("maintenance_margin_percent"),
            short=percent("short_maintenance.percent"),
            short_a_share_cents=rulebook.scaled("short_maintenance.per_share_usd", day, _CENTS),
            low_below_e8=rulebook.scaled("short_maintenance.low_price_below_usd", day, E8),
            low=percent("short_maintenance.low_price_percent"),
            low_a_share_cents=rulebook.scaled(
                "short_maintenance.low_price_per_share_usd", day, _CENTS
            ),
            bond_principal=percent("short_maintenance.bond_principal_percent"),
            house=_house(rulebook, day),
        )

    def at_least_house(self, percent: int) -> int:
        """Return the greater of a percentage and the house's."""
        return max(percent, self.house or 0)


def _house(rulebook: Rulebook, day: date) -> int | None:
    """Return the house's own requirement; a house need not have one."""
    try:
        return rulebook.scaled(_HOUSE, day, PERCENT_SCALE)
    except NoRuleError:
        return None
