"""Obligations as the report counts them and the export shows them."""

from backoffice.settlement.frames import OBLIGATION_SCHEMA, empty
from backoffice.settlement.summary import VIEW_COLUMNS, counts, view
from tests.unit.settlement.builders import E8, ISIN, LEI, TUESDAY, obligations


def test_open_counts_all_that_wait_and_cancelled_ones_count_nowhere() -> None:
    states = ("OPEN", "INSTRUCTED", "PARTIAL", "SETTLED", "SETTLED", "FAILED", "CANCELLED")
    rows = obligations(*({"status": status} for status in states))
    assert counts(rows) == {"open": 3, "settled": 2, "failed": 1}
    assert counts(empty(OBLIGATION_SCHEMA)) == {"open": 0, "settled": 0, "failed": 0}


def test_the_export_has_plain_numbers_and_signed_money() -> None:
    rows = obligations(
        {"obligation_id": "OB2", "currency": "JPY", "quantity_e8": -150_000_000,
         "direction": "DELIVER", "buy_gross_minor": 0, "sell_gross_minor": 1000,
         "settled_quantity_e8": E8},
        {},
    )  # fmt: skip
    shown = view(rows)
    assert tuple(shown.columns) == VIEW_COLUMNS
    assert shown.rows() == [
        ("OB1", LEI, ISIN, "USD", TUESDAY, "RECEIVE", "100", "-10.00", "0", "INSTRUCTED", 1),
        ("OB2", LEI, ISIN, "JPY", TUESDAY, "DELIVER", "1.5", "1000", "1", "INSTRUCTED", 1),
    ]
