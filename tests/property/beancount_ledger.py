"""The same deals as a ledger for beancount and as events for the lots, and how both were booked."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TypeAlias

import polars as pl
from beancount import loader

from backoffice.accounting.lots.replay import EVENTS, LotBook
from bench.sides.lots_beancount import inventories

START = date(2026, 1, 5)
ISIN = "US0378331005"
Deal: TypeAlias = tuple[int, int]
"""Shares bought (+) or sold (-), and the price of one in cents; a deal a day."""


def _opened(method: str) -> list[str]:
    return [
        f'2000-01-01 open Assets:Shares {ISIN} "{method}"',
        "2000-01-01 open Assets:Cash USD",
        "2000-01-01 open Income:Profit USD",
    ]


def _entry(day: date, shares: list[str], quantity: int, dollars: Decimal) -> list[str]:
    cash = [f"  Assets:Cash  {-quantity * dollars} USD", "  Income:Profit"]
    return [f'{day} * "deal"', *(f"  Assets:Shares  {line}" for line in shares), *cash]


def _met(deals: list[Deal]) -> Iterator[tuple[int, int, int, int]]:
    """Yield each deal's number, what of it meets lots, what of it opens one, and its price.

    beancount crosses zero in two entries.
    """
    held = 0
    for number, (quantity, price) in enumerate(deals):
        meets = max(-held, min(quantity, 0)) if held > 0 else min(-held, max(quantity, 0))
        yield number, meets, quantity - meets, price
        held += quantity


def as_ledger(deals: list[Deal], method: str) -> str:
    """Write the deals for an account of a method, which finds the lots."""
    lines = _opened(method)
    for number, meets, opens, price in _met(deals):
        # beancount rounds what it fills in to the decimals it finds
        dollars, day = Decimal(price).scaleb(-2), START + timedelta(days=number)
        if meets:
            lines += _entry(day, [f"{meets} {ISIN} {{}}"], meets, dollars)
        if opens:
            lines += _entry(day, [f"{opens} {ISIN} {{{dollars} USD}}"], opens, dollars)
    return "\n".join(lines) + "\n"


def as_events(deals: list[Deal], method: str) -> pl.DataFrame:
    """Write the deals as EVENTS, called T0, T1 ..."""
    rows = []
    for number, (quantity, price) in enumerate(deals):
        day = START + timedelta(days=number)
        instant = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
        kind, size = ("SELL" if quantity < 0 else "BUY"), abs(quantity)
        figures = (size * 10**8, size * price, day, instant, f"T{number}", "local", method)
        rows.append(("A-1", ISIN, "USD", kind, *figures))
    return pl.DataFrame(rows, schema=EVENTS, orient="row")


def as_specific(deals: list[Deal], draw: Random) -> tuple[str, pl.DataFrame]:
    """Give each closing lots of its own, drawn: as a ledger under STRICT, and as events."""
    held: dict[int, int] = {}
    lines = _opened("STRICT")
    choices: list[str | None] = []
    for number, meets, opens, price in _met(deals):
        dollars, day = Decimal(price).scaleb(-2), START + timedelta(days=number)
        taken = _drawn(draw, held, abs(meets)) if meets else {}
        sign = 1 if meets > 0 else -1
        if taken:
            parts = [f'{sign * size} {ISIN} {{"T{lot}"}}' for lot, size in taken.items()]
            lines += _entry(day, parts, meets, dollars)
        if opens:
            held[number] = abs(opens)
            label = f'{opens} {ISIN} {{{dollars} USD, "T{number}"}}'
            lines += _entry(day, [label], opens, dollars)
        named = ";".join(f"T{lot}:{size}" for lot, size in taken.items())
        # what takes all and opens a lot of its own has nothing to choose
        choices.append(named if taken and not opens else None)
    events = as_events(deals, "SPECIFIC").with_columns(chosen=pl.Series(choices, dtype=pl.String))
    return "\n".join(lines) + "\n", events


def _drawn(draw: Random, held: dict[int, int], wanted: int) -> dict[int, int]:
    """Draw lots to take a quantity of, in any order and any part."""
    taken: dict[int, int] = {}
    lots = draw.sample(sorted(held), len(held))
    for place, lot in enumerate(lots):
        rest = sum(held[other] for other in lots[place + 1 :])
        size = draw.randint(max(wanted - rest, 0), min(held[lot], wanted))
        if size:
            taken[lot], held[lot], wanted = size, held[lot] - size, wanted - size
        if not held[lot]:
            del held[lot]
    return taken


def assert_booked_alike(ledger: str, book: LotBook) -> None:
    """Load the ledger; the lots left and the profit are those of the book."""
    entries, errors, _ = loader.load_string(ledger)
    assert errors == []
    assert book.faults.is_empty()
    balances = inventories(entries)
    theirs = Counter(
        (
            lot.cost.date,
            int(lot.units.number) * 10**8,
            int(lot.units.number * lot.cost.number * 100),
        )
        for lot in balances["Assets:Shares"]
    )
    assert Counter(book.lots.select("opened_on", "quantity_e8", "cost_minor").rows()) == theirs
    profit = sum(lot.units.number for lot in balances["Income:Profit"])
    assert book.realised["realised_pnl_minor"].sum() == -profit * 100
