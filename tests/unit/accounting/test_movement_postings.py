"""Deposits, withdrawals and transfers as entries."""

from datetime import date

import polars as pl
import pytest

from backoffice.accounting.journal import JOURNAL_SCHEMA, assert_balanced
from backoffice.accounting.postings.movements import post_movements
from tests.unit.accounting.ledger import ledger
from tests.unit.clearance.builders import ISIN, TUESDAY, Row

SCHEMA = {
    "movement_id": pl.String,
    "account_id": pl.String,
    "kind": pl.String,
    "currency": pl.String,
    "amount_minor": pl.Int128,
    "isin": pl.String,
    "quantity_e8": pl.Int128,
    "value_date": pl.Date,
    "account_kind": pl.String,
    "place": pl.String,
    "nostro": pl.String,
}
CASH: Row = {"currency": "USD", "amount_minor": 100, "isin": None, "quantity_e8": None}
SHARES: Row = {"currency": None, "amount_minor": None, "isin": ISIN, "quantity_e8": 7}


def movements(*rows: Row) -> pl.DataFrame:
    common: Row = {
        "movement_id": "M1",
        "account_id": "A1",
        "value_date": date(2026, 4, 6),
        "account_kind": "CLIENT",
    }
    return pl.DataFrame([{**common, **row} for row in rows], schema=SCHEMA)


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        (
            {"kind": "DEPOSIT", **CASH},
            {"Assets:Cash:USD +100 USD", "Liabilities:ClientCash:A1 -100 USD"},
        ),
        (
            {"kind": "WITHDRAWAL", **CASH},
            {"Assets:Cash:USD -100 USD", "Liabilities:ClientCash:A1 +100 USD"},
        ),
        (
            {"kind": "TRANSFER_IN", **SHARES},
            {f"Securities:Depository +7 {ISIN}", f"Securities:Client:A1 -7 {ISIN}"},
        ),
        (
            {"kind": "TRANSFER_OUT", **SHARES},
            {f"Securities:Depository -7 {ISIN}", f"Securities:Client:A1 +7 {ISIN}"},
        ),
        (
            {"kind": "DEPOSIT", "account_kind": "HOUSE", **CASH},
            {"Assets:Cash:USD +100 USD", "Assets:Inventory:A1 -100 USD"},
        ),
        (
            {"kind": "DEPOSIT", "nostro": "N-1", **CASH},
            {"Assets:Cash:USD:N-1 +100 USD", "Liabilities:ClientCash:A1 -100 USD"},
        ),
        (
            {"kind": "TRANSFER_OUT", "place": "DTCYUS33", **SHARES},
            {f"Securities:Depository:DTCYUS33 -7 {ISIN}", f"Securities:Client:A1 +7 {ISIN}"},
        ),
        (
            {"kind": "TRANSFER_IN", "account_kind": "HOUSE", **SHARES},
            {f"Securities:Depository +7 {ISIN}", f"Securities:House:A1 -7 {ISIN}"},
        ),
    ],
)
def test_what_comes_in_is_owed_to_the_account(row: Row, lines: set[str]) -> None:
    journal = post_movements(movements(row), TUESDAY)
    assert ledger(journal) == lines
    assert_balanced(journal)
    assert dict(journal.schema) == dict(JOURNAL_SCHEMA)


def test_a_movement_counts_from_its_value_date_and_is_recorded_today() -> None:
    journal = post_movements(movements({"kind": "DEPOSIT", **CASH}), TUESDAY)
    assert journal.drop("book", "ref", "amount").unique().rows() == [
        ("2026-04-07:M:M1", date(2026, 4, 6), TUESDAY, "MOVEMENT", "M1", "USD", None)
    ]


def test_movements_of_every_kind_go_together() -> None:
    frame = movements(
        {"movement_id": "1", "kind": "DEPOSIT", **CASH},
        {"movement_id": "2", "kind": "TRANSFER_IN", **SHARES},
    )
    journal = post_movements(frame, TUESDAY)
    assert journal["source"].to_list() == ["1", "1", "2", "2"]
    assert post_movements(movements().clear(), TUESDAY).is_empty()
