"""Entries balance, are reversed and summed."""

from datetime import date

import polars as pl
import pytest

from backoffice.accounting.balances import (
    add_balances,
    as_of,
    balances,
    stock_record,
    trial_balance,
)
from backoffice.accounting.journal import (
    JOURNAL_SCHEMA,
    LARGEST_AMOUNT,
    assert_balanced,
    empty_journal,
)
from backoffice.accounting.reversals import reverse
from backoffice.kernel.errors import OutOfRangeError, UnbalancedError
from tests.unit.clearance.builders import ISIN, TUESDAY

MONDAY, WEDNESDAY = date(2026, 4, 6), date(2026, 4, 8)


def journal(*lines: tuple[str, str, str, str, int]) -> pl.DataFrame:
    """Build journal rows of (entry_id, book, ref, unit, amount)."""
    rows = [
        {
            "entry_id": entry_id,
            "effective_date": MONDAY,
            "recorded_on": TUESDAY,
            "kind": "TRADE",
            "source": "T1",
            "book": book,
            "ref": ref,
            "unit": unit,
            "amount": amount,
            "reverses": None,
        }
        for entry_id, book, ref, unit, amount in lines
    ]
    return pl.DataFrame(rows, schema=dict(JOURNAL_SCHEMA))


GOOD = journal(
    ("E1", "Assets:Cash", "USD", "USD", 1_234_50),
    ("E1", "Income:Commission", "", "USD", -1_234_50),
    ("E1", "Securities:Depository", "", ISIN, 150_000_000),
    ("E1", "Securities:Client", "A1", ISIN, -150_000_000),
    ("E2", "Assets:Cash", "ISK", "ISK", -7),
    ("E2", "Liabilities:ClientCash", "A1", "ISK", 7),
)


def test_entries_that_come_to_zero_in_every_unit_are_balanced() -> None:
    assert_balanced(GOOD)
    assert_balanced(empty_journal())


def test_the_first_entry_out_of_balance_is_named_with_its_unit() -> None:
    broken = pl.concat(
        [
            GOOD,
            journal(
                ("E9", "Assets:Cash", "USD", "USD", 1),
                ("E3", "Assets:Cash", "USD", "USD", 5),
                ("E3", "Assets:Cash", "EUR", "EUR", -5),
            ),
        ]
    )
    with pytest.raises(UnbalancedError, match=r"entry E3 is out of balance in EUR by -5 \(3 such"):
        assert_balanced(broken)


def test_an_entry_balances_wherever_its_rows_stand() -> None:
    assert_balanced(GOOD[[0, 4, 2, 1, 5, 3]])
    assert_balanced(GOOD.reverse())


def test_entries_out_of_balance_do_not_make_up_for_each_other() -> None:
    lines = (("E1", "Assets:Cash", "USD", "USD", 5), ("E2", "Assets:Cash", "USD", "USD", -5))
    for rows in (journal(*lines), journal(*reversed(lines)), journal(lines[0], *lines[:1])):
        with pytest.raises(UnbalancedError, match="entry E1 is out of balance in USD by"):
            assert_balanced(rows)


@pytest.mark.parametrize("amount", [LARGEST_AMOUNT, -LARGEST_AMOUNT, None])
def test_amounts_whose_sum_could_wrap_are_refused(amount: int | None) -> None:
    rows = GOOD.with_columns(amount=pl.lit(amount, dtype=pl.Int128))
    with pytest.raises(OutOfRangeError):
        assert_balanced(rows)
    with pytest.raises(OutOfRangeError):
        balances(rows)


def test_a_reversal_turns_every_line_and_names_its_original() -> None:
    back = reverse(GOOD, WEDNESDAY)
    assert dict(back.schema) == dict(JOURNAL_SCHEMA)
    assert back["amount"].to_list() == [-amount for amount in GOOD["amount"].to_list()]
    assert back["reverses"].to_list() == GOOD["entry_id"].to_list()
    assert back.row(0) == (
        "2026-04-08:R:E1", WEDNESDAY, WEDNESDAY, "REVERSAL", "T1",
        "Assets:Cash", "USD", "USD", -1_234_50, "E1",
    )  # fmt: skip
    assert_balanced(back)
    assert balances(pl.concat([GOOD, back])).is_empty()


def test_balances_of_parts_add_up_to_those_of_the_whole() -> None:
    parts = [balances(GOOD.filter(pl.col("entry_id") == name)) for name in ("E1", "E2")]
    added = add_balances(*parts, balances(empty_journal()))
    assert set(added.rows()) == set(balances(GOOD).rows())


def test_a_trial_balance_reads_as_money_and_shares() -> None:
    assert trial_balance(balances(GOOD)).rows() == [
        ("Assets:Cash:ISK", "ISK", "-7"),
        ("Assets:Cash:USD", "USD", "1234.50"),
        ("Income:Commission", "USD", "-1234.50"),
        ("Liabilities:ClientCash:A1", "ISK", "7"),
        ("Securities:Client:A1", ISIN, "-1.5"),
        ("Securities:Depository", ISIN, "1.5"),
    ]


def test_the_stock_record_is_the_securities_part() -> None:
    assert stock_record(balances(GOOD)).rows() == [
        (ISIN, "Securities:Client:A1", "-1.5"),
        (ISIN, "Securities:Depository", "1.5"),
    ]


def test_accounts_at_zero_are_left_out() -> None:
    even = journal(("E1", "Assets:Cash", "USD", "USD", 5), ("E2", "Assets:Cash", "USD", "USD", -5))
    assert balances(even).is_empty()


def test_the_journal_is_read_as_of_one_day_and_known_at_another() -> None:
    assert as_of(GOOD, MONDAY, TUESDAY).height == GOOD.height
    assert as_of(GOOD, date(2026, 4, 5), TUESDAY).is_empty()
    assert as_of(GOOD, MONDAY, MONDAY).is_empty()
