"""A row as a partner sent it, found again in the file that is kept."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from backoffice.console.pages import Shelf
from backoffice.formats.fix.lines import set_aside
from backoffice.intake.documents import FileEntry, entries_prefix
from backoffice.intake.originals import SEALED_MARK

_LARGEST: Final = 64 * 2**20
"""Bytes of a file up to which a page reads through it for a row."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where a row stands, and its fields by the header's names; none where they are not kept."""

    partner: str
    file: str
    row: int
    fields: tuple[tuple[str, str], ...]
    text: str


def source_of(shelf: Shelf, trade: Mapping[str, Any]) -> SourceRow | None:
    """Return the row of a file that a trade came by; None for one that an app sent."""
    found = entry_of(shelf, trade["partner"], trade["business_date"], trade["file"])
    if found is None:
        return None
    entry, number = found[1], int(trade["row"])
    place = (entry.drop.partner, entry.drop.name, number)
    if entry.original is None or entry.size > _LARGEST:
        return SourceRow(*place, (), "")
    body = shelf.records.read_bytes(entry.original)
    if body.startswith(SEALED_MARK):
        return SourceRow(*place, (), "")
    text = body.decode("utf-8-sig", errors="replace")
    if entry.drop.name.endswith(".csv"):
        return SourceRow(*place, *_of_csv(text, number))
    return SourceRow(*place, (), _of_fix(body, number).replace("\x01", "|"))


def entry_of(shelf: Shelf, partner: str, day: date, file: str) -> tuple[str, FileEntry] | None:
    """Return the entry by which a file was committed, and its key."""
    for key in shelf.records.keys(f"{entries_prefix(day)}{partner}/"):
        if key.endswith(f"/{file}.json"):
            return key, FileEntry.model_validate_json(shelf.records.read_bytes(key))
    return None


def _of_csv(text: str, number: int) -> tuple[tuple[tuple[str, str], ...], str]:
    reader = csv.reader(io.StringIO(text, newline=""))
    filled = (row for row in reader if any(field.strip() for field in row))
    header = next(filled, [])
    row = next(islice(filled, number - 1, None), [])
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(row)
    return tuple(zip(header, row, strict=False)), written.getvalue()


def _of_fix(body: bytes, number: int) -> str:
    """Return the message that is a row by its number, as whoever reads the file counts them."""
    lines = (line.rstrip(b"\r") for line in body.split(b"\n"))
    rows = (line for line in lines if line.strip() and set_aside(line) is None)
    return next(islice(rows, number - 1, None), b"").decode(errors="replace")
