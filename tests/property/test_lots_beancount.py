"""FIFO, LIFO and HIFO against beancount's own booking of the same buys and sales."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from beancount import loader
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.accounting.lots import EVENTS, replay
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
    entries, errors, _ = loader.load_string(as_ledger(kept, method))
    assert errors == []
    balances = inventories(entries)
    theirs = Counter(
        (
            lot.cost.date,
            int(lot.units.number) * 10**8,
            int(lot.units.number * lot.cost.number * 100),
        )
        for lot in balances["Assets:Shares"]
    )
    book = replay(as_events(kept, method))
    assert Counter(book.lots.select("opened_on", "quantity_e8", "cost_minor").rows()) == theirs
    profit = sum(lot.units.number for lot in balances["Income:Profit"])
    assert book.realised["realised_pnl_minor"].sum() == -profit * 100
