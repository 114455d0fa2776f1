"""Laws of what the books are shown and sealed as."""

import csv
import hashlib
import io
import json
import re
from datetime import date

import polars as pl
from beancount import loader
from beancount.core.account import is_valid
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.records.beancount import ledger
from backoffice.records.beancount_names import account_name, link_name, original_account
from backoffice.records.merkle import Leaf, inclusion_proof, is_included, merkle_root, seal
from backoffice.records.verify import verify
from backoffice.records.views import to_csv, to_json

BOUNDED = settings(max_examples=100, deadline=None)
names = st.text(
    st.one_of(
        st.sampled_from("abXx09._-:-- þÞæöÐ\"\\/'"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=12,
)
ids = st.text(st.sampled_from("aAbBzZ019._-"), min_size=1, max_size=8)
roots = st.sampled_from(["Assets", "Securities", "Liabilities:Fees", "Income", "Securities:Client"])
texts = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=6))
leaf_sets = st.sets(st.text("abc/", max_size=4), max_size=20).map(
    lambda keys: [Leaf(key, hashlib.sha256(key.encode()).hexdigest()) for key in sorted(keys)]
)


@BOUNDED
@given(roots, names)
def test_a_name_leads_back_to_its_account_and_beancount_takes_it(root: str, name: str) -> None:
    account = f"{root}:{name}"
    assert original_account(account_name(account)) == account
    assert is_valid(account_name(account))


@BOUNDED
@given(names, names)
def test_two_entries_never_share_a_link(one: str, other: str) -> None:
    assert (link_name(one) == link_name(other)) is (one == other)
    assert re.fullmatch(r"[A-Za-z0-9\-_/.]*", link_name(one))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(ids, ids, st.integers(1, 10**20), st.dates(date(2025, 1, 1), date(2026, 1, 1))),
        min_size=1,
        max_size=6,
    )
)
def test_any_journal_loads(entries: list[tuple[str, str, int, date]]) -> None:
    rows = [
        (f"E{number}", day, day, "TRADE", name, book, name, unit, sign * amount, None)
        for number, (name, other, amount, day) in enumerate(entries)
        for book, name, sign in (("Securities:Client", name, 1), ("Liabilities:Fees", other, -1))
        for unit in ("JPY", "USD", "US0378331005")
    ]
    schema = {
        "entry_id": pl.String,
        "effective_date": pl.Date,
        "recorded_on": pl.Date,
        "kind": pl.String,
        "source": pl.String,
        "book": pl.String,
        "ref": pl.String,
        "unit": pl.String,
        "amount": pl.Int128,
        "reverses": pl.String,
    }
    text = "".join(ledger(pl.DataFrame(rows, schema=schema, orient="row")))
    _, errors, _ = loader.load_string(text)
    assert errors == []


@BOUNDED
@given(st.lists(st.tuples(texts, texts), max_size=8))
def test_csv_and_json_carry_the_same_text(rows: list[tuple[str | None, str | None]]) -> None:
    view = pl.DataFrame(rows, schema={"one": pl.String, "two": pl.String}, orient="row")
    read = csv.reader(io.StringIO(to_csv(view).decode(), newline=""))
    assert [tuple(row) for row in read] == [
        ("one", "two"),
        *((one or "", two or "") for one, two in rows),
    ]
    assert json.loads(to_json(view)) == [{"one": one, "two": two} for one, two in rows]


@BOUNDED
@given(leaf_sets, st.data())
def test_every_leaf_has_a_proof_that_holds_for_no_other(
    leaves: list[Leaf], data: st.DataObject
) -> None:
    root = merkle_root(leaves)
    for at, leaf in enumerate(leaves):
        proof = inclusion_proof(leaves, at)
        assert is_included(leaf, proof, root)
        other = data.draw(st.sampled_from(leaves))
        assert is_included(other, proof, root) is (other == leaf)


@BOUNDED
@given(leaf_sets, st.data())
def test_any_change_of_what_is_stored_is_found(leaves: list[Leaf], data: st.DataObject) -> None:
    sealed = seal(date(2026, 1, 5), leaves, None)
    stored = dict(leaves)
    assert verify([sealed], stored.items()) == []
    key = data.draw(st.sampled_from([*stored, "new"]))
    stored[key] = hashlib.sha256(b"changed").hexdigest()
    assert [finding.subject for finding in verify([sealed], stored.items())] == [key]
