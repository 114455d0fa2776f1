"""Netting loses nothing, whatever the trades and however they are cut into buckets."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.settlement.frames import FIGURES, OBLIGATION_SCHEMA, empty
from backoffice.settlement.nets import add_nets, partial_nets
from backoffice.settlement.netting import net
from tests.unit.settlement.builders import LEI, MONDAY, OTHER_LEI, TUESDAY, WEDNESDAY, Row, trades

AMOUNTS = st.integers(1, 4) | st.integers(1, 10**26 - 1)


@st.composite
def cleared(draw: st.DrawFn) -> list[Row]:
    """Draw trades that often meet in a key and often come out flat."""
    count = draw(st.integers(0, 12))
    return [
        {
            "trade_id": f"T{n}",
            "side": draw(st.sampled_from(("BUY", "SELL", "SHORT"))),
            "quantity_e8": draw(AMOUNTS),
            "gross_minor": draw(AMOUNTS) % 10**22,
            "counterparty": draw(st.sampled_from((LEI, OTHER_LEI))),
            "currency": draw(st.sampled_from(("USD", "ISK"))),
            "due_date": draw(st.sampled_from((TUESDAY, WEDNESDAY))),
        }
        for n in range(count)
    ]


@settings(max_examples=50, deadline=None)
@given(cleared())
def test_quantity_and_money_are_conserved(rows: list[Row]) -> None:
    done = net(partial_nets(trades(*rows), {OTHER_LEI}), empty(OBLIGATION_SCHEMA), MONDAY)
    for currency in ("USD", "ISK"):
        mine = [row for row in rows if row["currency"] == currency]
        bought = [row for row in mine if row["side"] == "BUY"]
        sold = [row for row in mine if row["side"] != "BUY"]
        found = done.obligations.filter(pl.col("currency") == currency)
        assert found["trades"].sum() == len(mine)
        assert found.select(pl.col(*FIGURES).sum()).row(0) == (
            sum(row["quantity_e8"] for row in bought) - sum(row["quantity_e8"] for row in sold),
            sum(row["gross_minor"] for row in bought),
            sum(row["gross_minor"] for row in sold),
        )


@settings(max_examples=40, deadline=None)
@given(cleared(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_netting_in_two_levels_equals_netting_in_one(
    rows: list[Row],
    random: "st.Random",  # type: ignore[name-defined]
    buckets: int,
) -> None:
    one = add_nets([partial_nets(trades(*rows), {OTHER_LEI})])
    shuffled = random.sample(rows, len(rows))
    cut = [partial_nets(trades(*shuffled[n::buckets]), {OTHER_LEI}) for n in range(buckets)]
    assert add_nets([add_nets(cut[:1]), add_nets(cut[1:])]).equals(one)
    assert add_nets(cut, rows_at_once=1).equals(one)


@settings(max_examples=40, deadline=None)
@given(cleared(), cleared())
def test_a_second_day_adds_to_what_is_open_and_leaves_the_rest_alone(
    first: list[Row], second: list[Row]
) -> None:
    one = net(partial_nets(trades(*first), set()), empty(OBLIGATION_SCHEMA), MONDAY)
    later = [{**row, "trade_id": f"L{row['trade_id']}", "due_date": WEDNESDAY} for row in second]
    two = net(partial_nets(trades(*later), set()), one.obligations, TUESDAY)
    sums = [
        frame.select(pl.col(*FIGURES, "trades").sum())
        for frame in (one.obligations, two.obligations)
    ]
    day = net(partial_nets(trades(*later), set()), empty(OBLIGATION_SCHEMA), TUESDAY)
    added = day.obligations.select(pl.col(*FIGURES, "trades").sum())
    assert [a + b for a, b in zip(sums[0].row(0), added.row(0), strict=True)] == list(
        sums[1].row(0)
    )
    instructed = one.obligations.filter(pl.col("status") == "INSTRUCTED")
    assert (
        instructed.join(two.obligations, on=instructed.columns, how="anti", nulls_equal=True).height
        == 0
    )
    assert two.obligations.filter(pl.col("status") == "OPEN")["direction"].unique().to_list() in (
        [],
        ["FLAT"],
    )
