"""Statements read piece by piece: recognised or parsed, damaged or not, they say the same."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.formats.iso20022 import piece_reader
from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.fields import Fields
from backoffice.formats.iso20022.layouts import Document
from backoffice.formats.iso20022.piece_reader import read_pieces
from backoffice.formats.iso20022.statement_reader import read_statement
from backoffice.intake.capture import Origin
from backoffice.intake.statement_frames import capture_statement
from backoffice.kernel.errors import BadFileError
from tests.unit.formats import statements as written
from tests.unit.formats.statements import BOND, DAY, SHARE, Balance, Entry, Posted

FIGURES = st.one_of(
    st.integers(0, 10**17).map(str),
    st.decimals(0, 10**9, places=8, allow_nan=False).map(lambda d: f"{d:f}"),
    st.sampled_from(("0", "1.", ".5", "+3", "-1", "1e5", "", " 7 ", "9" * 40, "1.123456789")),
)
NAMES = st.sampled_from(
    ("OB-1", "NONREF", "NOTPROVIDED", "a & b".replace("&", "&amp;"), "é", "x" * 40)
)
BALANCES = st.builds(
    Balance,
    isin=st.sampled_from((SHARE, BOND, "US0378331004", "")),
    quantity=FIGURES,
    side=st.sampled_from(("LONG", "SHOR", "BOTH")),
    place=st.sampled_from(("", "DTCYUS33XXX")),
    places=st.lists(st.tuples(st.just("CEDELULL"), FIGURES), max_size=3).map(tuple),
)
POSTED = st.builds(
    Posted, ours=NAMES, theirs=NAMES, movement=st.sampled_from(("RECE", "DELI", "X")),
    quantity=FIGURES, money=FIGURES, currency=st.sampled_from(("USD", "JPY", "XQQ")),
)  # fmt: skip
ENTRIES = st.builds(
    Entry, money=FIGURES, side=st.sampled_from(("CRDT", "DBIT", "X")), ours=NAMES, theirs=NAMES,
    currency=st.sampled_from(("USD", "JPY", "XQQ")), status=st.sampled_from(("BOOK", "PDNG", "?")),
    parts=st.lists(st.tuples(NAMES, FIGURES), max_size=3).map(tuple),
)  # fmt: skip
STATEMENTS: dict[str, st.SearchStrategy[bytes]] = {
    "holdings": st.lists(BALANCES, max_size=30).map(lambda some: written.holdings(*some)),
    "transactions": st.lists(POSTED, max_size=20).map(
        lambda some: written.transactions((SHARE, tuple(some[:9])), (BOND, tuple(some[9:])))
    ),
    "cash": st.lists(ENTRIES, max_size=20).map(
        lambda some: written.cash(*some, balance=written.closing("1.5"))
    ),
}
ANY = st.one_of(*STATEMENTS.values())
ODDS = ("<Odd/>", "</Ntry>", "<Ntry>", "<BalForAcct>", "<!-- x -->", "&", "\n ", "<Tx>1</Tx>", ">")


def said(document: Document) -> tuple[Any, ...]:
    layout, texts = document
    every = texts + layout.own_texts
    leaves = [(path, every[place]) for path, place in layout.filled]
    return layout.definition, layout.oversized, leaves, layout.content_hash(texts)


def outcome(data: bytes) -> object:
    try:
        return [(part, said(document)) for part, document in read_pieces(data)]
    except BadFileError as error:
        return str(error)


def both_ways(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    fast = outcome(data)
    with monkeypatch.context() as patched:
        never: Callable[[bytes], None] = lambda _data: None  # noqa: E731
        patched.setattr(piece_reader, "_cut", never)
        return fast, outcome(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(statements=st.lists(ANY, min_size=1, max_size=3), pretty=st.booleans())
def test_recognised_pieces_say_what_parsed_ones_do(
    statements: list[bytes], *, pretty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = wrap(statements)
    if pretty:
        data = data.replace(b"><", b">\n  <")
    fast, parsed = both_ways(data, monkeypatch)
    assert fast == parsed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(statement=ANY, data=st.data())
def test_damaged_statements_say_the_same_either_way(
    statement: bytes, data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = statement.decode()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.sampled_from((0, 0, 1, 5, 60)))
        text = text[:at] + data.draw(st.sampled_from(("", *ODDS))) + text[at + cut :]
    fast, parsed = both_ways(text.encode(), monkeypatch)
    assert fast == parsed


@settings(max_examples=150)
@given(kind=st.sampled_from(sorted(STATEMENTS)), data=st.data())
def test_every_row_is_taken_or_rejected_with_a_reason(kind: str, data: st.DataObject) -> None:
    read = read_statement(kind, data.draw(STATEMENTS[kind]))
    found = capture_statement(read, kind, Origin("p", DAY, "f"), {})
    numbers = [*found.rows["row"], *found.rejects["row"]]
    if found.entries.height:
        numbers += found.entries["row"].to_list()
    assert sorted(numbers) == list(range(1, found.totals.rows + 1))
    assert all(found.rejects["field"])
    assert all(found.rejects["message"])
    assert found.totals.rows == found.totals.captured + found.totals.rejected


def test_a_place_that_repeats_is_read_by_its_number() -> None:
    two = Balance(places=(("DTCYUS33XXX", "1"), ("CEDELULL", "2")))
    found = dict(read_pieces(written.holdings(two)))
    fields = Fields(found["BalForAcct"])
    assert fields.text("BalAtSfkpgPlc[2]/AggtBal/Qty/Qty/Qty/Unit") == "2"
    assert not fields.has("BalAtSfkpgPlc[3]")
