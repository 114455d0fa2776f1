"""The journal as beancount reads it."""

import io
from collections import defaultdict
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from beancount import loader
from beancount.core.data import Balance, Directive, Open, Transaction

from backoffice.kernel.errors import NotExactError
from backoffice.records import entry_texts
from backoffice.records.beancount import ledger
from backoffice.records.beancount_names import account_name, link_name, original_account
from tests.unit.records.book_rows import APPLE, LEI, MONDAY, TUESDAY, Row, frame_of, posting


def entry(entry_id: str, *postings: tuple[str, str, str, int], **changes: object) -> list[Row]:
    return [
        posting(entry_id=entry_id, book=book, ref=ref, unit=unit, amount=amount, **changes)
        for book, ref, unit, amount in postings
    ]


def buy(entry_id: str, account: str, **changes: object) -> list[Row]:
    return entry(
        entry_id,
        ("Assets:Receivable:Client", account, "USD", 157_630),
        ("Liabilities:Payable:Street", LEI, "USD", -157_525),
        ("Income:Commission", "", "USD", -100),
        ("Liabilities:Fees", "SEC 31 gjöld", "USD", -5),
        ("Securities:Street", LEI, APPLE, 1_050_000_001),
        ("Securities:Client", account, APPLE, -1_050_000_001),
        **changes,
    )


def load(journal: pl.DataFrame) -> list[Directive]:
    entries, errors, _ = loader.load_string("".join(ledger(journal)))
    assert errors == []
    return list(entries)


JOURNAL = frame_of(
    [
        *buy("2026-01-06:T:acme:2026-01-05:T1", "a.b_c-d"),
        *buy("2026-01-06:T:acme:2026-01-05:T2", "A.B_C-D", source='T"2\\'),
        *entry(
            "2026-01-07:R:2026-01-06:T:acme:2026-01-05:T1",
            ("Assets:Receivable:Client", "a.b_c-d", "USD", -157_630),
            ("Liabilities:Payable:Street", LEI, "USD", 157_630),
            kind="REVERSAL",
            effective_date=date(2026, 1, 7),
            recorded_on=date(2026, 1, 7),
            reverses="2026-01-06:T:acme:2026-01-05:T1",
        ),
        *entry(
            "E9",
            ("Assets:Cash", "ISK", "ISK", 5000),
            ("Liabilities:ClientCash", "1st", "ISK", -5000),
            ("Assets:Cash", "KWD", "KWD", 5000),
            ("Liabilities:ClientCash", "1st", "KWD", -5000),
        ),
    ]
)


def test_beancount_loads_the_ledger_and_every_balance_holds() -> None:
    entries = load(JOURNAL)
    transactions = [item for item in entries if isinstance(item, Transaction)]
    assert len(transactions) == JOURNAL["entry_id"].n_unique()
    assert sum(len(item.postings) for item in transactions) == JOURNAL.height


def test_every_account_is_opened_and_asserted_on_the_next_day() -> None:
    entries = load(JOURNAL)
    accounts = JOURNAL.select(pl.struct("book", "ref").n_unique()).item()
    opened = {item.account: item for item in entries if isinstance(item, Open)}
    asserted = [item for item in entries if isinstance(item, Balance)]
    assert len(opened) == accounts
    assert {item.account for item in asserted} == set(opened)
    assert {item.date for item in opened.values()} == {MONDAY}
    assert {item.date for item in asserted} == {date(2026, 1, 8)}
    assert {item.tolerance for item in asserted} == {Decimal(0)}
    assert all(original_account(name) == item.meta["original"] for name, item in opened.items())


def test_the_balances_are_those_of_the_journal() -> None:
    found = {
        (original_account(item.account), item.amount.currency): str(item.amount.number)
        for item in load(JOURNAL)
        if isinstance(item, Balance)
    }
    assert found["Assets:Receivable:Client:a.b_c-d", "USD"] == "0.00"
    assert found["Assets:Receivable:Client:A.B_C-D", "USD"] == "1576.30"
    assert found["Securities:Street:" + LEI, APPLE] == "21.00000002"
    assert found["Liabilities:ClientCash:1st", "KWD"] == "-5.000"
    assert found["Liabilities:ClientCash:1st", "ISK"] == "-5000"
    assert found["Liabilities:Fees:SEC 31 gjöld", "USD"] == "-0.10"


