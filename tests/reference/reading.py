"""Delimited files as RFC 4180 has them: bytes in, trimmed text out."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

BLANKS = " \t"


class RefusedFileError(ValueError):
    """A file that is no file of its kind; the message is the reason."""


@dataclass(frozen=True)
class Table:
    """A header and its data rows, every field trimmed; blank lines are gone."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _is_blank(record: list[str]) -> bool:
    return not record or (len(record) == 1 and not record[0].strip())


def _records(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedFileError(f"not UTF-8 at byte {error.start}") from error
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise RefusedFileError(f"not RFC 4180: {error}") from error
    return [
        [field.strip(BLANKS) for field in record] for record in records if not _is_blank(record)
    ]


def read_table(content: bytes, required: frozenset[str]) -> Table:
    """Read a CSV file whose header must name every column of `required`.

    Raises
    ------
    RefusedFileError
        For a bad encoding, no header, a column named twice or a required one missing.
    """
    records = _records(content)
    if not records:
        raise RefusedFileError("no header")
    header = tuple(records[0])
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise RefusedFileError(f"column named twice: {', '.join(twice)}")
    missing = sorted(required - set(header))
    if missing:
        raise RefusedFileError(f"required column missing: {', '.join(missing)}")
    return Table(header, tuple(tuple(record) for record in records[1:]))
