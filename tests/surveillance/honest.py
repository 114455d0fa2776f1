"""Accounts that do nothing wrong, as a broker has them: what must hardly ever make an alert."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from tests.surveillance.market import MINUTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.surveillance.market import Book

_CLOSE: Final = MINUTES * 60
OTHER: Final = {"BUY": "SELL", "SELL": "BUY"}


@dataclass(frozen=True)
class Kind:
    """A kind of account: how many of a thousand, how it begins, what it does on a day."""

    name: str
    of_1000: int
    begin: Callable[[Book, str], None]
    act: Callable[[Book, str, date], None]


def populate(book: Book, accounts: int = 1000) -> None:
    """Open accounts and let them act on every day."""
    for kind in KINDS:
        for number in range(max(1, kind.of_1000 * accounts // 1000)):
            name = f"{kind.name}-{number}"
            kind.begin(book, name)
            for day in book.days:
                kind.act(book, name, day)


def _log(rng: Random, low: float, high: float) -> float:
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def _buy_some(
    book: Book, account: str, day: date, dollars: float, side: str = "BUY", second: float = -1
) -> None:
    rng = book.rng
    isin = rng.choice(book.issues)
    at = second if second >= 0 else rng.uniform(0, _CLOSE)
    book.deal(account, side, isin, day, at, dollars / book.mid(isin, day, at))


def _retail(book: Book, name: str) -> None:
    """Begin an account that is used as seldom, or often, as it has been."""
    rng = book.rng
    book.open_account(name, assets=_log(rng, 2_000, 400_000))
    book.every[name] = gap = _log(rng, 4, 900)
    seen = rng.expovariate(1 / gap)
    while seen < 800:
        when = book.days[0] - timedelta(days=1 + int(seen))
        book.was_active(name, when, rng.randint(1, 3), _log(rng, 200, 20_000))
        seen += rng.expovariate(1 / gap)


def _retail_day(book: Book, name: str, day: date) -> None:
    rng = book.rng
    if rng.random() > 1.4 / book.every[name]:
        return
    what = rng.random()
    if what < 0.6:
        for _ in range(rng.choice((1, 1, 1, 2, 3, 5))):
            _buy_some(book, name, day, _log(rng, 200, 25_000), rng.choice(("BUY", "BUY", "SELL")))
    elif what < 0.9:
        book.move(name, "DEPOSIT", day, _log(rng, 100, 12_000))
    else:
        book.move(name, "WITHDRAWAL", day, _log(rng, 200, 15_000))


def _active(book: Book, name: str) -> None:
    """Begin an account that is used all the time."""
    book.open_account(name, assets=_log(book.rng, 2_000, 400_000))
    for back in range(3, 90, 7):
        when = book.days[0] - timedelta(days=back)
        book.was_active(name, when, book.rng.randint(1, 3), _log(book.rng, 200, 20_000))


def _institution(book: Book, name: str) -> None:
    book.open_account(name, assets=_log(book.rng, 20_000_000, 500_000_000))
    for back in range(1, 90, 2):
        when = book.days[0] - timedelta(days=back)
        book.was_active(name, when, book.rng.randint(1, 40), _log(book.rng, 500_000, 9_000_000))


def _salaried_day(book: Book, name: str, day: date) -> None:
    """Save a part of a salary each month, some each week, and buy for it."""
    rng = book.rng
    monthly = int(name.rpartition("-")[2]) % 3 > 0
    if monthly and day.day == 1 + int(name.rpartition("-")[2]) % 28:
        book.move(name, "DEPOSIT", day, rng.uniform(1_500, 7_500))
    elif not monthly and day.weekday() == int(name.rpartition("-")[2]) % 5:
        book.move(name, "DEPOSIT", day, rng.uniform(50, 1_400))
    if rng.random() < 0.15:
        _buy_some(book, name, day, _log(rng, 100, 3_000))


def _wealthy_day(book: Book, name: str, day: date) -> None:
    """Bring much and invest it, or sell and take it for a house."""
    rng = book.rng
    drawn = rng.random()
    if drawn < 0.04:
        brought = _log(rng, 15_000, 600_000)
        book.move(name, "DEPOSIT", day, brought)
        issues = rng.randint(3, 25)
        for _ in range(issues):
            _buy_some(book, name, day, brought * rng.uniform(0.6, 1) / issues)
    elif drawn < 0.06:
        taken = _log(rng, 15_000, 300_000)
        for _ in range(rng.randint(1, 6)):
            _buy_some(book, name, day, taken / 4, "SELL")
        book.move(name, "WITHDRAWAL", day, taken)
    elif drawn < 0.15:
        _buy_some(book, name, day, _log(rng, 5_000, 100_000), rng.choice(("BUY", "SELL")))


def _managed_day(book: Book, name: str, day: date) -> None:
    """Rebalance: every issue once, some bought and some sold."""
    rng = book.rng
    if rng.random() > 0.08:
        return
    worth = book.assets[name] / 100
    start = rng.uniform(0, _CLOSE - 3_600)
    for isin in rng.sample(book.issues, rng.randint(10, 40)):
        at = start + rng.uniform(0, 3_000)
        dollars = worth * rng.uniform(0.002, 0.03)
        side = rng.choice(("BUY", "SELL"))
        book.deal(name, side, isin, day, at, dollars / book.mid(isin, day, at))


def _trader(book: Book, name: str) -> None:
    rng = book.rng
    worth = _log(rng, 30_000, 500_000)
    book.open_account(name, assets=worth)
    for back in range(1, 60):
        when = book.days[0] - timedelta(days=back)
        if when.weekday() < 5 and rng.random() < 0.9:
            book.was_active(name, when, rng.randint(10, 160), worth * _log(rng, 1, 15))


def _trader_day(book: Book, name: str, day: date) -> None:
    """Go in and out all day, in slices and at limits; cancel what does not fill."""
    rng = book.rng
    if rng.random() > 0.9:
        return
    patience = rng.choice((150, 900, 2_400))
    for _ in range(rng.randint(5, 50)):
        isin, side = rng.choice(book.issues), rng.choice(("BUY", "SELL"))
        at = rng.uniform(0, _CLOSE - 60)
        size = book.assets[name] / 100 * rng.uniform(0.02, 0.2) / book.mid(isin, day, at)
        order = book.name("O")
        book.order(order, "NEW", name, side, isin, day, at - 1, size)
        slices = rng.choice((1, 1, 1, 2, 3))
        for _ in range(slices):
            book.deal(name, side, isin, day, at + rng.uniform(0, 5), size / slices, order=order)
        out = min(at + 1 + rng.expovariate(1 / patience), _CLOSE - 1)
        closing = book.name("O")
        book.order(closing, "NEW", name, OTHER[side], isin, day, out - 1, size)
        book.deal(name, OTHER[side], isin, day, out, size, order=closing)
        for _ in range(rng.choice((0, 0, 1, 2))):
            _given_up(book, name, isin, day, at)


def _given_up(book: Book, name: str, isin: str, day: date, near: float) -> None:
    rng = book.rng
    order, side = book.name("O"), rng.choice(("BUY", "SELL"))
    at = max(0.0, near + rng.uniform(-1_500, 1_500))
    size = rng.randint(10, 500)
    book.order(order, "NEW", name, side, isin, day, at, size)
    book.order(order, "CANCEL", name, side, isin, day, at + rng.uniform(5, 3_000), size)


def _ladder_day(book: Book, name: str, day: date) -> None:
    """Put bids in below the market, some to be filled, the rest cancelled in the evening."""
    rng = book.rng
    if rng.random() > 0.3:
        return
    isin, at = rng.choice(book.issues), rng.uniform(0, _CLOSE / 2)
    for _ in range(rng.randint(3, 7)):
        order, size = book.name("O"), rng.randint(10, 400)
        book.order(order, "NEW", name, "BUY", isin, day, at, size)
        if rng.random() < 0.3:
            book.deal(name, "BUY", isin, day, at + rng.uniform(60, 9_000), size, order=order)
        else:
            late = rng.choice((_CLOSE - 60, at + rng.uniform(1_200, 9_000)))
            book.order(order, "CANCEL", name, "BUY", isin, day, late, size)
    if rng.random() < 0.3:
        _buy_some(book, name, day, _log(rng, 500, 20_000), "SELL")


def _closing_day(book: Book, name: str, day: date) -> None:
    """Follow an index: much in the last minutes and in the auction, at the market's price."""
    rng = book.rng
    if rng.random() > 0.5:
        return
    side = rng.choice(("BUY", "SELL"))
    for isin in rng.sample(book.issues, rng.randint(3, 20)):
        dollars = _log(rng, 5_000, 300_000)
        for _ in range(rng.randint(1, 4)):
            at = rng.choice((_CLOSE + rng.uniform(1, 60), _CLOSE - rng.uniform(0, 600)))
            book.deal(name, side, isin, day, at, dollars / 3 / book.mid(isin, day, at))