def test_a_balance_that_is_off_by_the_last_digit_does_not_load() -> None:
    text = "".join(ledger(JOURNAL)).replace("21.00000002 ~ 0", "21.00000001 ~ 0")
    _, errors, _ = loader.load_string(text)
    assert len(errors) == 1


def test_an_account_is_asserted_with_all_below_it() -> None:
    marked = entry(
        "E1",
        ("Assets:Revaluation:House", "H", "USD", 500),
        ("Income:Trading", "", "USD", -200),
        ("Income:Trading:Unrealised", "", "USD", -300),
    )
    found = {
        (item.account, str(item.amount.number))
        for item in load(frame_of(marked))
        if isinstance(item, Balance)
    }
    assert found == {
        ("Assets:Revaluation:House:H", "5.00"),
        ("Income:Trading", "-5.00"),
        ("Income:Trading:Unrealised", "-3.00"),
    }


def test_an_entry_carries_what_the_journal_says_of_it() -> None:
    second = next(
        item
        for item in load(JOURNAL)
        if isinstance(item, Transaction) and item.meta["entry_id"].endswith("T2")
    )
    assert second.date == MONDAY
    assert second.meta["source"] == 'T"2\\'
    assert second.meta["kind"] == "TRADE"
    assert second.meta["recorded_on"] == TUESDAY
    assert "reverses" not in second.meta


def test_a_reversal_is_linked_to_what_it_reverses_and_nothing_else_is() -> None:
    linked = defaultdict(set)
    for item in load(JOURNAL):
        if isinstance(item, Transaction):
            for link in item.links:
                linked[link].add(item.meta["entry_id"])
    assert dict(linked) == {
        "2026-01-06/T/acme/2026-01-05/T1": {
            "2026-01-06:T:acme:2026-01-05:T1",
            "2026-01-07:R:2026-01-06:T:acme:2026-01-05:T1",
        }
    }
    reversal = next(
        item for item in load(JOURNAL) if isinstance(item, Transaction) and "reverses" in item.meta
    )
    assert reversal.meta["reverses"] == "2026-01-06:T:acme:2026-01-05:T1"


def test_an_empty_journal_is_an_empty_ledger() -> None:
    assert load(JOURNAL.clear()) == []


def test_a_long_journal_comes_in_pieces_of_whole_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = "".join(ledger(JOURNAL))
    monkeypatch.setattr(entry_texts, "SLICE_ROWS", 3)
    pieces = list(ledger(JOURNAL))
    assert len([piece for piece in pieces if "entry_id" in piece]) > 1
    joined = io.StringIO("".join(pieces)).read()
    assert [line for line in joined.splitlines() if line] == [
        line for line in whole.splitlines() if line
    ]


@pytest.mark.parametrize(
    ("account", "name"),
    [
        ("Assets:Cash:USD", "Assets:Cash:USD"),
        ("Securities:Depository", "Assets:Securities:Depository"),
        ("Securities:Depository:DTC", "Assets:Securities:Depository:DTC"),
        ("Securities:Client:A-1", "Assets:Securities:Client:A--1"),
        ("Securities:Client:a.b_c", "Assets:Securities:Client:X-x-a-2e-b-5f-c"),
        ("Liabilities:Fees:Þóknun", "Liabilities:Fees:X-x--de--f3-knun"),
        ("Liabilities:Fees:", "Liabilities:Fees:X-x-"),
        ("Liabilities:ClientCash:007", "Liabilities:ClientCash:007"),
        ("Assets:Securities:DTC", "Assets:X-x-Securities:DTC"),
    ],
)
def test_names_become_what_beancount_allows_and_back(account: str, name: str) -> None:
    assert account_name(account) == name
    assert original_account(name) == account


def test_an_account_under_no_root_of_beancount_is_refused() -> None:
    with pytest.raises(NotExactError, match="'Suspense:X' stands under none of Assets, Equity"):
        account_name("Suspense:X")


def test_links_differ_when_entries_do() -> None:
    ids = ["a:b", "a/b", "a_b", "a__b", "a_2f_b", "a b", "á:b"]
    assert len({link_name(entry_id) for entry_id in ids}) == len(ids)
    assert link_name("a:b_c d") == "a/b__c_20_d"
