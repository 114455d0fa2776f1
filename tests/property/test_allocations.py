"""Blocks and their parts: nothing is lost or made, and no more goes out than there is."""

from collections import Counter
from datetime import UTC, date, datetime
from random import Random
from typing import Any, Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.accounting.client_settlement import post_client_settlement
from backoffice.accounting.journal import assert_balanced
from backoffice.accounting.postings.allocation_legs import legs
from backoffice.accounting.postings.allocations import post_legs
from backoffice.clearance.allocation_blocks import with_block_codes
from backoffice.clearance.allocation_frames import ALLOCATION_SCHEMA, BLOCK

DAY: Final = date(2026, 10, 7)
LARGE: Final = 10**26 - 1
Row = dict[str, Any]

PARTS: Final = st.lists(
    st.fixed_dictionaries(
        {
            "block_trade_id": st.sampled_from(("B1", "B1", "B2")),
            "account_id": st.sampled_from(("C1", "C2", "H2")),
            "side": st.sampled_from(("BUY", "SELL", "SHORT")),
            "quantity_e8": st.integers(1, 9) | st.just(LARGE),
            "gross_minor": st.integers(0, 9) | st.just(LARGE),
            "fees_minor": st.integers(0, 9),
            "commission_minor": st.integers(0, 9),
            "cleared_on": st.sampled_from((DAY, None)),
        }
    ),
    max_size=8,
)


def frame(rows: list[Row]) -> pl.DataFrame:
    """Make allocations of blocks of ten shares; those cleared were booked before."""
    made = []
    for place, row in enumerate(rows):
        sign = 1 if row["side"] == "BUY" else -1
        more = {
            "partner": "x",
            "trade_date": DAY,
            "allocation_id": f"A{place}",
            "block_status": "CLEARED",
            "block_kind": "HOUSE",
            "block_account": "H1",
            "block_quantity_e8": 10,
            "isin": "I",
            "currency": "USD",
            "traded_at": datetime(2026, 10, 7, tzinfo=UTC),
            "account_kind": "HOUSE" if row["account_id"] == "H2" else "CLIENT",
            "settlement_date": DAY,
            "amended": False,
            "net_minor": row["gross_minor"] + sign * (row["fees_minor"] + row["commission_minor"]),
        }
        made.append(dict.fromkeys(ALLOCATION_SCHEMA) | more | row)
    return pl.DataFrame(made, schema=dict(ALLOCATION_SCHEMA))


@settings(max_examples=150, deadline=None)
@given(PARTS)
def test_what_is_allotted_balances_and_leaves_nothing_between(rows: list[Row]) -> None:
    both = legs(frame(rows))
    journal = pl.concat([post_legs(both, DAY), post_client_settlement(both, DAY)])
    assert_balanced(journal)
    sums: Counter[tuple[str, str, str]] = Counter()
    for book, ref, unit, amount in journal.select("book", "ref", "unit", "amount").iter_rows():
        sums[book, ref, unit] += amount
    left = {key: amount for key, amount in sums.items() if amount}
    assert [key for key in left if "Allocated" in key[0]] == []
    assert [key for key in left if "Receivable" in key[0] or "Payable" in key[0]] == []
    assert sum(amount for (_, _, unit), amount in left.items() if unit == "I") == 0
    signs = {"BUY": 1, "SELL": -1, "SHORT": -1}
    given_up = sum(signs[row["side"]] * row["quantity_e8"] for row in rows)
    assert left.get(("Securities:House", "H1", "I"), 0) == given_up
    earned = -sum(row["commission_minor"] for row in rows)
    assert left.get(("Income:Commission", "", "USD"), 0) == earned


@settings(max_examples=150, deadline=None)
@given(PARTS, st.randoms())
def test_no_more_is_allotted_than_a_block_has_whatever_order_it_is_asked_in(
    rows: list[Row], shuffle: Random
) -> None:
    table = frame(rows)
    asked, booked = table.filter(pl.col("cleared_on").is_null()), table.drop_nulls("cleared_on")
    found = with_block_codes(asked, booked)
    total = Counter[str]()
    for row in rows:
        total[row["block_trade_id"]] += row["quantity_e8"]
    expected = {
        name: "OVER_ALLOCATED" if total[block] > 10 else None
        for name, block in asked.select("allocation_id", "block_trade_id").iter_rows()
    }
    assert dict(found.select("allocation_id", "block_code").iter_rows()) == expected
    mixed = asked.sample(fraction=1, shuffle=True, seed=shuffle.randint(0, 99))
    again = with_block_codes(mixed, booked.select(*BLOCK, "quantity_e8"))
    assert dict(again.select("allocation_id", "block_code").iter_rows()) == expected
