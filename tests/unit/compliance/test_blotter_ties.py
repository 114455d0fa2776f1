"""A blotter that is not what the balances changed by says so."""

import polars as pl

from backoffice.accounting import chart
from backoffice.compliance.blotters.journal import KEY, apart

SCHEMA = {**dict.fromkeys(KEY, pl.String), "amount": pl.Int128}


def rows(*amounts: int) -> pl.DataFrame:
    told = [(chart.CASH, "USD", "USD", amount) for amount in amounts]
    return pl.DataFrame(told, schema=SCHEMA, orient="row")


def test_postings_that_come_to_the_change_tie() -> None:
    assert list(apart("receipts", rows(500, -200), rows(300))) == []
    assert list(apart("receipts", rows(), rows())) == []


def test_a_posting_too_many_or_too_few_is_named_with_its_account() -> None:
    said = "receipts differ from the balances: Assets:Cash:USD USD by 2.00"
    assert list(apart("receipts", rows(500), rows(300))) == [said]
    said = "receipts differ from the balances: Assets:Cash:USD USD by -3.00"
    assert list(apart("receipts", rows(), rows(300))) == [said]
