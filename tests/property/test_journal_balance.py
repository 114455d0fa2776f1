"""Every entry comes to zero in every unit, whatever was traded, moved, settled or reversed."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.accounting.balances import add_balances, balances, stock_record
from backoffice.accounting.client_settlement import post_client_settlement
from backoffice.accounting.journal import assert_balanced
from backoffice.accounting.postings.trades import post_trades
from backoffice.accounting.reversals import reverse
from tests.unit.clearance.builders import E8, TUESDAY, Row, cut_off, snapshot, trades

ISINS = ["US0378331005", "US5949181045"]
SETTLES = date(2026, 4, 8)

TRADES = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from(["A1", "H1"]),
        "isin": st.sampled_from(ISINS),
        "side": st.sampled_from(["BUY", "SELL", "SHORT"]),
        "locate_id": st.just("L1"),
        "quantity_e8": st.integers(1, 10**26 - 1),
        "price_e8": st.integers(1, E8),
        "commission_minor": st.integers(0, 10**20 - 1),
    }
)
FEES = st.fixed_dictionaries(
    {
        "fee_code": st.sampled_from(["A", "B"]),
        "basis": st.sampled_from(["NOTIONAL", "SHARES", "TRADE"]),
        "rate_e8": st.integers(0, 10**11 - 1),
        "rounding": st.sampled_from(["UP", "HALF_UP"]),
        "side": st.sampled_from(["BUY", "SELL", "BOTH"]),
        "valid_from": st.sampled_from([date(2026, 1, day) for day in (1, 2, 3)]),
    }
)


def written(rows: list[Row], fees: list[Row]) -> pl.DataFrame:
    """Book trades and settle their client side."""
    reference = snapshot(
        instruments=[{"isin": isin} for isin in ISINS],
        accounts=[{}, {"account_id": "H1", "kind": "HOUSE"}],
        fees=fees,
    )
    done = cut_off(trades(*({**row, "trade_id": str(n)} for n, row in enumerate(rows))), reference)
    assert set(done.register["status"]) == {"CLEARED"}
    booked = post_trades(done.register, done.fees, TUESDAY)
    settled = post_client_settlement(done.register, SETTLES)
    return pl.concat([booked, settled])


@settings(max_examples=60, deadline=None)
@given(st.lists(TRADES, min_size=1, max_size=8), st.lists(FEES, max_size=4))
def test_every_entry_balances_and_its_reversal_undoes_it(rows: list[Row], fees: list[Row]) -> None:
    journal = written(rows, fees)
    assert_balanced(journal)
    assert 0 not in journal["amount"].to_list()
    back = reverse(journal, SETTLES)
    assert_balanced(back)
    assert balances(pl.concat([journal, back])).is_empty()


@settings(max_examples=40, deadline=None)
@given(st.lists(TRADES, min_size=1, max_size=8), st.integers(0, 60), st.integers(0, 60))
def test_balances_of_any_parts_add_up_in_any_order(rows: list[Row], one: int, two: int) -> None:
    journal = written(rows, [{}])
    low, high = sorted((one, two))
    parts = [balances(part) for part in (journal[:low], journal[low:high], journal[high:])]
    left = add_balances(add_balances(parts[0], parts[1]), parts[2])
    right = add_balances(parts[2], add_balances(parts[1], parts[0]))
    whole = balances(journal)
    assert set(left.rows()) == set(right.rows()) == set(whole.rows())
    assert whole.group_by("unit").agg(pl.col("amount").sum())["amount"].unique().to_list() == [0]
    assert stock_record(whole).height == whole.filter(pl.col("unit").is_in(ISINS)).height
