"""What one pass over delimited text finds, and what it refuses."""

import hashlib
from collections.abc import Iterator

import pytest

from backoffice.formats.delimited import Plan, RowRange, plan
from backoffice.formats.delimited_grammar import MAX_ROW_BYTES
from backoffice.formats.delimited_header import MAX_COLUMNS
from backoffice.kernel.errors import BadFileError

LARGE = 16 * 2**20


def planned(data: bytes, target: int = LARGE, *, chunk: int = 2**20) -> Plan:
    return plan((data[at : at + chunk] for at in range(0, len(data), chunk)), target)


def refusal(data: bytes, *, chunk: int = 2**20) -> str:
    with pytest.raises(BadFileError) as caught:
        planned(data, chunk=chunk)
    return str(caught.value)


def test_a_file_is_known_by_its_hash_its_size_its_header_and_its_rows() -> None:
    data = b"isin,close\nA,1\nB,2\n"
    assert planned(data) == Plan(
        hashlib.sha256(data).hexdigest(), 19, ("isin", "close"), 2, (RowRange(11, 19, 1, 2),)
    )


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert planned(b"\xef\xbb\xbfisin,close\nA,1\n").header == ("isin", "close")


def test_names_are_trimmed_and_may_be_quoted() -> None:
    assert planned(b' isin ,"the, ""close""",c\r\n').header == ("isin", 'the, "close"', "c")


def test_a_column_without_a_name_is_called_by_its_place() -> None:
    assert planned(b"isin, ,\n").header == ("isin", "column_2", "column_3")


def test_a_file_of_a_header_alone_has_no_ranges() -> None:
    found = planned(b"isin,close")
    assert (found.rows, found.ranges) == (0, ())


def test_blank_lines_are_no_rows_wherever_they_stand() -> None:
    data = b"\n \t\r\nisin,close\n\n\r\nA,1\n   \nB,2\n\t\n\n"
    found = planned(data)
    assert (found.header, found.rows) == (("isin", "close"), 2)
    assert [(r.first_row, r.rows) for r in found.ranges] == [(1, 2)]


def test_blank_lines_among_quoted_rows_are_no_rows_either() -> None:
    assert planned(b'a,b\n\n"x\n\ny",1\n  \n"z",2\n').rows == 2


def test_a_range_without_rows_is_left_out() -> None:
    found = planned(b"a,b\n1,2\n" + b"\n" * 50, target=4)
    assert found.ranges == (RowRange(4, 8, 1, 1),)


def test_the_last_row_may_lack_its_line_feed() -> None:
    found = planned(b"a,b\n1,2\n3,4", target=1)
    assert found.ranges == (RowRange(4, 8, 1, 1), RowRange(8, 11, 2, 1))
    assert planned(b'a,b\n1,"2"', target=1).ranges == (RowRange(4, 9, 1, 1),)


def test_ranges_end_with_the_row_that_fills_them() -> None:
    found = planned(b"a,b\n" + b"1,2\n" * 10, target=9)
    assert [(r.start, r.end, r.first_row, r.rows) for r in found.ranges] == [
        (4, 16, 1, 3),
        (16, 28, 4, 3),
        (28, 40, 7, 3),
        (40, 44, 10, 1),
    ]


def test_a_quoted_line_feed_ends_no_row_and_no_range() -> None:
    data = b'a,b\n1,"x\ny"\n2,z\n'
    assert planned(data, target=1).ranges == (RowRange(4, 12, 1, 1), RowRange(12, 16, 2, 1))


def test_a_quote_within_a_field_is_text() -> None:
    assert planned(b'a,b\n5" pipe,x\n6,y\n').rows == 2


@pytest.mark.parametrize("chunk", [1, 7, 1000, 2**20, 2**23])
def test_how_the_bytes_arrive_changes_nothing(chunk: int) -> None:
    data = b"a,b\n" + b'1,"x\ny"\n2,z\n\n' * 500
    assert planned(data, 100, chunk=chunk) == planned(data, 100)


