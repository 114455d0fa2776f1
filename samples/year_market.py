"""What a year is traded in: made-up shares and bonds of three markets, and their days.

The instruments are of nobody: their ISINs are well formed, no more.
"""

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

_FIRST, _LAST = date(2026, 1, 2), date(2026, 12, 31)


def _dates(text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(f"2026-{word}") for word in text.split())


_CLOSED: Final[Mapping[str, frozenset[date]]] = {
    "XNYS": _dates("01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25"),
    "XETR": _dates("04-03 04-06 05-01 12-24 12-25 12-31"),
    "XICE": _dates("04-02 04-03 04-06 04-23 05-01 05-14 05-25 06-17 08-03 12-24 12-25 12-31"),
}
_WEEKEND: Final = 5


class Paper(NamedTuple):
    """A share or a bond; `opening` is its first close in hundredths."""

    isin: str
    symbol: str
    name: str
    venue: str
    currency: str
    asset_class: str
    opening: int


def is_session(venue: str, day: date) -> bool:
    """Tell whether a venue trades on a day of 2026."""
    return day.weekday() < _WEEKEND and day not in _CLOSED[venue]


def sessions() -> tuple[date, ...]:
    """Return the business days: those on which any of the markets trades."""
    days = (_FIRST + timedelta(days=n) for n in range((_LAST - _FIRST).days + 1))
    return tuple(day for day in days if any(is_session(venue, day) for venue in _CLOSED))


def papers(count: int, seed: int) -> tuple[Paper, ...]:
    """Make the instruments, two thirds American, the rest German and Icelandic; some are bonds."""
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    return tuple(_paper(rng, number) for number in range(count))


_MARKETS: Final = (
    ("US", "XNYS", "USD"),
    ("DE", "XETR", "EUR"),
    ("US", "XNYS", "USD"),
    ("IS", "XICE", "ISK"),
    ("US", "XNYS", "USD"),
    ("US", "XNYS", "USD"),
)
_BONDS_EVERY: Final = 25


def _paper(rng: random.Random, number: int) -> Paper:
    country, venue, currency = _MARKETS[number % len(_MARKETS)]
    is_bond = number % _BONDS_EVERY == _BONDS_EVERY - 1
    opening = rng.randrange(9_500, 10_500) if is_bond else rng.randrange(1_500, 40_000)
    kind, name = ("BOND", "Skuldabréf") if is_bond else ("EQUITY", "Félag")
    isin = with_check_digit(f"{country}{900_000_000 + number * 37:09d}")
    return Paper(isin, f"P{number:03d}", f"{name} {number:03d}", venue, currency, kind, opening)


def with_check_digit(body: str) -> str:
    """Complete the first eleven letters of an ISIN (ISO 6166: Luhn, letters as two digits)."""
    digits = "".join(str(int(letter, 36)) for letter in body)
    doubled = (int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits)))
    return f"{body}{-sum(sum(divmod(each, 10)) for each in doubled) % 10}"


def next_closes(
    rng: random.Random, closes: Mapping[str, int], traded: Iterable[Paper]
) -> dict[str, int]:
    """Move the closes of the instruments traded by up to two hundredths."""
    moved = {p.isin: max(100, closes[p.isin] * rng.randint(980, 1021) // 1000) for p in traded}
    return {**closes, **moved}
