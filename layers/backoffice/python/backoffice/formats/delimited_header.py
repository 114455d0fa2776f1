"""The header of delimited text: its columns' names."""

import re
from collections import Counter
from typing import Final

from backoffice.formats.delimited_grammar import fields_of
from backoffice.kernel.errors import BadFileError

MAX_COLUMNS: Final = 1_000
_COLUMN_NAME: Final = re.compile("[a-z][a-z0-9_]{0,59}")


def header_names(row: bytes) -> tuple[str, ...]:
    """Read the header; a column without a name is called by its place.

    Raises
    ------
    BadFileError
        When it cannot be read, names a column twice or too many of them.
    """
    texts, sound = fields_of(row)
    if not sound:
        raise BadFileError("the header has text after a closing quote")
    if b"\r" in row.rstrip() and b'"' not in row:
        raise BadFileError("the lines end in a lone carriage return")
    names = [text.strip() or f"column_{place}" for place, text in enumerate(texts, start=1)]
    if len(names) > MAX_COLUMNS:
        raise BadFileError(f"the header names {len(names)} columns, more than {MAX_COLUMNS}")
    name, times = Counter(names).most_common(1)[0]
    if times > 1:
        raise BadFileError(f"the header names the column {_told(names, name)} twice")
    return tuple(names)


def _told(names: list[str], name: str) -> str:
    """Repeat a name as columns have them; of any other text, which may be data, say where."""
    if _COLUMN_NAME.fullmatch(name):
        return name
    return f"of its place {names.index(name) + 1}"
