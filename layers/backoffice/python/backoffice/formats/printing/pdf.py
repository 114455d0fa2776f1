"""A sheet as PDF: tagged, with its fonts in it, the same bytes for the same sheet."""

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from backoffice.formats.printing.fitting import INSET, Advances, Fit, fits
from backoffice.formats.printing.languages import MINUS, NO_BREAK
from backoffice.formats.printing.sheet import Sheet, Table

_TEMPLATES: Final = Path(__file__).parent / "templates"
_WEIGHTS: Final = ("regular", "bold")
_MEASURED: Final = (
    "".join(one for one in map(chr, range(0x20, 0x180)) if one.isprintable() or one == NO_BREAK)
    + MINUS
)
"""Latin letters, figures and signs; of any other a text's width is taken to be the widest."""
_LONGEST: Final = 24
_PIECE: Final = 4
"""Letters of a word that its column does not hold: so many always stand beside figures."""
_MAY_BREAK: Final = "\N{ZERO WIDTH SPACE}"


@cache
def _compiler(template: str, measured: str = "") -> typst.Compiler:
    """Make the compiler of a template, which every sheet of a worker's life is set by.

    The fonts are those the library carries (OFL and its like), never the machine's: what a client
    gets does not hang on where it was made.
    """
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return typst.Compiler(
        _TEMPLATES / template,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"characters": measured},
    )


@cache
def advances() -> Advances:
    """Measure the characters that figures and heads are written with."""
    said = _compiler("advances.typ", _MEASURED).query("<advances>", field="value", one=True)
    widths = json.loads(said)
    regular, bold = (dict(zip(_MEASURED, widths[name], strict=True)) for name in _WEIGHTS)
    return Advances(regular, bold)


def to_pdf(sheet: Sheet) -> bytes:
    """Set a sheet.

    What a sheet says is data to the template, never text of it: nothing in a name is a command.
    """
    made = datetime(sheet.dated.year, sheet.dated.month, sheet.dated.day, tzinfo=UTC)
    said = json.dumps(_laid_out(sheet), ensure_ascii=False)
    body = _compiler("sheet.typ").compile(
        sys_inputs={"sheet": said}, format="pdf", timestamp=int(made.timestamp())
    )
    if not isinstance(body, bytes):
        raise TypeError("the compiler gave no PDF")
    return body


def _laid_out(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as the template reads it, with the sizes and widths that its tables have."""
    fit = fits(sheet, advances())

    def plain(value: Any) -> Any:  # noqa: ANN401 - any part of a sheet
        if isinstance(value, str):
            return _breakable(value)
        if isinstance(value, list | tuple):
            return list(map(plain, value))
        if isinstance(value, date):
            return [value.year, value.month, value.day]
        if not is_dataclass(value) or isinstance(value, type):
            return value
        if isinstance(value, Table):
            return written(_held(value, fit[id(value)])) | _lengths(fit[id(value)])
        return written(value)

    def written(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any block
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}

    laid_out: dict[str, Any] = plain(sheet)
    return laid_out


def _lengths(fit: Fit) -> dict[str, Any]:
    return {"size": fit.size, "widths": fit.widths, "inset": INSET}


def _held(table: Table, fit: Fit) -> Table:
    """Let words be broken that their columns do not hold: nothing else would keep them there."""

    @cache
    def cut(word: str) -> str:
        return word if fit.holds(word, advances()) else _cut(word, _PIECE)

    def held(text: str) -> str:
        return " ".join(map(cut, text.split(" ")))

    return replace(
        table,
        columns=[
            replace(one, head=held(one.head)) if width is None else one
            for one, width in zip(table.columns, fit.widths, strict=True)
        ],
        rows=_with_texts(table.rows, fit, held),
        totals=_with_texts(table.totals, fit, held),
    )


def _with_texts(
    rows: Sequence[Sequence[str]], fit: Fit, held: Callable[[str], str]
) -> list[list[str]]:
    texts = [width is None for width in fit.widths]
    return [
        [held(cell) if text else cell for cell, text in zip(row, texts, strict=True)]
        for row in rows
    ]


def _breakable(text: str) -> str:
    """Let words that are longer than any column is wide be broken; others stay as they are."""
    return text if len(text) <= _LONGEST else " ".join(map(_broken, text.split(" ")))


def _broken(word: str) -> str:
    if len(word) <= _LONGEST or not any(character.isalpha() for character in word):
        return word
    return _cut(word, 8)


def _cut(word: str, size: int) -> str:
    return _MAY_BREAK.join(word[at : at + size] for at in range(0, len(word), size))
