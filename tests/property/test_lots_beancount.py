"""FIFO, LIFO and HIFO against beancount's own booking of the same buys and sales."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from beancount import loader
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.accounting.lots import EVENTS, LotBook, replay
from bench.sides.lots_beancount import inventories

START = date(2026, 1, 5)
ISIN = "US0378331005"
buys_and_sales = st.lists(
    st.tuples(st.booleans(), st.integers(1, 20), st.integers(1, 10**6)),
    min_size=1,
    max_size=20,
    # beancount leaves open which of two equally dear lots goes first
    unique_by=lambda deal: deal[2],
)


def feasible(deals: list[tuple[bool, int, int]]) -> list[tuple[int, int]]:
    """Return (signed quantity, price in cents), never selling more than is held."""
    held, kept = 0, []
    for is_sale, quantity, price in deals:
        signed = -min(quantity, held) if is_sale else quantity
        if signed:
            kept.append((signed, price))
            held += signed
    return kept


def as_ledger(deals: list[tuple[int, int]], method: str) -> str:
    lines = [
        f'2026-01-01 open Assets:Shares {ISIN} "{method}"',
        "2026-01-01 open Assets:Cash USD",
        "2026-01-01 open Income:Profit USD",
    ]
    for number, (quantity, price) in enumerate(deals):
        # beancount rounds what it fills in to the decimals it finds
        dollars = Decimal(price).scaleb(-2)
        cost = "{}" if quantity < 0 else f"{{{dollars} USD}}"
        day = START + timedelta(days=number)
        lines.append(f'{day} * "deal"\n  Assets:Shares  {quantity} {ISIN} {cost}')
        lines.append(f"  Assets:Cash  {-quantity * dollars} USD\n  Income:Profit")
    return "\n".join(lines) + "\n"


def as_events(deals: list[tuple[int, int]], method: str) -> pl.DataFrame:
    rows = []
    for number, (quantity, price) in enumerate(deals):
        day = START + timedelta(days=number)
        instant = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
        kind, size = ("SELL" if quantity < 0 else "BUY"), abs(quantity)
        figures = (size * 10**8, size * price, day, instant, f"T{number}", "local", method)
        rows.append(("A-1", ISIN, "USD", kind, *figures))
    return pl.DataFrame(rows, schema=EVENTS, orient="row")


@pytest.mark.parametrize("method", ["FIFO", "LIFO", "HIFO"])
@settings(max_examples=40, deadline=None)
@given(deals=buys_and_sales)
def test_lots_and_profit_equal_those_that_beancount_books(
    method: str, deals: list[tuple[bool, int, int]]
) -> None:
    kept = feasible(deals)
    assert_booked_alike(as_ledger(kept, method), replay(as_events(kept, method)))


def as_specific(deals: list[tuple[int, int]], seed: int) -> tuple[str, pl.DataFrame]:
    """Give each sale lots of its own, drawn by a seed: as a ledger under STRICT, and as events."""
    draw = Random(seed)  # noqa: S311
    held: dict[int, int] = {}
    lines = [
        f'2026-01-01 open Assets:Shares {ISIN} "STRICT"',
        "2026-01-01 open Assets:Cash USD",
        "2026-01-01 open Income:Profit USD",
    ]
    choices: list[str | None] = []
    for number, (quantity, price) in enumerate(deals):
        dollars, day = Decimal(price).scaleb(-2), START + timedelta(days=number)
        lines.append(f'{day} * "deal"')
        if quantity > 0:
            held[number] = quantity
            choices.append(None)
            lines.append(f'  Assets:Shares  {quantity} {ISIN} {{{dollars} USD, "T{number}"}}')
        else:
            taken = _drawn(draw, held, -quantity)
            choices.append(";".join(f"T{lot}:{size}" for lot, size in taken.items()))
            lines += [f'  Assets:Shares  -{n} {ISIN} {{"T{lot}"}}' for lot, n in taken.items()]
        lines.append(f"  Assets:Cash  {-quantity * dollars} USD\n  Income:Profit")
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


@settings(max_examples=40, deadline=None)
@given(deals=buys_and_sales, seed=st.integers(0, 2**32))
def test_lots_chosen_equal_those_that_beancount_books_under_strict(
    deals: list[tuple[bool, int, int]], seed: int
) -> None:
    kept = feasible(deals)
    ledger, chosen = as_specific(kept, seed)
    assert_booked_alike(ledger, replay(chosen))


def _cents(amount: Decimal) -> int:
    return int(amount * 100)


def assert_booked_alike(ledger: str, book: LotBook) -> None:
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


@pytest.mark.soak
def test_fifty_thousand_random_bookings_equal_those_of_beancount() -> None:
    draw = Random(20260105)  # noqa: S311
    booked = 0
    while booked < 50_000:
        prices = draw.sample(range(1, 10**6), 25)
        deals = [(draw.random() < 0.45, draw.randint(1, 20), price) for price in prices]
        kept = feasible(deals)
        if not kept:
            continue
        for method in ("FIFO", "LIFO", "HIFO"):
            assert_booked_alike(as_ledger(kept, method), replay(as_events(kept, method)))
        ledger, chosen = as_specific(kept, draw.randrange(2**32))
        assert_booked_alike(ledger, replay(chosen))
        booked += 4 * len(kept)
