"""The street's entries read like the contract's table."""

from datetime import date

import polars as pl
import pytest

from backoffice.accounting.journal import JOURNAL_SCHEMA, assert_balanced
from backoffice.accounting.own_places import nowhere
from backoffice.accounting.postings.street import post_settlements
from backoffice.settlement.frames import SETTLEMENT_SCHEMA, empty
from tests.unit.accounting.ledger import ledger
from tests.unit.settlement.builders import (
    E8,
    ISIN,
    LEI,
    MONDAY,
    TUESDAY,
    Row,
    hear,
    obligations,
    statuses,
    whole,
)

NET: Row = {
    "obligation_id": "OB1",
    "currency": "USD",
    "quantity_e8": 60 * E8,
    "buy_gross_minor": 1000,
    "sell_gross_minor": 400,
}


def posted(terms: Row, *messages: Row) -> pl.DataFrame:
    done = hear(obligations(terms), statuses(*messages))
    journal = post_settlements(nowhere(done.settlements), TUESDAY)
    assert_balanced(journal)
    return journal


def settled(**terms: int) -> set[str]:
    row = {**NET, **terms}
    return ledger(posted(row, whole(row)))


def test_a_net_purchase_is_paid_for_and_received() -> None:
    assert settled() == {
        f"Liabilities:Payable:Street:{LEI} +1000 USD",
        f"Assets:Receivable:Street:{LEI} -400 USD",
        "Assets:Cash:USD -600 USD",
        f"Securities:Depository +6000000000 {ISIN}",
        f"Securities:Street:{LEI} -6000000000 {ISIN}",
    }


def test_a_net_sale_is_delivered_and_paid() -> None:
    assert settled(quantity_e8=-60 * E8, buy_gross_minor=400, sell_gross_minor=1000) == {
        f"Liabilities:Payable:Street:{LEI} +400 USD",
        f"Assets:Receivable:Street:{LEI} -1000 USD",
        "Assets:Cash:USD +600 USD",
        f"Securities:Depository -6000000000 {ISIN}",
        f"Securities:Street:{LEI} +6000000000 {ISIN}",
    }


def test_shares_without_money_and_money_without_shares() -> None:
    assert settled(sell_gross_minor=1000) == {
        f"Liabilities:Payable:Street:{LEI} +1000 USD",
        f"Assets:Receivable:Street:{LEI} -1000 USD",
        f"Securities:Depository +6000000000 {ISIN}",
        f"Securities:Street:{LEI} -6000000000 {ISIN}",
    }
    assert settled(quantity_e8=0) == {
        f"Liabilities:Payable:Street:{LEI} +1000 USD",
        f"Assets:Receivable:Street:{LEI} -400 USD",
        "Assets:Cash:USD -600 USD",
    }


def test_an_opposite_runs_over_the_trades_own_accounts_with_the_sign_turned() -> None:
    assert settled(quantity_e8=-60 * E8, buy_gross_minor=-1000, sell_gross_minor=0) == {
        f"Liabilities:Payable:Street:{LEI} -1000 USD",
        "Assets:Cash:USD +1000 USD",
        f"Securities:Depository -6000000000 {ISIN}",
        f"Securities:Street:{LEI} +6000000000 {ISIN}",
    }
    assert settled(buy_gross_minor=0, sell_gross_minor=-400) == {
        f"Assets:Receivable:Street:{LEI} +400 USD",
        "Assets:Cash:USD -400 USD",
        f"Securities:Depository +6000000000 {ISIN}",
        f"Securities:Street:{LEI} -6000000000 {ISIN}",
    }


def test_the_first_part_pairs_off_and_every_part_posts_its_own() -> None:
    parts = [
        {"quantity_e8": 20 * E8, "money_minor": -200, "currency": "USD", "reference": "A"},
        {"quantity_e8": 40 * E8, "money_minor": -400, "currency": "USD", "reference": "B"},
    ]
    journal = posted(NET, *parts)
    first, second = (
        ledger(journal.filter(pl.col("entry_id") == f"2026-04-07:S:OB1:{n}")) for n in (1, 2)
    )
    assert first == {
        f"Liabilities:Payable:Street:{LEI} +600 USD",
        f"Assets:Receivable:Street:{LEI} -400 USD",
        "Assets:Cash:USD -200 USD",
        f"Securities:Depository +2000000000 {ISIN}",
        f"Securities:Street:{LEI} -2000000000 {ISIN}",
    }
    assert second == {
        f"Liabilities:Payable:Street:{LEI} +400 USD",
        "Assets:Cash:USD -400 USD",
        f"Securities:Depository +4000000000 {ISIN}",
        f"Securities:Street:{LEI} -4000000000 {ISIN}",
    }


def test_money_that_is_off_stays_on_the_streets_account() -> None:
    journal = posted(NET, {**whole(NET), "money_minor": -590})
    assert f"Liabilities:Payable:Street:{LEI} +990 USD" in ledger(journal)
    assert "Assets:Cash:USD -590 USD" in ledger(journal)


def test_a_flat_obligation_only_pairs_off() -> None:
    flat: Row = {**NET, "status": "OPEN", "direction": "FLAT", "quantity_e8": 0,
                 "sell_gross_minor": 1000, "settlement_date": MONDAY}  # fmt: skip
    journal = posted(flat)
    assert ledger(journal) == {
        f"Liabilities:Payable:Street:{LEI} +1000 USD",
        f"Assets:Receivable:Street:{LEI} -1000 USD",
    }
    assert journal["effective_date"].unique().to_list() == [MONDAY]


@pytest.mark.parametrize("effective", [MONDAY, date(2026, 4, 3)])
def test_an_entry_names_its_obligation_and_its_days(effective: date) -> None:
    journal = posted(NET, {**whole(NET), "effective_date": effective})
    assert dict(journal.schema) == dict(JOURNAL_SCHEMA)
    heads = journal.drop("book", "ref", "unit", "amount").unique()
    assert heads.rows() == [
        ("2026-04-07:S:OB1:1", effective, TUESDAY, "STREET_SETTLEMENT", "OB1", None)
    ]


def test_a_day_without_settlements_writes_nothing() -> None:
    assert post_settlements(nowhere(empty(SETTLEMENT_SCHEMA)), TUESDAY).height == 0
