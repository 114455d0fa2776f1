"""Reference data and limits: the same whatever the order, exact whatever the size."""

from datetime import date
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.reference.merge import merge
from backoffice.reference.tables import empty_table
from tests.unit.clearance.builders import E8, Row, register_row, snapshot, table

DAYS = [date(2026, 4, day) for day in (1, 2, 6)]

ROWS = st.fixed_dictionaries(
    {
        "business_date": st.sampled_from(DAYS),
        "file": st.sampled_from(["a.csv", "b.csv"]),
        "row": st.integers(1, 3),
        "partner": st.sampled_from(["x", "y"]),
        "isin": st.sampled_from(["I1", "I2"]),
        "date": st.sampled_from(DAYS),
        "close_e8": st.integers(1, 3),
    }
)


def latest_by_hand(rows: list[Row]) -> dict[tuple[str, date], Row]:
    """Walk the rows in their order of precedence, each taking the place of the one before."""
    order = ("business_date", "file", "row", "partner", "isin", "date", "close_e8")
    ranked = sorted(rows, key=lambda row: [row[name] for name in order])
    return {(row["isin"], row["date"]): row for row in ranked}


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, max_size=12), st.integers(0, 12), st.integers(0, 12), st.randoms())
def test_a_merge_is_a_function_of_the_set_of_rows(
    rows: list[Row], first: int, second: int, shuffle: Random
) -> None:
    whole = merge("prices", empty_table("prices"), table("prices", *rows))
    kept = latest_by_hand(rows)
    found = whole.select("isin", "date", "close_e8").rows()
    assert found == sorted((*key, row["close_e8"]) for key, row in kept.items())
    mixed = [*rows, *rows[:first]]
    shuffle.shuffle(mixed)
    low, high = sorted((first, second))
    parts = [table("prices", *part) for part in (mixed[:low], mixed[low:high], mixed[high:])]
    left = merge("prices", merge("prices", parts[0], parts[1]), parts[2])
    right = merge("prices", parts[2], merge("prices", parts[1], parts[0]))
    assert left.equals(whole)
    assert right.equals(whole)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([("USD", 2), ("ISK", 0), ("KWD", 3), ("CLF", 4)]),
    st.sampled_from([("EUR", 2), ("JPY", 0), ("BHD", 3), ("UYW", 4)]),
    st.integers(1, 10**18 - 1),
    st.integers(1, 10**36 - 1),
    st.integers(-2, 2),
)
def test_a_limit_is_compared_exactly(
    ours: tuple[str, int], theirs: tuple[str, int], quantity: int, rate_e18: int, off: int
) -> None:
    net = quantity * 10 ** ours[1]
    value = Fraction(quantity) * Fraction(rate_e18, 10**18)
    limit = min(max(int(value * 10 ** theirs[1]) + off, 0), 10 ** (18 + theirs[1]) - 1)
    reference = snapshot(
        instruments=[{"currency": ours[0]}],
        accounts=[{"currency": theirs[0], "credit_limit_minor": limit}],
        fx=[{"currency": ours[0], "base": theirs[0], "rate_e18": rate_e18}],
    )
    trade: Row = {"quantity_e8": quantity * E8, "price_e8": E8, "currency": ours[0]}
    row = register_row(trade, reference)
    assert row["net_minor"] == net
    above = value > Fraction(limit, 10 ** theirs[1])
    assert (row["hold_codes"] == "CREDIT_LIMIT") == above