def test_rows_are_counted_over_many_blocks() -> None:
    data = b"a,b\n" + b"".join(b"%d,%s\n" % (n, b"x" * 50) for n in range(100_000))
    found = planned(data, 2**21)
    assert found.rows == 100_000
    assert sum(r.rows for r in found.ranges) == 100_000
    assert [r.start for r in found.ranges[1:]] == [r.end for r in found.ranges[:-1]]
    assert found.ranges[-1].end == found.size


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "the file is empty"


def test_a_file_of_blank_lines_has_no_header() -> None:
    assert refusal(b"\xef\xbb\xbf\n \r\n") == "the file has no header"


def test_a_header_that_names_a_column_twice_is_refused() -> None:
    assert refusal(b"isin,close, isin\nA,1,2\n") == "the header names the column isin twice"


def test_a_header_with_text_after_a_closing_quote_is_refused() -> None:
    assert refusal(b'"isin"x,close\n') == "the header has text after a closing quote"


def test_a_header_of_a_thousand_columns_and_more_is_refused() -> None:
    header = b",".join(b"c%d" % n for n in range(MAX_COLUMNS + 1))
    assert refusal(header) == "the header names 1001 columns, more than 1000"


@pytest.mark.parametrize("chunk", [3, 2**20])
def test_a_byte_that_is_not_utf_8_is_named_by_its_offset(chunk: int) -> None:
    data = "a,b\né,2\n".encode() + b"\x96,3\n"
    assert refusal(data, chunk=chunk) == "the file is not UTF-8: byte 0x96 at offset 9"


def test_a_character_cut_short_by_the_end_of_the_file_is_not_utf_8() -> None:
    assert refusal(b"a,b\n1,\xc3") == "the file is not UTF-8: byte 0xC3 at offset 6"


def test_a_character_cut_by_a_block_is_whole() -> None:
    data = b"a,b\n" + b"1,2\n" * (2**18 - 2) + b"12" + "é,5\n".encode() * 3
    assert planned(data).rows == 2**18 - 2 + 3


def test_a_quote_that_never_closes_is_refused_with_its_row() -> None:
    assert refusal(b'a,b\n1,2\n\n3,"4\n5,6\n') == "row 2 opens a quoted field that never closes"
    assert refusal(b'"a,b\n1,2\n') == "the header opens a quoted field that never closes"


@pytest.mark.parametrize("chunk", [10_000, 2**20, 2**22])
@pytest.mark.parametrize("quote", [b'"', b""])
def test_a_row_without_end_is_refused_with_its_number(chunk: int, quote: bytes) -> None:
    data = b"a,b\n1,2\n\n3," + quote + b"x" * MAX_ROW_BYTES + quote + b"\n" + b"5,6\n" * 10
    sentence = "row 2 is longer than 1048576 bytes or opens a quote that never closes"
    assert refusal(data, chunk=chunk) == sentence


def test_a_header_without_end_is_refused() -> None:
    assert refusal(b"a" * (2 * MAX_ROW_BYTES)).startswith("the header is longer than")
    assert refusal(b"a" * MAX_ROW_BYTES + b"\n").startswith("the header is longer than")


def test_a_row_of_the_longest_length_is_taken() -> None:
    row = b"1," + b"x" * (MAX_ROW_BYTES - 3) + b"\n"
    assert planned(b"a,b\n" + row * 3, chunk=2**22).rows == 3
    assert planned(b"a,b\n" + row[:-1], chunk=999).rows == 1


def test_more_rows_than_can_be_numbered_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.formats.delimited._MAX_ROWS", 1)
    assert refusal(b"a,b\n1,2\n3,4\n") == "the file has more than 1 rows"


def test_chunks_are_taken_as_they_come() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"a,b\n"
        yield b""
        yield b"1,2\n"

    assert plan(chunks(), LARGE).rows == 1


def test_lines_that_end_in_a_lone_carriage_return_are_told_so() -> None:
    with pytest.raises(BadFileError, match="lone carriage return"):
        plan([b"isin,date\rUS0378331005,2026-03-02\rUS0378331005,2026-03-02\r"], 100)
