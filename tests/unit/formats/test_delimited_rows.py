"""Ranges of delimited rows as columns of text: clean ones by polars, odd ones one by one."""

import pytest

from backoffice.formats.delimited_rows import read_range
from backoffice.kernel.errors import BadFileError

LABELS = ("a", "b", "c")


def rows(data: bytes, first_row: int = 1) -> list[tuple[object, ...]]:
    frame = read_range(LABELS, data, first_row)
    assert frame.columns == [*LABELS, "row", "ragged"]
    assert [str(kind) for kind in frame.dtypes] == [
        "String",
        "String",
        "String",
        "UInt32",
        "Boolean",
    ]
    return [tuple(value or None for value in row[:3]) + row[3:] for row in frame.iter_rows()]


def test_clean_rows_are_numbered_from_the_first() -> None:
    assert rows(b"1,2,3\n4,5,6\n", 7) == [("1", "2", "3", 7, False), ("4", "5", "6", 8, False)]


def test_lines_may_end_with_a_carriage_return_and_the_last_with_nothing() -> None:
    expected = [("1", "2", "3", 1, False), ("4", "5", None, 2, False)]
    assert rows(b"1,2,3\r\n4,5,\r\n") == expected
    assert rows(b"1,2,3\r\n4,5,") == expected
    assert rows(b'"1","2","3"\r\n"4",5,""') == expected


def test_a_range_without_bytes_has_no_rows() -> None:
    assert rows(b"") == []


def test_fields_are_trimmed() -> None:
    assert rows(' 1\t,\u00a02 ," 3\n"\n'.encode()) == [("1", "2", "3", 1, False)]


def test_quoted_fields_keep_their_commas_quotes_and_line_feeds() -> None:
    assert rows(b'"x, ""y""","1\n\n2",z\n') == [('x, "y"', "1\n\n2", "z", 1, False)]


def test_blank_lines_are_not_numbered() -> None:
    assert rows(b"1,2,3\n\n \t\r\n4,5,6\n") == [
        ("1", "2", "3", 1, False),
        ("4", "5", "6", 2, False),
    ]


def test_a_line_of_commas_is_a_row() -> None:
    assert rows(b",,\n") == [(None, None, None, 1, False)]


def test_a_short_row_is_ragged_and_lacks_its_last_fields() -> None:
    assert rows(b"1,2,3\n4,5\n7,8,9\n") == [
        ("1", "2", "3", 1, False),
        ("4", "5", None, 2, True),
        ("7", "8", "9", 3, False),
    ]


def test_a_long_row_is_ragged_and_keeps_its_first_fields() -> None:
    assert rows(b"1,2,3\n4,5,6,7\n") == [("1", "2", "3", 1, False), ("4", "5", "6", 2, True)]


@pytest.mark.parametrize("first", [True, False])
def test_a_short_and_a_long_row_do_not_make_up_for_each_other(first: bool) -> None:  # noqa: FBT001
    short, long = b"4,5\n", b"6,7,8,9\n"
    data = b"1,2,3\n" + (short + long if first else long + short)
    assert [row[4] for row in rows(data)] == [False, True, True]
    assert [row[4] for row in rows(long + b"1,2,3\n" + short)] == [True, False, True]


def test_a_stray_quote_is_text_and_harms_no_other_row() -> None:
    assert rows(b'1,2" pipe,3\n4,5,6\n"7","8",9\n') == [
        ("1", '2" pipe', "3", 1, False),
        ("4", "5", "6", 2, False),
        ("7", "8", "9", 3, False),
    ]


def test_text_after_a_closing_quote_makes_a_row_ragged() -> None:
    assert rows(b'1,"2"x,3\n"4",5,6\n') == [("1", "2x", "3", 1, True), ("4", "5", "6", 2, False)]


def test_blanks_after_a_closing_quote_do_no_harm() -> None:
    assert rows(b'1,"2" ,3\n') == [("1", "2", "3", 1, False)]


def test_a_row_of_one_column_is_read() -> None:
    frame = read_range(("a",), b"1\n\n2,3\n", 1)
    assert frame.rows() == [("1", 1, False), ("2", 2, True)]


def test_a_column_may_be_called_anything_with_its_prefix() -> None:
    frame = read_range(("a", "x:row"), b"1,2\n", 1)
    assert frame.rows(named=True) == [{"a": "1", "x:row": "2", "row": 1, "ragged": False}]


def test_bytes_that_are_no_range_of_a_sound_plan_are_refused() -> None:
    with pytest.raises(BadFileError, match="the range is not UTF-8 at its byte 2"):
        rows(b"1,\xff,3\n")
    with pytest.raises(BadFileError, match="row 6 opens a quoted field that never closes"):
        rows(b'1,2,3\n4,"5,6\n', 5)


def test_many_rows_with_quoted_line_feeds_are_told_apart_however_polars_splits_them() -> None:
    data = b"".join(
        b'%d,"x,\n""y""\n%d",z\n' % (n, n) if n % 7 == 0 else b"%d,y,z\n" % n for n in range(50_000)
    )
    frame = read_range(LABELS, data, 1)
    assert frame["a"].to_list() == [str(n) for n in range(50_000)]
    assert frame["b"][::7].to_list() == [f'x,\n"y"\n{n}' for n in range(0, 50_000, 7)]
    assert not frame["ragged"].any()


@pytest.mark.parametrize(
    ("short", "long"), [(0, 49_999), (49_999, 0), (25_000, 25_001), (9, 40_000)]
)
def test_one_short_and_one_long_row_are_found_among_many(short: int, long: int) -> None:
    lines = [b"%d,y,z\n" % n for n in range(50_000)]
    lines[short], lines[long] = b"short,y\n", b"long,y,z,z\n"
    frame = read_range(LABELS, b"".join(lines), 1)
    assert sorted(frame.filter("ragged")["row"].to_list()) == sorted([short + 1, long + 1])
    assert frame["a"][short] == "short"
    assert frame.height == 50_000


@pytest.mark.parametrize("more", [b"", b"3,c,d\n", b'"4",e\n'])
def test_a_byte_order_mark_in_the_midst_of_a_file_is_text_wherever_a_range_begins(
    more: bytes,
) -> None:
    mark = "\ufeff"
    row = f"{mark}2,b\n".encode()
    alone = read_range(("isin", "date"), row + more, 2)
    after = read_range(("isin", "date"), b"1,a\n" + row + more, 1)
    assert alone["isin"][0] == after["isin"][1] == f"{mark}2"
