"""Patterns planted into a book: what each is by definition, in random sizes and spacing.

Each comes with decoys: what else its accounts do that day, in the same issue too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from tests.surveillance.honest import OTHER
from tests.surveillance.market import MINUTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.surveillance.market import Book

_CLOSE: Final = MINUTES * 60


@dataclass(frozen=True)
class Planted:
    """A pattern that is there: by whom, and on which days it may be told of."""

    pattern: str
    accounts: frozenset[str]
    days: frozenset[date]


def _log(rng: Random, low: float, high: float) -> float:
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def _shares(rng: Random, total: float, parts: int) -> list[float]:
    weights = [rng.uniform(0.3, 1) for _ in range(parts)]
    return [total * weight / sum(weights) for weight in weights]


def _used_before(book: Book, account: str, most: float) -> None:
    """Let an account have dealt now and then before the days that are played out."""
    back = book.rng.randint(1, 30)
    while back < 700:
        when = book.days[0] - timedelta(days=back)
        book.was_active(account, when, 1, _log(book.rng, most / 50, most))
        back += book.rng.randint(5, 60)


def _beside(book: Book, account: str, isin: str, day: date, away_from: float) -> None:
    """Let an account deal otherwise, too: in other issues, and in this one at another time."""
    rng = book.rng
    for _ in range(rng.randint(0, 4)):
        at = rng.uniform(0, _CLOSE)
        book.deal(account, rng.choice(("BUY", "SELL")), rng.choice(book.issues), day, at, 40)
    if rng.random() < 0.5:
        at = rng.choice([t for t in (away_from - 5_000, away_from + 5_000) if 0 < t < _CLOSE])
        size = rng.uniform(500, 5_000) / book.mid(isin, day, at)
        book.deal(account, rng.choice(("BUY", "SELL")), isin, day, at, size)


def wash_trade(book: Book) -> Planted:
    """Let one owner buy and sell the same at about the same time and price."""
    rng, day = book.rng, book.rng.choice(book.days)
    owner, across = book.name("Washer"), rng.random() < 0.6
    accounts = [
        book.open_account(f"{owner}-{n}", owner=owner, assets=100_000)
        for n in range(rng.randint(2, 4) if across else 1)
    ]
    isin, start = rng.choice(book.issues), rng.uniform(600, _CLOSE - 3_000)
    for turn in range(rng.randint(1, 3)):
        begins = start + turn * rng.uniform(100, 900)
        _cross(book, accounts, isin, day, begins) if across else _alone(
            book, accounts[0], isin, day, begins
        )
    for account in accounts:
        _beside(book, account, isin, day, start)
    return Planted("WASH_TRADE", frozenset(accounts), frozenset({day}))


def _cross(book: Book, accounts: list[str], isin: str, day: date, start: float) -> None:
    """Let two accounts of one owner deal with each other by way of the market."""
    rng = book.rng
    span, jitter = rng.uniform(5, 600), rng.uniform(0, 0.0015)
    middle = book.mid(isin, day, start)
    size = _log(rng, 4_000, 400_000) / middle
    sizes = {"BUY": size, "SELL": size * rng.uniform(0.92, 1.08)}
    for side, who in zip(("BUY", "SELL"), rng.sample(accounts, 2), strict=True):
        order = rng.choice((None, book.name("O")))
        for part in _shares(rng, sizes[side], rng.randint(1, 6)):
            price = middle * (1 + rng.uniform(-jitter, jitter))
            book.deal(who, side, isin, day, start + rng.uniform(0, span), part, price, order)


def _alone(book: Book, account: str, isin: str, day: date, start: float) -> None:
    """Let an account deal with itself: each execution prints on both sides, a moment apart.

    A part of the larger side, at times, is dealt with others.
    """
    rng = book.rng
    middle = book.mid(isin, day, start)
    size, span = _log(rng, 4_000, 400_000) / middle, rng.uniform(0, 240)
    orders = {side: book.name("O") for side in OTHER}
    for part in _shares(rng, size, rng.randint(1, 8)):
        at, price = start + rng.uniform(0, span), middle * (1 + rng.uniform(-0.0003, 0.0003))
        for side in OTHER:
            when = at + rng.uniform(0, 2)
            book.deal(account, side, isin, day, when, part, price, orders[side])
    if rng.random() < 0.4:
        side, at = rng.choice(("BUY", "SELL")), start + rng.uniform(0, span)
        book.deal(account, side, isin, day, at, size * rng.uniform(0.02, 0.5), middle)


def layering(book: Book) -> Planted:
    """Let orders stand on one side while the other is dealt, and cancel them."""
    rng, day = book.rng, book.rng.choice(book.days)
    account = book.open_account(book.name("Layerer"), assets=200_000)
    isin, start = rng.choice(book.issues), rng.uniform(600, _CLOSE - 2_000)
    side, layers = rng.choice(("BUY", "SELL")), rng.randint(3, 12)
    executed = _log(rng, 2_000, 100_000) / book.mid(isin, day, start)
    put_in = rng.uniform(0, 90)
    held = rng.uniform(5, 400)
    for size in _shares(rng, executed * rng.uniform(2.5, 15), layers):
        order = book.name("O")
        book.order(order, "NEW", account, side, isin, day, start + rng.uniform(0, put_in), size)
        if rng.random() < 0.15:
            at = start + put_in + rng.uniform(0, held)
            book.order(order, "FILL", account, side, isin, day, at, size * 0.05)
            book.deal(account, side, isin, day, at, size * 0.05, order=order)
        gone = start + put_in + held + rng.uniform(1, 200)
        book.order(order, "CANCEL", account, side, isin, day, gone, size)
    hitting = book.name("O")
    book.order(hitting, "NEW", account, OTHER[side], isin, day, start + put_in, executed)
    for size in _shares(rng, executed, rng.randint(1, 4)):
        at = start + put_in + rng.uniform(0, held)
        book.deal(account, OTHER[side], isin, day, at, size, order=hitting)
    _beside(book, account, isin, day, start)
    for _ in range(rng.randint(0, 4)):
        order, at = book.name("O"), rng.uniform(0, _CLOSE)
        book.order(order, "NEW", account, "BUY", isin, day, at, 50)
        book.order(order, "CANCEL", account, "BUY", isin, day, at + 2_000, 50)
    return Planted("LAYERING", frozenset({account}), frozenset({day}))


def marking_the_close(book: Book) -> Planted:
    """Let an account push the price in the last minutes, so that the close is another."""
    rng, side = book.rng, book.rng.choice(("BUY", "SELL"))
    account = book.open_account(book.name("Marker"), assets=500_000)
    places = [(isin, day) for isin in book.issues for day in book.days[1:]]
    # two who mark one close would be another pattern
    isin, day = rng.choice([place for place in places if place not in book.marked])
    book.marked.add((isin, day))
    sign, push = (1 if side == "BUY" else -1), rng.uniform(0.012, 0.05)
    begins = _CLOSE - rng.uniform(60, 560)
    middle = book.mid(isin, day, begins)
    seen = book.name("Bystander")
    book.open_account(seen)
    book.deal(
        seen, OTHER[side], isin, day, begins - rng.uniform(60, 900), rng.randint(10, 500), middle
    )
    count = rng.randint(2, 12)
    total = _log(rng, 20_000, 800_000) / middle
    for number, size in enumerate(_shares(rng, total, count)):
        at = begins + (_CLOSE - 2 - begins) * (number + rng.uniform(0.1, 0.9)) / count
        price = middle * (1 + sign * push * (number + 1) / count)
        book.deal(account, side, isin, day, at, size, price)
    book.closes[isin, day] = middle * (1 + sign * push * rng.uniform(0.7, 1))
    if rng.random() < 0.5:
        at = begins + rng.uniform(0, 60)
        book.deal(account, OTHER[side], isin, day, at, total * 0.05, middle)
    for _ in range(rng.randint(0, 3)):
        at, size = begins + rng.uniform(0, 100), total * rng.uniform(0.02, 0.2)
        book.deal(seen, rng.choice(("BUY", "SELL")), isin, day, at, size, middle)
    for _ in range(rng.randint(0, 3)):
        book.deal(account, rng.choice(("BUY", "SELL")), isin, day, rng.uniform(0, 9_000), 30)
    return Planted("MARKING_THE_CLOSE", frozenset({account}), frozenset({day}))


def front_running(book: Book) -> Planted:
    """Let the firm's account deal ahead of a client's large order, and undo it at a gain."""
    rng, day = book.rng, book.rng.choice(book.days)
    own = _accounts(book, "Desk", 2_000_000, kind="HOUSE")
    clients = _accounts(book, "Large", 20_000_000)
    isin, side = rng.choice(book.issues), rng.choice(("BUY", "SELL"))
    sign, start = (1 if side == "BUY" else -1), rng.uniform(1_500, _CLOSE - 9_000)
    middle = book.mid(isin, day, start)
    shares = _log(rng, 300_000, 6_000_000) / middle
    early = rng.uniform(20, 1_000)
    order = book.name("O")
    if rng.random() < 0.5:
        came = start - early - rng.uniform(1, 200)
        book.order(order, "NEW", clients[0], side, isin, day, came, shares)
    span = rng.uniform(1, 3_000)
    for size in _shares(rng, shares, rng.randint(1, 20)):
        at = start + rng.uniform(0, span)
        who = rng.choice(clients)
        book.deal(who, side, isin, day, at, size, middle * (1 + sign * 0.002), order)
    book.deal(clients[0], side, isin, day, start, 1, middle, order)
    taken = max(shares * rng.uniform(0.05, 0.4), 15_000 / middle)
    for size in _shares(rng, taken, rng.randint(1, 5)):
        at = start - rng.uniform(5, early)
        near = middle * (1 + rng.uniform(-0.0002, 0.0002))
        book.deal(rng.choice(own), side, isin, day, at, size, near)
    gain = rng.uniform(0.002, 0.015)
    undone = start + rng.uniform(30, 4_000)
    for size in _shares(rng, taken * rng.uniform(0.75, 1.1), rng.randint(1, 5)):
        at = undone + rng.uniform(0, 1_500)
        price = middle * (1 + sign * gain + rng.uniform(-0.0002, 0.0002))
        book.deal(rng.choice(own), OTHER[side], isin, day, at, size, price)
    if rng.random() < 0.5:
        book.deal(own[0], OTHER[side], isin, day, start - 10, taken * 0.05, middle)
    _beside_elsewhere(book, own[0], day)
    return Planted("FRONT_RUNNING", frozenset(own), frozenset({day}))


def _accounts(book: Book, stem: str, assets: float, kind: str = "CLIENT") -> list[str]:
    """Open one, two or three accounts of one owner, who has so much in all of them."""
    owner, count = book.name(stem), book.rng.choice((1, 2, 2, 3))
    return [
        book.open_account(f"{owner}-{n}", kind=kind, owner=owner, assets=assets / count)
        for n in range(count)
    ]


def _beside_elsewhere(book: Book, account: str, day: date) -> None:
    rng = book.rng
    for _ in range(rng.randint(0, 20)):
        isin, side = rng.choice(book.issues), rng.choice(("BUY", "SELL"))
        book.deal(account, side, isin, day, rng.uniform(0, _CLOSE), rng.randint(10, 500))


def structuring(book: Book) -> Planted:
    """Let an owner bring, or take, more than is reported in parts that are less."""
    rng = book.rng
    owner = book.name("Smurf")
    accounts = [
        book.open_account(f"{owner}-{n}", owner=owner, assets=20_000)
        for n in range(rng.choice((1, 1, 2, 3)))
    ]
    for account in accounts:
        _used_before(book, account, 5_000)
    kind = rng.choice(("DEPOSIT", "DEPOSIT", "WITHDRAWAL"))
    parts = rng.randint(2, 9)
    amounts = [0.0]
    while sum(amounts) <= 10_500:
        low = 7_600 if parts == 2 else 2_000
        amounts = [rng.uniform(low, 9_999) for _ in range(parts)]
    first = rng.randrange(len(book.days))
    window = [day for day in book.days[first:] if (day - book.days[first]).days < 10]
    days = sorted(rng.choice(window) for _ in amounts)
    for day, amount in zip(days, amounts, strict=True):
        book.move(rng.choice(accounts), kind, day, amount)
    other = "WITHDRAWAL" if kind == "DEPOSIT" else "DEPOSIT"
    for _ in range(rng.randint(0, 3)):
        book.move(rng.choice(accounts), other, rng.choice(window), rng.uniform(50, 1_200))
        book.move(rng.choice(accounts), kind, rng.choice(window), rng.uniform(20, 900))
    return Planted("STRUCTURING", frozenset(accounts), frozenset(book.days))


def dormant_reactivation(book: Book) -> Planted:
    """Let an account that nobody used for a year and more be used, for much."""
    rng = book.rng
    account = book.open_account(book.name("Sleeper"), assets=_log(rng, 10_000, 500_000))
    book.was_active(account, book.days[0] - timedelta(days=rng.randint(385, 2_000)), 2, 3_000)
    worth = max(book.assets[account] / 100, 12_000)
    first = rng.randrange(len(book.days))
    window = book.days[first : first + rng.randint(1, 4)]
    how = rng.choice(("CASH_OUT", "BURST", "TRANSFER"))
    if how == "BURST":
        if rng.random() < 0.5:
            book.move(account, "DEPOSIT", window[0], worth)
        for dollars in _shares(rng, rng.uniform(9_000, worth), rng.randint(5, 30)):
            isin, at = rng.choice(book.issues), rng.uniform(0, _CLOSE)
            shares = dollars / book.mid(isin, window[0], at)
            book.deal(account, rng.choice(("BUY", "SELL")), isin, rng.choice(window), at, shares)
    elif how == "CASH_OUT":
        for _ in range(rng.randint(0, 3)):
            book.deal(account, "SELL", rng.choice(book.issues), window[0], 3_000, 50)
        for dollars in _shares(rng, rng.uniform(0.5, 1) * worth, rng.randint(1, 2)):
            book.move(account, "WITHDRAWAL", rng.choice(window), max(dollars, 5_100))
    else:
        for _ in range(rng.randint(1, 4)):
            book.move(account, "TRANSFER_OUT", rng.choice(window), 0)
    return Planted("DORMANT_REACTIVATION", frozenset({account}), frozenset(book.days))


def unusual_velocity(book: Book) -> Planted:
    """Let an account turn over many times what it has, or money only run through it."""
    rng = book.rng
    worth = _log(rng, 5_000, 150_000)
    accounts = _accounts(book, "Spinner", worth)
    for account in accounts:
        _used_before(book, account, worth / 3 / len(accounts))
    first = rng.randrange(len(book.days))
    if rng.random() < 0.5:
        day = book.days[first]
        trades = rng.randint(20, 200)
        total = max(worth * rng.uniform(3, 20), 70_000 * rng.uniform(1, 3))
        own = rng.sample(book.issues, rng.randint(1, 8))
        for dollars in _shares(rng, total, trades):
            isin, at = rng.choice(own), rng.uniform(0, _CLOSE)
            shares = dollars / book.mid(isin, day, at) + 1
            book.deal(rng.choice(accounts), rng.choice(("BUY", "SELL")), isin, day, at, shares)
        return Planted("UNUSUAL_VELOCITY", frozenset(accounts), frozenset({day}))
    came = _log(rng, 12_000, 600_000)
    window = [day for day in book.days[first:] if (day - book.days[first]).days < 6]
    half = window[: max(1, len(window) // 2)]
    for dollars in _shares(rng, came, rng.randint(1, 3)):
        book.move(rng.choice(accounts), "DEPOSIT", rng.choice(half), dollars)
    for dollars in _shares(rng, came * rng.uniform(0.85, 1.05), rng.randint(1, 3)):
        book.move(rng.choice(accounts), "WITHDRAWAL", rng.choice(window[len(half) - 1 :]), dollars)
    if rng.random() < 0.5:
        isin = rng.choice(book.issues)
        shares = came * rng.uniform(0.01, 0.15) / book.mid(isin, half[0], 900)
        book.deal(rng.choice(accounts), "BUY", isin, half[0], 900, shares)
    return Planted("UNUSUAL_VELOCITY", frozenset(accounts), frozenset(book.days))


PLANTERS: Final[dict[str, Callable[[Book], Planted]]] = {
    "WASH_TRADE": wash_trade,
    "LAYERING": layering,
    "MARKING_THE_CLOSE": marking_the_close,
    "FRONT_RUNNING": front_running,
    "STRUCTURING": structuring,
    "DORMANT_REACTIVATION": dormant_reactivation,
    "UNUSUAL_VELOCITY": unusual_velocity,
}
