"""Delimited bytes, cut anywhere, are what a reader of single characters makes of them."""

import hashlib

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.formats.delimited import Plan, plan
from backoffice.formats.delimited_rows import read_range
from backoffice.kernel.errors import BadFileError

BLANKS = " \t\r\n\v\f"
Row = tuple[object, ...]

pieces = st.sampled_from(
    ["a", "1", "é", "\u00a0", ",", ",", '"', '""', "\n", "\n", "\r\n", "\r", " ", "\t", "\x00",
     ',"', '",', '"\n', '"x,\ny"', "b,c", "b,c\n"]
)  # fmt: skip
texts = st.lists(pieces, max_size=40).map("".join)
plain = st.text("ab1 é\r", max_size=4)
quoted = st.text('ab1 é,\n\r"', max_size=5).map(lambda text: '"' + text.replace('"', '""') + '"')
rows = st.lists(st.one_of(plain, quoted), min_size=1, max_size=4).map(",".join)
tables = st.lists(st.tuples(rows, st.sampled_from(["\n", "\r\n"])), max_size=30).map(
    lambda lines: "".join(row + end for row, end in lines)
)


def by_character(text: str) -> list[tuple[list[str], bool]] | None:
    """Read rows one character at a time; None when a quote never closes."""
    found: list[tuple[list[str], bool]] = []
    fields: list[str] = []
    field, state, garbage, line = "", "start", "", ""
    for character in text if not text or text.endswith("\n") else text + "\n":
        line += character
        if state == "quoted":
            state = "closed" if character == '"' else state
            field += "" if character == '"' else character
        elif state == "closed" and character == '"':
            field, state = field + '"', "quoted"
        elif state == "start" and character == '"':
            state = "quoted"
        elif character in ",\n":
            if character == "\n" and line.strip(BLANKS):
                found.append(([*fields, field], not garbage.strip(BLANKS)))
            elif character == ",":
                fields.append(field)
            if character == "\n":
                fields, line, garbage = [], "", ""
            field, state = "", "start"
        else:
            if state in {"closed", "after"}:
                garbage, state = garbage + character, "after"
            else:
                state = "plain"
            field += character
    return None if state in {"quoted", "closed"} else found


def by_row(text: str, width: int) -> list[Row] | None:
    """Return what `read_range` should: trimmed fields in place, the row's number, raggedness."""
    found = by_character(text)
    if found is None:
        return None
    expected: list[Row] = []
    for number, (fields, sound) in enumerate(found, start=1):
        texts: list[str | None] = [field.strip() or None for field in fields[:width]]
        texts += [None] * (width - len(texts))
        expected.append((*texts, number, not sound or len(fields) != width))
    return expected


def planned(data: bytes, target: int, chunk: int) -> tuple[Plan | None, str]:
    try:
        return plan((data[n : n + chunk] for n in range(0, len(data), chunk)), target), ""
    except BadFileError as refused:
        return None, str(refused)


def read(labels: list[str], data: bytes, first_row: int = 1) -> list[Row]:
    frame = read_range(labels, data, first_row)
    nulled = pl.when(pl.col(labels) != "").then(pl.col(labels)).name.keep()
    return frame.with_columns(nulled).rows()


@given(text=st.one_of(texts, tables), width=st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_a_range_reads_as_by_single_characters(text: str, width: int) -> None:
    labels = [f"c{place}" for place in range(width)]
    expected = by_row(text, width)
    try:
        found: list[Row] | None = read(labels, text.encode())
    except BadFileError:
        found = None
    assert found == expected


@given(
    text=st.one_of(texts, tables),
    target=st.integers(1, 60),
    chunk=st.integers(1, 50),
    bom=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_any_cutting_into_ranges_gives_the_same_rows(
    text: str,
    target: int,
    chunk: int,
    bom: bool,  # noqa: FBT001
) -> None:
    data = (b"\xef\xbb\xbf" if bom else b"") + b"c0,c1\n" + text.encode()
    expected = by_row(text, 2)
    found, refused = planned(data, target, chunk)
    assert (found is None) == (expected is None)
    if found is None or expected is None:
        assert "opens a quoted field that never closes" in refused
        return
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.rows == len(expected)
    read_in_parts: list[Row] = []
    for part in found.ranges:
        assert part.first_row == len(read_in_parts) + 1
        part_rows = read(["c0", "c1"], data[part.start : part.end], part.first_row)
        assert len(part_rows) == part.rows
        read_in_parts += part_rows
    assert read_in_parts == expected


@given(data=st.binary(max_size=200), target=st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_planned_and_read_or_refused_with_a_sentence(
    data: bytes, target: int
) -> None:
    found, refused = planned(data, target, 64)
    assert (found is None) == bool(refused)
    if found is not None:
        labels = [f"c{place}" for place in range(len(found.header))]
        parts = [read_range(labels, data[r.start : r.end], r.first_row) for r in found.ranges]
        assert sum(part.height for part in parts) == found.rows


@given(data=st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_bytes_read_as_a_range_give_rows_or_one_error(data: bytes) -> None:
    try:
        numbers = [row[2] for row in read(["a", "b"], data)]
    except BadFileError:
        numbers = []
    assert numbers == list(range(1, len(numbers) + 1))
