"""FIFO, LIFO, HIFO and chosen lots, long and short, against beancount's own booking."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.accounting.lots.replay import replay
from tests.property.beancount_ledger import (
    Deal,
    as_events,
    as_ledger,
    as_specific,
    assert_booked_alike,
)

METHODS = ("FIFO", "LIFO", "HIFO")
some_deals = st.lists(
    st.tuples(
        st.integers(-20, 20).filter(bool), st.one_of(st.integers(1, 5), st.integers(1, 10**6))
    ),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40, deadline=None)
@given(deals=some_deals)
def test_lots_and_profit_equal_those_that_beancount_books(method: str, deals: list[Deal]) -> None:
    assert_booked_alike(as_ledger(deals, method), replay(as_events(deals, method)))


@settings(max_examples=40, deadline=None)
@given(deals=some_deals, draw=st.randoms(use_true_random=False))
def test_lots_chosen_equal_those_that_beancount_books_under_strict(
    deals: list[Deal], draw: Random
) -> None:
    ledger, chosen = as_specific(deals, draw)
    assert_booked_alike(ledger, replay(chosen))


@pytest.mark.soak
def test_fifty_thousand_random_bookings_of_each_method_equal_those_of_beancount() -> None:
    draw = Random(20260105)  # noqa: S311
    booked: Counter[str] = Counter()
    while booked["STRICT"] < 50_000:
        # a third of the accounts deal at few prices, so that lots are equally dear
        prices = draw.choice([10**6, 10**6, 5])
        leans = draw.choice([0, 0, 6, -6])
        sizes = (draw.randint(-20, 20) + leans for _ in range(40))
        deals = [(size, draw.randint(1, prices)) for size in sizes if size]
        for method in METHODS:
            assert_booked_alike(as_ledger(deals, method), replay(as_events(deals, method)))
        ledger, chosen = as_specific(deals, draw)
        assert_booked_alike(ledger, replay(chosen))
        booked.update(dict.fromkeys((*METHODS, "STRICT"), len(deals)))
        booked["short"] += sum(lot < 0 for lot, _ in deals)
    print(dict(booked))  # noqa: T201
