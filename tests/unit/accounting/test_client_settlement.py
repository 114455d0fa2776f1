"""The client side settles on the settlement date, whatever the street does."""

from datetime import date

import polars as pl
import pytest

from backoffice.accounting.client_settlement import post_client_settlement
from backoffice.accounting.journal import JOURNAL_SCHEMA, assert_balanced
from tests.unit.accounting.ledger import ledger
from tests.unit.clearance.builders import Row, cut_off, snapshot, trades

CLEARED = date(2026, 4, 7)
SETTLES = date(2026, 4, 8)
LATER = date(2026, 4, 10)


def register(
    row: Row, kind: str = "CLIENT", *, amended: bool = False, cleared: date = CLEARED
) -> pl.DataFrame:
    frame = trades(row).with_columns(amended=pl.lit(amended))
    rows = cut_off(frame, snapshot(accounts=[{"kind": kind}])).register
    return rows.with_columns(cleared_on=pl.lit(cleared))


@pytest.mark.parametrize(
    ("side", "kind", "lines"),
    [
        (
            "BUY",
            "CLIENT",
            {
                "Liabilities:ClientCash:A1 +500000 USD",
                "Assets:Receivable:Client:A1 -500000 USD",
            },
        ),
        (
            "SELL",
            "CLIENT",
            {
                "Liabilities:Payable:Client:A1 +500000 USD",
                "Liabilities:ClientCash:A1 -500000 USD",
            },
        ),
        (
            "BUY",
            "HOUSE",
            {"Assets:Inventory:A1 +500000 USD", "Assets:Receivable:House:A1 -500000 USD"},
        ),
        (
            "SHORT",
            "HOUSE",
            {"Liabilities:Payable:House:A1 +500000 USD", "Assets:Inventory:A1 -500000 USD"},
        ),
    ],
)
def test_the_net_moves_between_what_is_due_and_the_accounts_cash(
    side: str, kind: str, lines: set[str]
) -> None:
    journal = post_client_settlement(register({"side": side, "locate_id": "L"}, kind), SETTLES)
    assert ledger(journal) == lines
    assert_balanced(journal)
    assert dict(journal.schema) == dict(JOURNAL_SCHEMA)


@pytest.mark.parametrize(
    ("day", "cleared", "amended", "effective"),
    [
        (SETTLES, CLEARED, False, SETTLES),
        (LATER, LATER, False, SETTLES),  # cleared late: recorded now, effective then
        (SETTLES, CLEARED, True, SETTLES),
        (LATER, CLEARED, True, SETTLES),  # the days between were not run
        (LATER, LATER, True, LATER),  # the new version of a booked trade never reaches back
    ],
)
def test_it_counts_from_the_settlement_date(
    day: date, cleared: date, effective: date, *, amended: bool
) -> None:
    journal = post_client_settlement(register({}, amended=amended, cleared=cleared), day)
    assert journal.drop("book", "ref", "amount").unique().rows() == [
        (
            f"{day}:C:acme:2026-04-07:T1",
            effective,
            day,
            "CLIENT_SETTLEMENT",
            "T1",
            "USD",
            None,
        )
    ]
