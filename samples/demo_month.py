"""Write the days of a demonstration: a quiet month, in which a little goes wrong each day.

Most trades clear and settle by themselves; some are held for a person, some fail on the street.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from samples.files import append_csv
from samples.make_year import DAYS, Year
from samples.market import COUNTERPARTIES
from samples.year_accounts import account_id

SCRIPT: Final = "market.toml"
_SESSIONS_APART: Final = 1
_HELD_EVERY: Final = 2
_MARKET: Final = """\
# Most settles on its day; a little comes in parts, late, or not at all for some days.
default = "settle"

[[mix]]
seed = "a month"
rates = { partial = "0.02", fail = "0.03", late = "0.03" }
days = 4
share = "0.5"
"""


def business_days() -> tuple[date, ...]:
    """Return every day that a demonstration may have, in order."""
    return DAYS


def write_month(folder: Path, days: int) -> tuple[date, ...]:
    """Write a folder a day and the market's script beside them; return the days.

    The same files each time: what is run half is run on.
    """
    year, chosen = Year(apart=_SESSIONS_APART), DAYS[:days]
    for number, day in enumerate(chosen):
        place = folder / day.isoformat()
        year.write_day(place, day)
        append_csv(place / "trades-1.csv", _odd(year, day, number))
    (folder / SCRIPT).write_text(_MARKET, encoding="utf-8")
    return chosen


def _odd(year: Year, day: date, number: int) -> Iterator[Sequence[str]]:
    """Make what somebody has to look at: sold short without a locate, and an account nobody knows.

    Every other day, a row that cannot be read at all.
    """
    paper = next(each for each in year.papers if each.currency == "USD")
    price = f"{year.closes[paper.isin] // 100}.{year.closes[paper.isin] % 100:02d}"
    rest = ("USD", f"{day}T15:30:00Z", paper.venue, COUNTERPARTIES[0][0], "AGENCY", "5", "", "")
    name = f"{day:%m%d}-odd"
    if number % _HELD_EVERY == 0:
        yield (f"{name}-1", account_id(1), "SHORT", paper.isin, "30", price, *rest)
        yield (f"{name}-2", "US-999", "BUY", paper.isin, "20", price, *rest)
    else:
        yield (f"{name}-3", account_id(2), "BUY", paper.isin, "ten", price, *rest)
