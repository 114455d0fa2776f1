"""Messages read one by one: of an order of tags that is rare, with data, or in another encoding."""

import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from backoffice.formats.fix.lines import Fields, checksum, fields_of
from backoffice.formats.fix.structures import NO_FIELDS, Structure, structure_of
from backoffice.formats.fix.tag_columns import (
    ENTRIES,
    FAULT,
    NOTHING,
    ROW,
    SIZE,
    SUM,
    UNKNOWN,
    UNKNOWN_NAMES,
)
from backoffice.formats.fix.tags import PASSED


def read_one_by_one(lines: Sequence[tuple[int, bytes]]) -> pl.DataFrame:
    """Read messages, each with its number, as `messages.message_fields` does many."""
    rows = [{ROW: place, **_read_one(line)} for place, line in lines]
    names = {name: pl.String for row in rows for name in row}
    counts = {name: pl.Int64 for name in names if name[0] == ENTRIES}
    return pl.DataFrame(rows, schema={**names, **counts, **NOTHING.schema})


def _read_one(line: bytes) -> dict[str, Any]:
    fields = fields_of(line)
    structure = structure_of(fields.tags) if fields else Structure(fault=NO_FIELDS)
    if fields is None or structure.fault:
        return {FAULT: structure.fault}
    texts = [_text(value, in_utf8=is_utf8(line)) for value in fields.values]
    known = {
        column: texts[place] for column, place in structure.places.items() if column not in PASSED
    }
    said = {f"{ENTRIES}{tag}": count for tag, count in structure.entries.items()}
    unknown = {
        tag: [texts[at] or None for at in places] for tag, places in structure.unknown.items()
    }
    names = {UNKNOWN: _json_of(unknown), UNKNOWN_NAMES: ",".join(unknown) or None}
    return {**known, **said, **names, **_said_of(line, fields)}


def _text(value: bytes, *, in_utf8: bool) -> str:
    """Read a value; data may be cut within a letter."""
    return value.decode() if in_utf8 and is_utf8(value) else value.decode("latin-1")


def _json_of(unknown: dict[str, list[str | None]]) -> str | None:
    if not any(text for texts in unknown.values() for text in texts):
        return None
    shown = {tag: texts[0] if len(texts) == 1 else texts for tag, texts in unknown.items()}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _said_of(line: bytes, fields: Fields) -> dict[str, int]:
    """Return what BodyLength and CheckSum should say of a line whose last field is 10."""
    end = len(line) - len(fields.values[-1]) - len("10=") - line.endswith(fields.separator)
    start = sum(len(value) for value in fields.values[:2]) + len("8=|9=|")
    return {SIZE: end - start, SUM: checksum(line[:end], fields.separator)}


def is_utf8(text: bytes) -> bool:
    """Whether bytes are UTF-8; what is not is read as ISO 8859-1, which gives any byte a letter."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
