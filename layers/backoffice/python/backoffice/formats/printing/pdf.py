"""A sheet as PDF: tagged, with its fonts in it, the same bytes for the same sheet."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from backoffice.formats.printing.sheet import Sheet

_TEMPLATES: Final = Path(__file__).parent / "templates"
_LONGEST: Final = 24
_MAY_BREAK: Final = "\N{ZERO WIDTH SPACE}"


@cache
def _compiler() -> typst.Compiler:
    """Make the compiler, which every sheet of a worker's life is set by.

    The fonts are those the library carries (OFL and its like), never the machine's: what a client
    gets does not hang on where it was made.
    """
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return typst.Compiler(_TEMPLATES / "sheet.typ", font_paths=fonts, ignore_system_fonts=True)


def to_pdf(sheet: Sheet) -> bytes:
    """Set a sheet.

    What a sheet says is data to the template, never text of it: nothing in a name is a command.
    """
    made = datetime(sheet.dated.year, sheet.dated.month, sheet.dated.day, tzinfo=UTC)
    said = json.dumps(_breakable(sheet.as_json()), ensure_ascii=False)
    body = _compiler().compile(
        sys_inputs={"sheet": said}, format="pdf", timestamp=int(made.timestamp())
    )
    if not isinstance(body, bytes):
        raise TypeError("the compiler gave no PDF")
    return body


def _breakable(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Let words that are longer than any column is wide be broken; others stay as they are."""
    if isinstance(value, str):
        if len(value) <= _LONGEST:
            return value
        return " ".join(map(_broken, value.split(" ")))
    if isinstance(value, dict):
        return {name: _breakable(inner) for name, inner in value.items()}
    return [_breakable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _broken(word: str) -> str:
    if len(word) <= _LONGEST or not any(character.isalpha() for character in word):
        return word
    return _MAY_BREAK.join(word[at : at + 8] for at in range(0, len(word), 8))
