"""The journal as hledger reads it, by hledger itself where the machine has it."""

from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from backoffice.records import views
from backoffice.records.hledger import account_name, hledger, original_account
from tests.hledger import ask_hledger, balances_by_hledger, needs_hledger
from tests.unit.records.test_beancount import JOURNAL


def text_of(journal: pl.DataFrame) -> str:
    return "".join(hledger(journal))


def balances_of(journal: pl.DataFrame) -> dict[tuple[str, str], Decimal]:
    rows = views.trial_balance(journal).rows()
    return {(account, unit): Decimal(balance) for account, unit, balance in rows}


@needs_hledger
def test_hledger_finds_nothing_wrong_and_comes_to_the_same_balances() -> None:
    text = text_of(JOURNAL)
    assert ask_hledger(text, "check").stderr == ""
    assert balances_by_hledger(text) == balances_of(JOURNAL)


@needs_hledger
def test_hledger_refuses_a_journal_that_is_a_minor_unit_off() -> None:
    off = JOURNAL.with_columns(
        amount=pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.col("amount") + 1)
        .otherwise(pl.col("amount"))
    )
    assert "could not balance" in ask_hledger(text_of(off), "check").stderr


@needs_hledger
def test_hledger_refuses_a_balance_that_is_not_the_sum() -> None:
    head, _, asserted = text_of(JOURNAL).rpartition(" = ")
    assert "balance assertion" in ask_hledger(f"{head} = 1{asserted}", "check").stderr


def test_each_posting_is_a_line_and_each_balance_is_asserted() -> None:
    lines = text_of(JOURNAL).splitlines()
    pairs = JOURNAL.select(pl.struct("book", "ref", "unit").n_unique()).item()
    assert sum(" = " in line for line in lines) == pairs
    postings = [line for line in lines if line.startswith("    ") and "  " in line.strip()]
    assert len(postings) == JOURNAL.height + pairs


def test_a_journal_without_entries_is_a_title() -> None:
    assert text_of(JOURNAL.clear()).count("\n") == 2


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_name_leads_back_and_never_ends_early(account: str) -> None:
    name = account_name(account)
    assert original_account(name) == account
    assert "  " not in name
    assert name == name.strip()
