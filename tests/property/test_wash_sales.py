"""Wash sales against a book of single shares: any method, chosen lots, methods that change."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from backoffice.accounting.lots.replay import EVENTS, GROUP, LotBook, carry, empty_book, replay
from backoffice.accounting.wash_sales.frames import Washes, Washing, no_washes
from tests.reference.washes import Deal, ShareBook, Totals

START = date(2026, 1, 5)
ISIN = "US0378331005"
TOLD = Washing(frozenset({"A-1"}), 30, no_washes())
METHODS = ("FIFO", "LIFO", "HIFO", "SPECIFIC", "SPECIFIC")
WHOLE = 10**8


@dataclass
class Chooser:
    """Draws the lots of a sale, in any order and any part; now and then nobody chooses."""

    draw: Random
    said: dict[str, str] = field(default_factory=dict)

    def __call__(self, deal: Deal, held: dict[str, int]) -> list[tuple[str, int]] | None:
        wanted = abs(deal.quantity)
        if deal.moved or wanted >= sum(held.values()) or self.draw.random() < 0.2:
            return None
        names, parts = self.draw.sample(sorted(held), len(held)), []
        for place, name in enumerate(names):
            rest = sum(held[other] for other in names[place + 1 :])
            size = self.draw.randint(max(wanted - rest, 0), min(held[name], wanted))
            if size:
                parts.append((name, size))
                wanted -= size
        self.said[deal.name] = ";".join(f"{name}:{size}" for name, size in parts)
        return parts


def drawn_deals(draw: Random, methods: tuple[str, ...], most: int = 24) -> list[Deal]:
    """Draw deals some days apart, and every now and then another method."""
    deals: list[Deal] = []
    day, method = START, draw.choice(methods)
    step = draw.choice([1, 4, 9])
    for number in range(draw.randint(2, most)):
        day += timedelta(days=draw.randint(0, step))
        if draw.random() < 0.2:
            method = draw.choice(methods)
        quantity = draw.choice([1, 1, 1, -1, -1]) * draw.randint(1, 9)
        moved = quantity > 0 and draw.random() < 0.1
        # of one day transfers stand first
        if moved and deals and not deals[-1].moved:
            day += timedelta(days=1)
        deals.append(Deal(f"T{number:02d}", day, quantity, draw.randint(1, 40), method, moved))
    return deals


def events_of(deals: list[Deal], said: dict[str, str]) -> pl.DataFrame:
    rows = []
    for number, deal in enumerate(deals):
        day, size = deal.day, abs(deal.quantity)
        instant = datetime(day.year, day.month, day.day, 14, 0, number, tzinfo=UTC)
        kind = "IN" if deal.moved else "BUY" if deal.quantity > 0 else "SELL"
        figures = (size * WHOLE, size * deal.price, day, None if deal.moved else instant)
        names = (deal.name, None if deal.moved else "local", deal.method)
        rows.append(("A-1", ISIN, "USD", kind, *figures, *names, said.get(deal.name)))
    return pl.DataFrame(rows, schema={**EVENTS, "chosen": pl.String()}, orient="row")


def totals(frame: pl.DataFrame, cents: str, *key: str) -> Totals:
    counted: Totals = Counter()
    for row in frame.to_dicts():
        names = [row[name] for name in key]
        counted[*names, "shares"] += row["quantity_e8"] // WHOLE
        counted[*names, "cents"] += row[cents]
    return +counted


def assert_told(washes: Washes, model: ShareBook) -> None:
    loss = ("trade_id", "opening_id")
    sales = totals(washes.sales, "disallowed_minor", *loss, "replacement_id", "days_tacked")
    assert sales == model.wash_sales()
    assert totals(washes.sold, "extra_minor", *loss, "held_since") == model.sold_parts()
    assert totals(washes.replacing, "extra_minor", "opening_id", "days_tacked") == +(
        model.replacing()
    )
    assert totals(washes.losses, "loss_minor", *loss, "days_held") == model.open_losses()


def compare(draw: Random) -> int:
    """Hold the books against a book of shares, whole and a day at a time; count the wash sales."""
    deals, chooser = drawn_deals(draw, METHODS), Chooser(draw)
    model = ShareBook(chooser)
    for deal in deals:
        model.take(deal)
    events = events_of(deals, chooser.said)
    shuffled = events[draw.sample(range(events.height), events.height)]
    book = replay(shuffled, None, TOLD)
    assert_told(book.washes, model)
    assert_told(carried(events, draw), model)
    return book.washes.sales.height


def carried(events: pl.DataFrame, draw: Random) -> Washes:
    """Take the events over some closes, a few of them late; join what each close told."""
    last = events["trade_date"].max()
    assert isinstance(last, date)
    known = [day + timedelta(days=draw.choice([0, 0, 0, 7, 20])) for day in events["trade_date"]]
    dated = events.with_columns(known=pl.Series(known, dtype=pl.Date))
    book, told = empty_book(), no_washes()
    for close in sorted(set(known)):
        today = dated.filter(pl.col("known") == close).drop("known")
        so_far = dated.filter(pl.col("known") <= close).drop("known")

        def history(stale: pl.DataFrame, so_far: pl.DataFrame = so_far) -> pl.DataFrame:
            return so_far.join(stale, on=GROUP, how="semi")

        book, stale = carry(book, today, None, history, washing=TOLD)
        kept = [frame.join(stale, on=GROUP, how="anti") for frame in (told.sales, told.sold)]
        sales, sold = (
            pl.concat(pair)
            for pair in zip(kept, (book.washes.sales, book.washes.sold), strict=True)
        )
        told = Washes(sales, sold, book.washes.replacing, book.washes.losses)
    return told


@pytest.mark.parametrize("seed", range(24))
def test_wash_sales_are_those_of_a_book_of_shares(seed: int) -> None:
    compare(Random(seed))  # noqa: S311


@pytest.mark.soak
def test_wash_sales_of_many_accounts_are_those_of_books_of_shares() -> None:
    washes = sum(compare(Random(seed)) for seed in range(1_000, 2_500))  # noqa: S311
    print(f"{washes} wash sales of 1500 accounts")  # noqa: T201


@pytest.mark.parametrize("seed", range(16))
def test_what_is_disallowed_is_taken_on(seed: int) -> None:
    """By AVERAGE, too: no cent of a loss is lost, none is taken on twice."""
    draw = Random(seed)  # noqa: S311
    deals = drawn_deals(draw, (*METHODS, "AVERAGE", "AVERAGE"))
    book: LotBook = replay(events_of(deals, {}), None, TOLD)
    disallowed, sold, held = (
        sum(frame[name].to_list())
        for frame, name in (
            (book.washes.sales, "disallowed_minor"),
            (book.washes.sold, "extra_minor"),
            (book.washes.replacing, "extra_minor"),
        )
    )
    assert disallowed == sold + held


def test_a_day_later_is_told_alike() -> None:
    """What a close told is what a replay of all tells, row for row."""
    draw = Random(7)  # noqa: S311
    deals, chooser = drawn_deals(draw, METHODS), Chooser(draw)
    model = ShareBook(chooser)
    for deal in deals:
        model.take(deal)
    events = events_of(deals, chooser.said)
    whole, parts = replay(events, None, TOLD).washes, carried(events, draw)
    for mine, theirs in zip(whole, parts, strict=True):
        assert_frame_equal(mine.sort(mine.columns), theirs.sort(theirs.columns))
