"""A range of whole delimited rows as columns of text: by polars where that is provably right.

polars fails a whole slice over one long row or stray quote, and makes nulls of short rows and
blank lines without a word. So it is given clean rows only; the others are read one by one.
"""

from codecs import BOM_UTF8
from collections.abc import Sequence
from itertools import compress, pairwise
from typing import Any, Final

import polars as pl

from backoffice.formats.delimited_grammar import (
    clean_row,
    clean_rows,
    fields_of,
    is_blank,
    row_ends,
)
from backoffice.kernel.errors import BadFileError

ROW: Final = "row"
RAGGED: Final = "ragged"
_BLANK_MARKS: Final = (b" ", b"\t", b"\r", b"\v", b"\f", b'"')


def read_range(header: Sequence[str], data: bytes, first_row: int) -> pl.DataFrame:
    """Read whole rows, without the header, as trimmed text.

    Parameters
    ----------
    header
        A label for each column, in the file's order, none twice and none `row` or `ragged`: an
        unknown column comes prefixed (`intake.schemas.label_columns`).
    data
        The bytes of one range of the plan; the last row may lack its line feed.
    first_row
        The number of the range's first row in the file.

    Returns
    -------
    pl.DataFrame
        The columns as String ("" or null where a field is empty), `row` (UInt32, its number in
        the file; blank lines have none) and `ragged` (Boolean: too many or too few fields, or
        text after a closing quote; what fields there are stand in place).

    Raises
    ------
    BadFileError
        When the bytes are not UTF-8, or a quoted field never closes: no range of a sound plan.
    """
    labels = tuple(header)
    _refuse_foreign(data)
    if data and not data.endswith(b"\n"):
        data += b"\n"
    frame = _read_quickly(labels, data)
    if frame is None:
        frame = _read_mixed(labels, data, first_row)
    numbers = pl.int_range(first_row, first_row + frame.height, dtype=pl.UInt32, eager=True)
    frame = frame.with_columns(numbers.alias(ROW)).select(*labels, ROW, RAGGED)
    return frame.with_columns(pl.col(*labels).str.strip_chars()) if _has_blanks(data) else frame


def _refuse_foreign(data: bytes) -> None:
    if data.isascii():
        return
    try:
        data.decode()
    except UnicodeDecodeError as bad:
        raise BadFileError(f"the range is not UTF-8 at its byte {bad.start}") from None


def _is_clean(width: int, data: bytes) -> bool:
    """Whether every line is a row of `width` fields; of lines without quotes, on the average.

    If the average is right and one row is short, another is long, and polars refuses that one.
    """
    if width == 1:
        return False
    if b'"' not in data:
        return data.count(b",") == data.count(b"\n") * (width - 1)
    return clean_rows(width).fullmatch(data) is not None


def _read_quickly(labels: tuple[str, ...], data: bytes) -> pl.DataFrame | None:
    """Read the range by polars alone; None when a row in it is not clean."""
    if not _is_clean(len(labels), data) or data.startswith(BOM_UTF8):
        return None
    try:
        frame = _read_clean(labels, data)
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None
    return frame.with_columns(pl.lit(value=False).alias(RAGGED))


def _read_clean(labels: tuple[str, ...], data: bytes) -> pl.DataFrame:
    schema = dict.fromkeys(labels, pl.String)
    if not data:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(data, has_header=False, schema=schema)


def _read_mixed(labels: tuple[str, ...], data: bytes, first_row: int) -> pl.DataFrame:
    """Send the clean rows to polars and read the odd ones here; blank rows are dropped."""
    rows = _rows(data, first_row)
    clean = _clean_ones(len(labels), rows, quoted=b'"' in data)
    places = list(compress(range(len(rows)), clean))
    marks = pl.DataFrame(
        {RAGGED: [False] * len(places), ROW: places}, schema={RAGGED: pl.Boolean, ROW: pl.UInt32}
    )
    frame = _read_clean(labels, b"".join(row + b"\n" for row in compress(rows, clean)))
    odd = [(place, row) for place, row in enumerate(rows) if not clean[place] and not is_blank(row)]
    return pl.concat([frame.hstack(marks), _read_odd(labels, odd)]).sort(ROW).drop(ROW)


def _rows(data: bytes, first_row: int) -> list[bytes]:
    """Part the rows, each less its line feed."""
    if b'"' not in data:
        return data.split(b"\n")[:-1]
    ends = [0, *row_ends(data)]
    if ends[-1] != len(data):
        number = first_row + len(ends) - 1
        raise BadFileError(f"row {number} opens a quoted field that never closes")
    return [data[start : end - 1] for start, end in pairwise(ends)]


def _clean_ones(width: int, rows: Sequence[bytes], *, quoted: bool) -> list[bool]:
    if width == 1:  # a blank line looks like a row then
        return [False] * len(rows)
    # polars takes a mark at the start of what it is given for no text: here it is one
    if not quoted:
        return [row.count(b",") == width - 1 and not row.startswith(BOM_UTF8) for row in rows]
    matches = clean_row(width).fullmatch
    return [matches(row) is not None and not row.startswith(BOM_UTF8) for row in rows]


def _read_odd(labels: tuple[str, ...], odd: Sequence[tuple[int, bytes]]) -> pl.DataFrame:
    width = len(labels)
    rows: list[tuple[Any, ...]] = []
    for place, row in odd:
        texts, sound = fields_of(row)
        padded = [*texts[:width], *[None] * (width - len(texts))]
        rows.append((*padded, not sound or len(texts) != width, place))
    schema = {**dict.fromkeys(labels, pl.String), RAGGED: pl.Boolean, ROW: pl.UInt32}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _has_blanks(data: bytes) -> bool:
    """Whether a field may have blanks around it; a quoted one may even hold line feeds."""
    return not data.isascii() or any(mark in data for mark in _BLANK_MARKS)
