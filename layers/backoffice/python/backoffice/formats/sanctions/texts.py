"""A list's bytes as text and rows, or one sentence that says why they are none."""

import csv
from collections.abc import Iterator
from typing import Final

from backoffice.formats.delimited_bytes import Utf8Check
from backoffice.kernel.errors import BadFileError

MAX_BYTES: Final = 512 * 1024**2

_END_OF_FILE: Final = "\x1a"
"""Control-Z, by which the Treasury's files have ended since the days of CP/M."""


def text_of(data: bytes, file: str) -> str:
    """Decode UTF-8, with or without a byte order mark.

    Raises
    ------
    BadFileError
        When the file is empty, too large, or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise BadFileError(f"{file}: the file has more than {MAX_BYTES} bytes")
    check = Utf8Check()
    try:
        check.feed(data, final=True)
    except BadFileError as error:
        raise BadFileError(f"{file}: {error}") from None
    text = data.decode("utf-8-sig")
    if "\x00" in text:
        raise BadFileError(f"{file}: the file holds a NUL at character {text.index(chr(0))}")
    if not text.strip(f" \t\r\n{_END_OF_FILE}"):
        raise BadFileError(f"{file}: the file is empty")
    return text


def rows_of(text: str, file: str, columns: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of comma-separated text with the number of the line it ends on.

    Blank lines, and Control-Z at the end, are no rows.

    Raises
    ------
    BadFileError
        Naming the line, when a row has not `columns` fields or a quote is left open.
    """
    reader = csv.reader(text.rstrip(f"\r\n{_END_OF_FILE}").splitlines(keepends=True), strict=True)
    try:
        for row in reader:
            if not row:
                continue
            if len(row) != columns:
                raise BadFileError(
                    f"{file}, line {reader.line_num}: {len(row)} fields where {columns} belong;"
                    " the file is cut short or another one"
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise BadFileError(f"{file}, line {reader.line_num}: {error}") from None
