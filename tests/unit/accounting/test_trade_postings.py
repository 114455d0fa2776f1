"""A cleared trade's entry reads like the contract's table."""

from datetime import date

import polars as pl
import pytest

from backoffice.accounting.journal import JOURNAL_SCHEMA, assert_balanced
from backoffice.accounting.postings.trades import post_trades
from tests.unit.accounting.ledger import ledger
from tests.unit.clearance.builders import E8, ISIN, LEI, TUESDAY, Row, cut_off, snapshot, trades

SCHEDULE: list[Row] = [
    {"fee_code": "EXCH", "rate_e8": 3 * E8},
    {"fee_code": "LEVY", "rate_e8": 2 * E8},
    {"fee_code": "LEVY", "rate_e8": 1 * E8, "venue": "XNYS"},
]
WEDNESDAY = date(2026, 4, 8)


def booked(row: Row, *, kind: str = "CLIENT", fees: list[Row] | None = None) -> pl.DataFrame:
    reference = snapshot(accounts=[{"kind": kind}], fees=SCHEDULE if fees is None else fees)
    done = cut_off(trades({"commission_minor": 500, **row}), reference)
    journal = post_trades(done.register, done.fees, TUESDAY)
    assert_balanced(journal)
    return journal


def test_a_purchase_is_owed_by_the_client_and_to_the_street() -> None:
    assert ledger(booked({})) == {
        "Assets:Receivable:Client:A1 +501100 USD",
        f"Liabilities:Payable:Street:{LEI} -500000 USD",
        "Income:Commission -500 USD",
        "Liabilities:Fees:EXCH -300 USD",
        "Liabilities:Fees:LEVY -300 USD",
        f"Securities:Street:{LEI} +10000000000 {ISIN}",
        f"Securities:Client:A1 -10000000000 {ISIN}",
    }


@pytest.mark.parametrize("side", ["SELL", "SHORT"])
def test_a_sale_is_owed_by_the_street_and_to_the_client(side: str) -> None:
    assert ledger(booked({"side": side, "locate_id": "L1"})) == {
        f"Assets:Receivable:Street:{LEI} +500000 USD",
        "Liabilities:Payable:Client:A1 -498900 USD",
        "Income:Commission -500 USD",
        "Liabilities:Fees:EXCH -300 USD",
        "Liabilities:Fees:LEVY -300 USD",
        f"Securities:Street:{LEI} -10000000000 {ISIN}",
        f"Securities:Client:A1 +10000000000 {ISIN}",
    }


def test_the_firms_own_trades_run_over_house_books() -> None:
    assert {line for line in ledger(booked({}, kind="HOUSE")) if "A1" in line} == {
        "Assets:Receivable:House:A1 +501100 USD",
        f"Securities:House:A1 -10000000000 {ISIN}",
    }
    assert "Liabilities:Payable:House:A1 -498900 USD" in ledger(
        booked({"side": "SELL"}, kind="HOUSE")
    )


def test_amounts_of_zero_are_not_written() -> None:
    assert booked({"commission_minor": 0}, fees=[]).height == 4
    worthless: Row = {"commission_minor": 0, "quantity_e8": 1, "price_e8": 1}
    assert ledger(booked(worthless, fees=[])) == {
        f"Securities:Street:{LEI} +1 {ISIN}",
        f"Securities:Client:A1 -1 {ISIN}",
    }


def test_an_entry_names_its_trade_and_its_days() -> None:
    journal = booked({"trade_date": date(2026, 4, 6)})
    assert dict(journal.schema) == dict(JOURNAL_SCHEMA)
    heads = journal.drop("book", "ref", "unit", "amount").unique()
    assert heads.rows() == [
        (
            "2026-04-07:T:acme:2026-04-06:T1",
            date(2026, 4, 6),
            TUESDAY,
            "TRADE",
            "T1",
            None,
        )
    ]


def test_the_new_version_of_a_booked_trade_counts_from_today() -> None:
    frame = trades({"trade_date": date(2026, 4, 6)}).with_columns(amended=pl.lit(value=True))
    done = cut_off(frame, snapshot(fees=SCHEDULE))
    journal = post_trades(done.register, done.fees, WEDNESDAY)
    assert journal["effective_date"].unique().to_list() == [WEDNESDAY]
    assert journal["recorded_on"].unique().to_list() == [WEDNESDAY]


def test_fees_of_trades_that_are_not_booked_now_are_left_aside() -> None:
    done = cut_off(trades({"trade_id": "1"}, {"trade_id": "2"}), snapshot(fees=SCHEDULE))
    first = done.register.filter(pl.col("trade_id") == "1")
    journal = post_trades(first, done.fees, TUESDAY)
    assert journal["source"].unique().to_list() == ["1"]
    assert_balanced(journal)


def test_no_trades_make_an_empty_journal() -> None:
    done = cut_off(trades().clear())
    assert post_trades(done.register, done.fees, TUESDAY).is_empty()