def _institution_day(book: Book, name: str, day: date) -> None:
    """Deal large orders in slices, as those who are run ahead of do."""
    rng = book.rng
    for _ in range(rng.choice((0, 1, 1, 2))):
        isin, side = rng.choice(book.issues), rng.choice(("BUY", "SELL"))
        start, span = rng.uniform(300, _CLOSE - 4_500), rng.uniform(60, 3_600)
        shares = _log(rng, 100_000, 5_000_000) / book.mid(isin, day, start)
        order = book.name("O")
        book.order(order, "NEW", name, side, isin, day, start - rng.uniform(1, 600), shares)
        slices = rng.randint(1, 20)
        for _ in range(slices):
            at = start + rng.uniform(0, span)
            book.deal(name, side, isin, day, at, shares / slices, order=order)


def _maker(book: Book, name: str) -> None:
    book.open_account(name, kind="HOUSE", assets=5_000_000)


def _maker_day(book: Book, name: str, day: date) -> None:
    """Make markets: both sides all day, now and then the stock is worked off one way."""
    rng = book.rng
    for isin in rng.sample(book.issues, 12):
        for _ in range(rng.randint(5, 60)):
            at = rng.uniform(0, _CLOSE)
            book.deal(name, rng.choice(("BUY", "SELL")), isin, day, at, rng.randint(50, 1_500))
        side, at = rng.choice(("BUY", "SELL")), rng.uniform(0, _CLOSE - 700)
        for _ in range(rng.randint(0, 5)):
            book.deal(name, side, isin, day, at + rng.uniform(0, 600), rng.randint(200, 2_000))


