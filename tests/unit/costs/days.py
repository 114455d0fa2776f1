"""Measured days made up for tests."""

from datetime import date

from backoffice.costs.prices import PriceList
from backoffice.costs.usage import Usage, Use
from backoffice.kernel.rulebook import default_rulebook

DAY = date(2026, 3, 2)
PRICES = PriceList(default_rulebook(), DAY)


def use(
    meter: str,
    count: int,
    *,
    step: str = "",
    work: str = "cut_off",
    caller: str = "platform",
) -> Use:
    """Make a use, the platform's at a cut-off unless said otherwise."""
    return Use(caller=caller, work=work, step=step, meter=meter, count=count)


def day_of(*uses: Use, files: int = 1_000, apps: int = 0, on: date = DAY) -> Usage:
    """Make a measured day."""
    return Usage(business_date=on, file_trades=files, app_trades=apps, uses=uses)
