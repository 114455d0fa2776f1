"""The grammar of delimited text, said once: what a row is, what a field is, what is clean.

A quote opens only at a field's start; anywhere else it is text. Inside quotes a newline, a comma
and a doubled quote are text. Rows end with a line feed, a carriage return before it is dropped.
The possessive quantifiers keep every pattern linear, whatever the bytes.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

MAX_ROW_BYTES: Final = 2**20
"""A longer row is no row of any file we know; the bound keeps memory flat on broken quotes."""

_FIELD: Final = rb'(?:"(?:[^"]++|"")*+"[^,\n]*+|[^",\n][^,\n]*+|)'
_ROWS: Final = re.compile(
    rb"(?P<row>[^\"\n]*+\n|" + _FIELD + rb"(?:," + _FIELD + rb")*+\n)|(?P<rest>(?s:.+))"
)
_PARTS: Final = re.compile(rb'(?:"((?:[^"]++|"")*+)"([^,]*+)|([^,]*+))(,|\Z)')
_CLEAN_FIELD: Final = rb'(?:"(?:[^"]++|"")*+"|[^",\n]*+)'
_BLANK_AFTER: Final = re.compile(rb"\n[ \t\r\v\f]*+(?=\n)")


def row_ends(block: bytes, start: int = 0) -> Iterator[int]:
    """Yield where each row of a block ends, just past its line feed.

    `start` is a row's start. What follows the last end is an unfinished row: it lacks its line
    feed, or the quote that would close it.
    """
    for match in _ROWS.finditer(block, start):
        if match.lastgroup == "rest":
            return
        yield match.end()


def is_blank(row: bytes) -> bool:
    """Whether a row holds only blanks, and so is none."""
    return not row.strip()


def plain_rows(block: bytes, start: int, end: int) -> int:
    """Count the rows of whole lines without quotes, blank ones left out."""
    lines = block.count(b"\n", start, end)
    if not lines:
        return 0
    first = block[start : block.index(b"\n", start) + 1]
    # a match needs the line feed after the blank line, which `end` still holds
    blank = sum(1 for _ in _BLANK_AFTER.finditer(block, start, end))
    return lines - blank - is_blank(first)


def endless_line(block: bytes, start: int, end: int) -> int | None:
    """Return where a line longer than `MAX_ROW_BYTES` begins, of whole lines; None without one.

    It leaps from line feed to line feed: a longer line holds a stretch without one.
    """
    while end - start > MAX_ROW_BYTES:
        feed = block.rfind(b"\n", start, start + MAX_ROW_BYTES)
        if feed < 0:
            return start
        start = feed + 1
    return None


def fields_of(row: bytes) -> tuple[list[str], bool]:
    """Read the fields of one row, with its line feed or without.

    Returns
    -------
    tuple
        The texts, and whether every quoted field ended where its quote closed (blanks after the
        quote do no harm).
    """
    line = row.removesuffix(b"\n").removesuffix(b"\r")
    texts: list[str] = []
    sound = True
    for match in _PARTS.finditer(line):
        quoted, garbage, plain, mark = match.groups()
        if quoted is None:
            texts.append(plain.decode())
        else:
            texts.append((quoted.replace(b'""', b'"') + garbage).decode())
            sound = sound and is_blank(garbage)
        if not mark:
            break
    return texts, sound


@lru_cache(maxsize=64)
def clean_row(width: int) -> re.Pattern[bytes]:
    """Match a row of exactly `width` fields, quoted whole or not at all, less its line feed."""
    return re.compile(_clean(width))


@lru_cache(maxsize=64)
def clean_rows(width: int) -> re.Pattern[bytes]:
    """Match any number of such rows, each with its line feed."""
    return re.compile(rb"(?:" + _clean(width) + rb"\n)*+")


def _clean(width: int) -> bytes:
    return _CLEAN_FIELD + rb"(?:," + _CLEAN_FIELD + rb"){%d}\r?" % (width - 1)