def _family(book: Book, name: str) -> None:
    number = int(name.rpartition("-")[2])
    book.open_account(name, owner=f"Family-{number - number % 3}", assets=80_000)


def _family_day(book: Book, name: str, day: date) -> None:
    """Deal in the same few issues as the rest of the family, whenever it suits."""
    rng = book.rng
    number = int(name.rpartition("-")[2])
    own = book.issues[number % 40 : number % 40 + 4]
    if rng.random() < 0.25:
        isin, at = rng.choice(own), rng.uniform(0, _CLOSE)
        side = rng.choice(("BUY", "SELL"))
        book.deal(name, side, isin, day, at, _log(rng, 500, 20_000) / book.mid(isin, day, at))
    if rng.random() < 0.04:
        book.move(name, rng.choice(("DEPOSIT", "WITHDRAWAL")), day, _log(rng, 200, 6_000))


def _shop_day(book: Book, name: str, day: date) -> None:
    """Bring the day's takings."""
    book.move(name, "DEPOSIT", day, book.rng.uniform(300, 1_400))


KINDS: Final = (
    Kind("Retail", 590, _retail, _retail_day),
    Kind("Salaried", 130, _active, _salaried_day),
    Kind("Wealthy", 50, _active, _wealthy_day),
    Kind("Managed", 80, _active, _managed_day),
    Kind("Trader", 50, _trader, _trader_day),
    Kind("Ladder", 20, _active, _ladder_day),
    Kind("Closing", 10, _institution, _closing_day),
    Kind("Institution", 20, _institution, _institution_day),
    Kind("Maker", 10, _maker, _maker_day),
    Kind("Family", 36, _family, _family_day),
    Kind("Shop", 4, _active, _shop_day),
)
