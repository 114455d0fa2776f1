"""beancount's published bookings: its own loader and the books come to the same, long and short."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from beancount import loader

from backoffice.accounting.lots.replay import EVENTS, LotBook, replay
from bench.sides.lots_beancount import inventories
from tests.unit.accounting.published_bookings import AVERAGES, CASES, Case

ISIN = "US0378331005"
SOLD_AT = Decimal("120.00")
LONG, SHORT = 1, -1


def held(case: Case) -> list[tuple[str, int, Decimal, date]]:
    words = (line.split() for line in case.held)
    return [(name, int(n), Decimal(cost), date.fromisoformat(day)) for name, n, cost, day in words]


def entry(day: str, quantity: int, cost: str, cash: Decimal) -> str:
    return (
        f'{day} * "deal"\n  Assets:Shares  {quantity} {ISIN} {cost}\n'
        f"  Assets:Cash  {cash} USD\n  Income:Profit\n"
    )


def ledger(case: Case, sign: int) -> str:
    text = f"""
2000-01-01 open Assets:Shares {ISIN} "{case.method}"
2000-01-01 open Assets:Cash USD
2000-01-01 open Income:Profit USD
"""
    for name, bought, cost, day in held(case):
        label = f'{{{cost} USD, "{name}"}}'
        text += entry(str(day), sign * bought, label, -sign * bought * cost)
    for number, sale in enumerate(case.sold, start=1):
        size, _, spec = sale.partition(" ")
        text += entry(f"2016-06-{number:02d}", -sign * int(size), spec, sign * int(size) * SOLD_AT)
    return text


def events(case: Case, sign: int) -> pl.DataFrame:
    method = "SPECIFIC" if case.method == "STRICT" else case.method
    sales = [
        (f"S{number}", -int(sale.split()[0]), SOLD_AT, date(2016, 6, number))
        for number, sale in enumerate(case.sold, start=1)
    ]
    rows = []
    for name, size, price, day in [*held(case), *sales]:
        kind = "BUY" if size * sign > 0 else "SELL"
        instant = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
        figures = (abs(size) * 10**8, int(abs(size) * price * 100), day, instant)
        rows.append(("A-1", ISIN, "USD", kind, *figures, name, "local", method))
    named = [None] * len(case.held) + [*case.named, *[None] * (len(case.sold) - len(case.named))]
    chosen = pl.Series("chosen", named, dtype=pl.String)
    return pl.DataFrame(rows, schema=EVENTS, orient="row").with_columns(chosen)


def left(case: Case, sign: int) -> dict[str, int]:
    words = (line.split() for line in case.left.split(", ") if line)
    return {name: sign * int(size) for name, size in words}


def in_books(book: LotBook) -> dict[str, int]:
    return {row["trade_id"]: row["quantity_e8"] // 10**8 for row in book.lots.to_dicts()}


def called(case: Case) -> str:
    return f"{case.method}: {case.source}"


@pytest.mark.parametrize("sign", [LONG, SHORT])
@pytest.mark.parametrize("case", CASES, ids=called)
def test_what_beancount_books_the_books_book(case: Case, sign: int) -> None:
    entries, errors, _ = loader.load_string(ledger(case, sign))
    book = replay(events(case, sign))
    assert in_books(book) == left(case, sign)
    assert book.faults["cause"].to_list() == ([case.fault] if case.fault else [])
    if case.error is not None:
        assert case.error in errors[0].message
        return
    assert errors == []
    balances = inventories(entries)
    theirs = {lot.cost.label: int(lot.units.number) for lot in balances["Assets:Shares"]}
    assert theirs == left(case, sign)
    costs = sum(lot.units.number * lot.cost.number for lot in balances["Assets:Shares"])
    assert book.lots["cost_minor"].sum() == costs * 100
    profit = sum(lot.units.number for lot in balances["Income:Profit"])
    assert book.realised["realised_pnl_minor"].sum() == -profit * 100


def test_a_gain_is_what_was_paid_less_what_it_cost() -> None:
    """How Inventories Work: 12 shares of 23.00 sold at 24.70 gain 20.40."""
    case = Case("", "STRICT", ("A 25 23.00 2015-04-01", "B 35 27.00 2015-05-01"), ("12 {}",), "")
    rows = events(case, LONG).with_columns(
        money_minor=pl.when(pl.col("trade_id") == "S1").then(29640).otherwise("money_minor"),
        chosen=pl.when(pl.col("trade_id") == "S1").then(pl.lit("A:12")),
    )
    assert replay(rows.cast({"money_minor": pl.Int128})).realised[
        "realised_pnl_minor"
    ].to_list() == [2040]


@pytest.mark.parametrize("sign", [LONG, SHORT])
@pytest.mark.parametrize(("lots", "sold", "rest", "cost"), AVERAGES)
def test_average_merges_as_beancount_publishes_it(
    lots: tuple[str, ...], sold: str, rest: str, cost: str, sign: int
) -> None:
    case = Case("_TestBookAmbiguousAVERAGE", "AVERAGE", lots, (f"{sold} {{}}",), rest)
    book = replay(events(case, sign))
    assert in_books(book) == left(case, sign)
    assert book.lots["cost_minor"].to_list() == [sign * int(Decimal(cost) * 100)]
    # to be compared with its own booking as soon as it has one
    _, errors, _ = loader.load_string(ledger(case, sign))
    assert any("AVERAGE method is not supported" in error.message for error in errors)


def test_average_keeps_currencies_apart() -> None:
    """_TestBookAmbiguousAVERAGE: of 60 at 100 dollars and 40 of another currency, 30 are sold."""
    lots = ("A 60 100.00 2015-10-01", "B 40 110.00 2015-10-01")
    case = Case("mixed_currencies__unambi_currency", "AVERAGE", lots, ("30 {USD}",), "A 30, B 40")
    other = pl.when(pl.col("trade_id") == "B").then(pl.lit("CAD")).otherwise("currency")
    book = replay(events(case, LONG).with_columns(currency=other))
    assert in_books(book) == left(case, LONG)


def test_the_average_of_a_retirement_fund() -> None:
    """How Inventories Work: 45.0045 at 11.11 and 54.5951 at 10.99 are 99.5996 at 11.0442."""
    case = Case("", "AVERAGE", ("A 1 11.11 2016-07-28", "B 1 10.99 2016-10-12"), (), "")
    rows = events(case, LONG).with_columns(
        quantity_e8=pl.Series([4500450000, 5459510000], dtype=pl.Int128),
        money_minor=pl.Series([50000, 60000], dtype=pl.Int128),
    )
    (row,) = replay(rows).lots.to_dicts()
    assert (row["opened_on"], row["quantity_e8"]) == (date(2016, 7, 28), 9959960000)
    unit = Decimal(row["cost_minor"]) / 100 / (Decimal(row["quantity_e8"]).scaleb(-8))
    assert unit.quantize(Decimal("0.0001")) == Decimal("11.0442")
