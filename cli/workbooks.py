"""Rows of a view or a statement as an XLSX workbook: figures are numbers, dates are dates.

Excel keeps a number as a binary float of 15 significant digits: every figure of at most so many is
shown and summed as it stands in the books; a longer one is written as text, to the last digit.
No text is ever a formula, neither as it is opened nor once somebody edits its cell.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cli.column_types import DATES, FIGURES
from cli.platform import PlatformError

_FIGURE: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR: Final = "1900"
_MOST_DIGITS: Final = 15
_MOST_ROWS: Final = 1_048_576
_MOST_CHARACTERS: Final = 32_767
_MANY: Final = 5_000
"""So many rows are written as they come, not kept until the end."""
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What a spreadsheet takes the text behind for a formula, a command or a call."""
_WIDEST, _NARROWEST, _PADDING = 60, 8, 2
_STRONG: Final = frozenset({"TOTAL", "OPENING", "CLOSING"})
_FIRST: Final = 3
"""Title, what it is of, an empty row; then the names of the columns."""

Row = Mapping[str, str | None]


def workbook(title: str, about: str, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Write a workbook of one sheet.

    Parameters
    ----------
    title, about
        What stands above the table.
    columns
        Their names, as in `rows`.
    rows
        Text, as an export says it; null is an empty cell.

    Raises
    ------
    TooLargeError
        When a sheet does not hold so many rows, or a cell so long a text.
    """
    if len(rows) > _MOST_ROWS - _FIRST - 1:
        raise TooLargeError(f"{len(rows):,} rows are more than a sheet holds")
    body = io.BytesIO()
    with Workbook(body, {"constant_memory": len(rows) > _MANY}) as book:
        book.set_properties({"title": title, "created": datetime(2000, 1, 1)})  # noqa: DTZ001
        sheet = book.add_worksheet(title[:31])
        formats = _Formats(book)
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, about)
        for at, name in enumerate(columns):
            side = "right" if name in FIGURES else "left"
            sheet.write_string(_FIRST, at, name.replace("_", " "), formats.heading(side))
        for down, row in enumerate(rows, _FIRST + 1):
            for at, name in enumerate(columns):
                _cell(sheet, formats, (down, at), name, row)
        _lay_out(sheet, columns, rows)
        if rows and "line" not in columns:
            sheet.autofilter(_FIRST, 0, _FIRST + len(rows), len(columns) - 1)
    return body.getvalue()


def workbook_of(what: str, body: bytes, date: datetime | None, known_at: datetime | None) -> bytes:
    """Lay a view, given as CSV, out as a workbook.

    Raises
    ------
    TooLargeError
        As `workbook` does.
    """
    lines = csv.reader(io.StringIO(body.decode(), newline=""))
    columns = next(lines, [])
    rows = [{n: text or None for n, text in zip(columns, line, strict=True)} for line in lines]
    of = f"as of {date:%Y-%m-%d}" if date else "as it stands"
    known = f", as known on {known_at:%Y-%m-%d}" if known_at else ""
    return workbook(what.replace("-", " ").capitalize(), of + known, columns, rows)


class TooLargeError(PlatformError):
    """A workbook cannot hold what was asked for; CSV and JSON can."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}: ask for csv or json instead")


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def of(self, **look: object) -> Format:
        """Return the format that looks so."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(look))
        return self._made[key]

    def heading(self, side: str) -> Format:
        """Return that of a column's name."""
        return self.of(bold=True, bottom=1, align=side)


def _cell(sheet: Worksheet, formats: _Formats, place: tuple[int, int], name: str, row: Row) -> None:
    text, strong = row.get(name), row.get("line") in _STRONG
    if text is None:
        return
    if name in FIGURES and _FIGURE.fullmatch(text):
        decimals = len(text.partition(".")[2])
        shape = "#,##0" + (f".{'0' * decimals}" if decimals else "")
        if sum(each.isdigit() for each in text.lstrip("-0.")) <= _MOST_DIGITS:
            sheet.write_number(*place, Decimal(text), formats.of(num_format=shape, bold=strong))
        else:
            sheet.write_string(
                *place, text, formats.of(align="right", bold=strong, quote_prefix=True)
            )
    elif name in DATES and _DATE.fullmatch(text) and text >= _FIRST_YEAR:
        day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007
        look = formats.of(num_format="yyyy-mm-dd", align="left", bold=strong)
        sheet.write_datetime(*place, day, look)
    else:
        _text(sheet, place, text, formats.of(bold=strong, **_quoted(text)))


def _quoted(text: str) -> dict[str, Any]:
    """Mark what looks like a formula as a text, as a leading apostrophe does."""
    return {"quote_prefix": True} if text.startswith(_FORMULAS) else {}


def _text(sheet: Worksheet, place: tuple[int, int], text: str, look: Format) -> None:
    if len(text) > _MOST_CHARACTERS:
        raise TooLargeError(f"a text of {len(text):,} characters is more than a cell holds")
    sheet.write_string(*place, text, look)


def _lay_out(sheet: Worksheet, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Make columns wide enough, keep the heading in sight and on every printed page."""
    for at, name in enumerate(columns):
        longest = max((len(_shown(name, row)) for row in rows), default=0)
        width = max(longest, len(name), _NARROWEST) + _PADDING
        sheet.set_column(at, at, min(width, _WIDEST))
    sheet.freeze_panes(_FIRST + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST)
    sheet.set_footer("&L&F&RPage &P of &N")


def _shown(name: str, row: Row) -> str:
    text = row.get(name) or ""
    return f"{text}{' ' * (len(text) // 3)}" if name in FIGURES else text
