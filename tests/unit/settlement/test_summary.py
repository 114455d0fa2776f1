"""Obligations as the report counts them."""

from backoffice.settlement.frames import OBLIGATION_SCHEMA, empty
from backoffice.settlement.summary import counts
from tests.unit.settlement.builders import obligations


def test_open_counts_all_that_wait_and_cancelled_ones_count_nowhere() -> None:
    states = ("OPEN", "INSTRUCTED", "PARTIAL", "SETTLED", "SETTLED", "FAILED", "CANCELLED")
    rows = obligations(*({"status": status} for status in states))
    assert counts(rows) == {"open": 3, "settled": 2, "failed": 1}
    assert counts(empty(OBLIGATION_SCHEMA)) == {"open": 0, "settled": 0, "failed": 0}
