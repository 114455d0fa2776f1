"""One streaming pass over delimited text: its hash, its header, and byte ranges of whole rows."""

import codecs
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from backoffice.formats.delimited_bytes import Utf8Check, blocks
from backoffice.formats.delimited_grammar import (
    MAX_ROW_BYTES,
    endless_line,
    is_blank,
    plain_rows,
    row_ends,
)
from backoffice.formats.delimited_header import header_names
from backoffice.kernel.errors import BadFileError

_MAX_ROWS: Final = 2**32 - 1
_BOM: Final = codecs.BOM_UTF8


@dataclass(frozen=True, slots=True)
class RowRange:
    """Whole rows of a file: bytes `start` to `end` (exclusive), the first one's number, how many.

    Rows are numbered from 1 over the whole file; blank lines are no rows.
    """

    start: int
    end: int
    first_row: int
    rows: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What one pass over a file found out; `size` is in bytes, `header` holds trimmed names.

    `set_aside` counts by their kind what are no rows: messages that tell of nothing to take.
    """

    sha256: str
    size: int
    header: tuple[str, ...]
    rows: int
    ranges: tuple[RowRange, ...]
    set_aside: tuple[tuple[str, int], ...] = ()


def plan(chunks: Iterable[bytes], target_bytes: int) -> Plan:
    """Hash a file, check its encoding and cut it into ranges of whole rows.

    Memory stays flat: a few MiB beside the largest chunk, whatever the file's size.

    Parameters
    ----------
    chunks
        The file's bytes in order, cut anywhere.
    target_bytes
        A range ends with the first row that brings it to this size.

    Raises
    ------
    BadFileError
        When the file is empty, is not UTF-8, has no good header, or has a row whose quoted field
        never closes or that is longer than `MAX_ROW_BYTES`.
    """
    digest, encoding, cutter = hashlib.sha256(), Utf8Check(), _Cutter(target_bytes)
    for block in blocks(chunks):
        digest.update(block)
        encoding.feed(block)
        cutter.feed(block)
    encoding.finish()
    cutter.finish()
    if cutter.header is None:
        raise BadFileError("the file is empty" if not cutter.size else "the file has no header")
    if cutter.rows > _MAX_ROWS:
        raise BadFileError(f"the file has more than {_MAX_ROWS} rows")
    return Plan(digest.hexdigest(), cutter.size, cutter.header, cutter.rows, tuple(cutter.ranges))


class _Cutter:
    """Counts rows and cuts ranges; holds back the unfinished row at a block's end."""

    def __init__(self, target_bytes: int) -> None:
        self.size = 0
        self.header: tuple[str, ...] | None = None
        self.rows = 0
        self.ranges: list[RowRange] = []
        self._target = target_bytes
        self._carry = b""
        self._range_start = 0
        self._range_rows = 0

    def feed(self, piece: bytes) -> None:
        block = self._carry + piece
        base = self.size - len(self._carry)
        self.size += len(piece)
        start = len(_BOM) if not base and block.startswith(_BOM) else 0
        if self.header is None:
            start = self._take_header(block, start, base)
        if self.header is not None:
            take = self._take_quoted if block.find(b'"', start) >= 0 else self._take_plain
            start = take(block, start, base)
        self._carry = block[start:]
        if len(self._carry) >= MAX_ROW_BYTES:
            raise self._endless()

    def finish(self) -> None:
        """End the last row, be it without its line feed, and the last range."""
        true_size = self.size
        if self._carry:
            self.feed(b"\n")
            self.size = true_size
        if self._carry:
            raise BadFileError(f"{self._where()} opens a quoted field that never closes")
        self._close_range(true_size)
        if self.ranges:
            self.ranges[-1] = replace(self.ranges[-1], end=min(self.ranges[-1].end, true_size))

    def _take_header(self, block: bytes, start: int, base: int) -> int:
        """Read the first row that is not blank; return where it ends, or `start` if it does not."""
        for end in row_ends(block, start):
            row = block[start:end]
            start = end
            self._refuse_long(len(row))
            if not is_blank(row):
                self.header = header_names(row)
                self._range_start = base + start
                break
        return start

    def _take_plain(self, block: bytes, start: int, base: int) -> int:
        last = block.rfind(b"\n", start) + 1
        while start < last:
            full = self._range_start + self._target - base
            cut = block.find(b"\n", max(start, full - 1), last) + 1
            end = cut or last
            rows = plain_rows(block, start, end)
            self._refuse_long_lines(block, start, end)
            self._add(rows)
            if cut:
                self._close_range(base + cut)
            start = end
        return start

    def _take_quoted(self, block: bytes, start: int, base: int) -> int:
        for end in row_ends(block, start):
            row = block[start:end]
            start = end
            self._refuse_long(len(row))
            self._add(not is_blank(row))
            if base + start - self._range_start >= self._target:
                self._close_range(base + start)
        return start

    def _add(self, rows: int) -> None:
        self.rows += rows
        self._range_rows += rows

    def _close_range(self, end: int) -> None:
        """End the range here; one without rows is nothing to read."""
        if self._range_rows:
            first = self.rows - self._range_rows + 1
            self.ranges.append(RowRange(self._range_start, end, first, self._range_rows))
        self._range_start, self._range_rows = end, 0

    def _refuse_long_lines(self, block: bytes, start: int, end: int) -> None:
        endless = endless_line(block, start, end)
        if endless is not None:
            self._add(plain_rows(block, start, endless))
            raise self._endless()

    def _refuse_long(self, length: int) -> None:
        if length > MAX_ROW_BYTES:
            raise self._endless()

    def _endless(self) -> BadFileError:
        limit = f"longer than {MAX_ROW_BYTES} bytes"
        return BadFileError(f"{self._where()} is {limit} or opens a quote that never closes")

    def _where(self) -> str:
        return "the header" if self.header is None else f"row {self.rows + 1}"
