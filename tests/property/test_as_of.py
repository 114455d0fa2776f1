"""Balances as of any day, known at any day: equal to filtering the whole journal for them."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.accounting.as_of import balances_as_of
from backoffice.accounting.balances import add_balances, as_of, balances
from backoffice.accounting.journal import JOURNAL_SCHEMA, empty_journal
from backoffice.accounting.off_date import dated_balances, off_date, with_off_date
from backoffice.kernel.books import Books, state_key
from backoffice.kernel.parts import BucketPart
from backoffice.kernel.parts import Records as RecordsPort
from tests.simulation.memory import RecordMemory

FIRST = date(2026, 10, 1)
CLOSES = [FIRST + timedelta(days=days) for days in (0, 1, 2, 5, 6)]
"""With a weekend between: a day asked about need not be one that was closed."""
ASKED = [FIRST + timedelta(days=days) for days in range(-2, 10)]

_POSTING = st.tuples(
    st.sampled_from(CLOSES),
    st.integers(-4, 4),
    st.sampled_from(["Assets:Cash", "Liabilities:ClientCash"]),
    st.sampled_from(["A-1", "A-2"]),
    st.sampled_from(["ISK", "US0378331005"]),
    st.integers(-(10**6), 10**6).filter(bool),
)
_POSTINGS = st.lists(_POSTING, max_size=40)
Rows = list[tuple[date, int, str, str, str, int]]


def journal_of(rows: Rows, day: date) -> pl.DataFrame:
    """Write the journal of a close: each posting counts so many days from it."""
    lines = [
        (f"E{n}", day + timedelta(days=shift), day, "TRADE", "T", book, ref, unit, amount, None)
        for n, (on, shift, book, ref, unit, amount) in enumerate(rows)
        if on == day
    ]
    return pl.DataFrame(lines, schema=dict(JOURNAL_SCHEMA), orient="row")


def close(records: RecordsPort, books: Books, journal: pl.DataFrame, day: date) -> Books:
    """Close a day as the product does: its journal, what it carries on, what counts elsewhen."""
    part = records.keep("accounting", day, journal)
    placed = BucketPart(**part.model_dump(), day=day, bucket=0, buckets=1)
    before = [records.read(books.tables["balances"])] if books.tables else []
    carried = records.keep("accounting", day, add_balances(*before, balances(journal)))
    books = with_off_date(records, books, day, [off_date(dated_balances(journal), day)])
    grown = {"journal": (*books.journal, placed), "closed_days": (*books.closed_days, day)}
    books = books.with_tables(balances=carried).model_copy(update={**grown, "day": day})
    records.put_once(state_key(day, "closed"), books.model_dump_json().encode())
    return books


def year(rows: Rows) -> tuple[RecordsPort, dict[date, Books]]:
    records = RecordMemory("records")
    books = Books(day=FIRST, phase="closed", previous=None, rulebook="")
    states = {}
    for day in CLOSES:
        states[day] = books = close(records, books, journal_of(rows, day), day)
    return records, states


def whole(rows: Rows, effective_by: date, known_at: date) -> pl.DataFrame:
    journal = pl.concat([empty_journal(), *(journal_of(rows, day) for day in CLOSES)])
    return balances(as_of(journal, effective_by, known_at))


@settings(max_examples=60, deadline=None)
@given(_POSTINGS, st.sampled_from(ASKED), st.sampled_from(CLOSES))
def test_the_answer_equals_that_of_the_whole_journal(
    rows: Rows, effective_by: date, known_at: date
) -> None:
    records, states = year(rows)
    found = balances_as_of(records, states[known_at], effective_by)
    assert found.sort(pl.all()).equals(whole(rows, effective_by, known_at).sort(pl.all()))


@settings(max_examples=60, deadline=None)
@given(_POSTINGS, st.sampled_from(ASKED), st.sampled_from(CLOSES), st.sets(st.sampled_from(CLOSES)))
def test_closes_that_kept_no_sums_are_read_from_their_journal(
    rows: Rows, effective_by: date, known_at: date, without: set[date]
) -> None:
    records, states = year(rows)
    kept = tuple(one for one in states[known_at].off_date if one.day not in without)
    older = states[known_at].model_copy(update={"off_date": kept})
    found = balances_as_of(records, older, effective_by)
    assert found.sort(pl.all()).equals(whole(rows, effective_by, known_at).sort(pl.all()))
