"""A sheet as PDF: tagged, with its fonts in it, the same bytes for the same sheet."""

import json
from dataclasses import fields, is_dataclass
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
        said = {one.name: plain(getattr(value, one.name)) for one in fields(value)}
        return said | _lengths(fit[id(value)]) if isinstance(value, Table) else said

    laid_out: dict[str, Any] = plain(sheet)
    return laid_out


def _lengths(fit: Fit) -> dict[str, Any]:
    return {"size": fit.size, "widths": fit.widths, "inset": INSET}


def _breakable(text: str) -> str:
    """Let words that are longer than any column is wide be broken; others stay as they are."""
    return text if len(text) <= _LONGEST else " ".join(map(_broken, text.split(" ")))


def _broken(word: str) -> str:
    if len(word) <= _LONGEST or not any(character.isalpha() for character in word):
        return word
    return _MAY_BREAK.join(word[at : at + 8] for at in range(0, len(word), 8))
