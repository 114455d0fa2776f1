"""Lines of FIX, cut anywhere and of any bytes, are what plain readers of them make of them."""

import simplefix
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.formats.delimited import Plan
from backoffice.formats.fix.execution_reports import read_reports as read_range
from backoffice.formats.fix.lines import fields_of
from backoffice.formats.fix.messages import message_fields
from backoffice.formats.fix.planning import plan_messages
from backoffice.kernel.errors import BadFileError
from tests.reference.fix import read_reports
from tests.reference.fix_writing import fields_of as fields_of_row
from tests.reference.fix_writing import message
from tests.reference.reading import RefusedFileError
from tests.reference.samples import trade

GOOD = fields_of_row(trade("T-1", "BUY", "10", "100.5", order_id="O-1"))
TAGS = [
    *("1", "10", "11", "12", "13", "15", "17", "19", "20", "22", "29", "30", "31", "32", "34"),
    *("37", "39", "48", "49", "54", "55", "58", "60", "95", "96", "136", "137", "138", "139"),
    *("150", "159", "354", "355", "423", "447", "448", "452", "453", "454", "455", "456", "479"),
    *("523", "528", "802", "803", "5700", "9001"),
]
values = st.sampled_from(
    ["", "0", "1", "2", "3", "4", "5", "17", "18", "21", "22", "F", "G", "H", "N", "A", "P", "USD",
     "T-1", "20261007-14:00:00", "a=b", " 1 ", "é", "x\x01", "|", "35=0", "\t"]
)  # fmt: skip
fields = st.tuples(st.sampled_from(TAGS), values)
marks = st.sampled_from(["\x01", "\x01", "|"])


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """Draw a line: a good report changed, any fields in a right frame, or any bytes at all."""
    how = draw(st.sampled_from(["good", "changed", "changed", "any", "other", "broken", "bytes"]))
    mark = draw(marks)
    if how == "good":
        return message(GOOD, mark)
    if how == "bytes":
        return draw(st.binary(max_size=30)).replace(b"\n", b"")
    if how == "other":
        return message([("35", draw(st.sampled_from(["0", "A", "AE", "ABCD"])))], mark)
    if how == "any":
        return message([("35", "8"), *draw(st.lists(fields, max_size=12))], mark)
    changed = list(GOOD)
    for field in draw(st.lists(fields, min_size=1, max_size=4)):
        at = draw(st.integers(1, len(changed)))
        changed[at : at + draw(st.integers(0, 1))] = [field]
    line = message(changed, mark)
    if how == "broken":
        at = draw(st.integers(0, len(line) - 1))
        line = line[:at] + draw(st.binary(max_size=2)).replace(b"\n", b"") + line[at + 1 :]
    return line + draw(st.sampled_from([b"", b"", b"\r"]))


files = st.lists(lines(), max_size=12).map(b"\n".join)


def planned(data: bytes, target: int, chunk: int) -> Plan | None:
    try:
        return plan_messages((data[n : n + chunk] for n in range(0, len(data), chunk)), target)
    except BadFileError:
        return None


@given(data=files, target=st.integers(1, 900), chunk=st.integers(1, 400))
@settings(max_examples=150, deadline=None)
def test_any_file_however_cut_is_what_the_reference_reads(
    data: bytes, target: int, chunk: int
) -> None:
    found = planned(data, target, chunk)
    try:
        expected = read_reports(data)
    except RefusedFileError:
        assert found is None
        return
    assert found is not None
    assert dict(found.set_aside) == dict(expected.set_aside)
    assert found.rows == len(expected.rows)
    rows = [
        row
        for part in found.ranges
        for row in read_range(found.header, data[part.start : part.end], part.first_row).to_dicts()
    ]
    assert [row["row"] for row in rows] == list(range(1, found.rows + 1))
    unknown: set[str] = set()
    for row, wanted in zip(rows, expected.rows, strict=True):
        assert row["ragged"] == (wanted is None), row
        unknown.update(filter(None, (row["unknown_names"] or "").split(",")))
        for name, text in (wanted or {}).items():
            read = row[name] or ""
            assert read == text or (text == "?" and "=" in read), (name, row, wanted)
    assert unknown == expected.unknown


@given(some=st.lists(lines(), max_size=6), times=st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_one_by_one_and_at_once_are_the_same(some: list[bytes], times: int) -> None:
    given_lines = [line.removesuffix(b"\r") for line in some * times if line.strip()]
    at_once, singly = (message_fields(given_lines, 1, one_by_one=n) for n in (0, 10**6))
    assert set(at_once.columns) == set(singly.columns)
    assert at_once.equals(singly.select(at_once.columns)), (at_once, singly)


# simplefix takes a field of data whole, as we do, and knows nothing of groups
_OF_DATA = {*simplefix.FixParser().raw_len_tags, *simplefix.FixParser().raw_data_tags}
tags = (st.integers(1_000, 99_999) | st.sampled_from([44, 58, 99])).filter(
    lambda tag: tag not in _OF_DATA
)
texts = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), min_size=1, max_size=8)


@given(
    pairs=st.lists(st.tuples(tags, texts), max_size=12),
    data=st.binary(min_size=1, max_size=20).filter(lambda text: b"\n" not in text),
)
@settings(max_examples=150, deadline=None)
def test_fields_are_those_that_simplefix_reads(pairs: list[tuple[int, str]], data: bytes) -> None:
    written = simplefix.FixMessage()
    written.append_pair(8, "FIX.4.4")
    written.append_pair(35, "8")
    for tag, text in pairs:
        written.append_pair(tag, text)
    written.append_data(95, 96, data)
    line = written.encode()
    parser = simplefix.FixParser()
    parser.append_buffer(line)
    theirs = parser.get_message()
    ours = fields_of(line)
    assert theirs is not None
    assert ours is not None
    pairs_read = [(tag.encode(), value) for tag, value in zip(ours.tags, ours.values, strict=True)]
    assert pairs_read == list(theirs.pairs)
    found = message_fields([line], 1)
    assert found["size"][0] == int(dict(theirs.pairs)[b"9"])
    assert f"{found['sum'][0]:03d}" == dict(theirs.pairs)[b"10"].decode()
