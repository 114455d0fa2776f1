"""One streaming pass over a file of FIX: its hash, its rows, and byte ranges of whole ones."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from backoffice.formats.delimited import Plan, RowRange
from backoffice.formats.delimited_bytes import blocks
from backoffice.formats.delimited_grammar import MAX_ROW_BYTES, endless_line, plain_rows
from backoffice.formats.fix.lines import has_message, lines_set_aside
from backoffice.intake.file_columns import SCHEMAS
from backoffice.kernel.errors import BadFileError

COLUMNS: Final = tuple(column.name for column in SCHEMAS["trades"])
_BOM: Final = b"\xef\xbb\xbf"
_MAX_ROWS: Final = 2**32 - 1
_NO_MESSAGE: Final = "no line of the file begins as a message of FIX 4.4 does: 8=FIX.4.4, 9=, 35="


def plan_messages(chunks: Iterable[bytes], target_bytes: int) -> Plan:
    """Hash a file of messages, one a line, and cut it into ranges of whole rows.

    A row is a line that is not blank and is not set aside (`lines.set_aside`).

    Parameters
    ----------
    chunks
        The file's bytes in order, cut anywhere.
    target_bytes
        A range ends with the first line that brings it to this size.

    Returns
    -------
    Plan
        Its `header` names the columns of trades, whichever the messages fill.

    Raises
    ------
    BadFileError
        When not one line begins as a message of FIX 4.4, or one is longer than `MAX_ROW_BYTES`.
    """
    digest, cutter = hashlib.sha256(), _Cutter(target_bytes)
    for block in blocks(chunks):
        digest.update(block)
        cutter.feed(block)
    cutter.finish()
    if not cutter.is_fix:
        raise BadFileError(_NO_MESSAGE if cutter.size else "the file is empty")
    if cutter.rows > _MAX_ROWS:
        raise BadFileError(f"the file has more than {_MAX_ROWS} rows")
    aside = tuple(sorted(cutter.set_aside.items()))
    ranges = tuple(cutter.ranges)
    return Plan(digest.hexdigest(), cutter.size, COLUMNS, cutter.rows, ranges, aside)


class _Cutter:
    """Counts rows and cuts ranges; holds back the unfinished line at a block's end."""

    def __init__(self, target_bytes: int) -> None:
        self.size = 0
        self.rows = 0
        self.is_fix = False
        self.set_aside: Counter[str] = Counter()
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
        if not base:
            self._range_start = start
        last = block.rfind(b"\n") + 1
        while start < last:
            full = self._range_start + self._target - base
            cut = block.find(b"\n", max(start, full - 1), last) + 1
            end = cut or last
            self._take(block, start, end)
            if cut:
                self._close_range(base + cut)
            start = end
        self._carry = block[start:]
        if len(self._carry) >= MAX_ROW_BYTES:
            raise self._endless()

    def finish(self) -> None:
        """End the last line, be it without its line feed, and the last range."""
        true_size = self.size
        if self._carry:
            self.feed(b"\n")
            self.size = true_size
        self._close_range(true_size)
        if self.ranges:
            self.ranges[-1] = replace(self.ranges[-1], end=min(self.ranges[-1].end, true_size))

    def _take(self, block: bytes, start: int, end: int) -> None:
        """Count the rows of whole lines, and what is set aside among them."""
        endless = endless_line(block, start, end)
        lines = block[start : end if endless is None else endless]
        aside = Counter(kind for _, _, kind in lines_set_aside(lines))
        self._add(plain_rows(lines, 0, len(lines)) - aside.total())
        self.set_aside += aside
        self.is_fix = self.is_fix or has_message(lines)
        if endless is not None:
            raise self._endless()

    def _add(self, rows: int) -> None:
        self.rows += rows
        self._range_rows += rows

    def _close_range(self, end: int) -> None:
        """End the range here; one without rows is nothing to read."""
        if self._range_rows:
            first = self.rows - self._range_rows + 1
            self.ranges.append(RowRange(self._range_start, end, first, self._range_rows))
        self._range_start, self._range_rows = end, 0

    def _endless(self) -> BadFileError:
        return BadFileError(f"row {self.rows + 1} is longer than {MAX_ROW_BYTES} bytes")
