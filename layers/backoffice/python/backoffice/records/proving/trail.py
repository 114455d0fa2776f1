"""What a record came from: the file and its entry, the books that name it, what people did."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from backoffice.clearance.trails import opened_on, trails_prefix
from backoffice.intake.documents import CLOSE, CUT_OFF, FileEntry, entries_prefix, frozen_key
from backoffice.kernel.books import state_key
from backoffice.kernel.parts import Part
from backoffice.records.listing import record_id
from backoffice.records.proving.proofs import Archive, Item, NotProvableError, prove
from backoffice.records.search.find import Finder, Query

_MOST: Final = 40
"""How many records a trail has at most: what more there is, the search finds."""
_ENCLOSED: Final = 1 << 20
"""Bytes of a trail's record up to which they are enclosed; above, its hash is proven alone."""


def prove_record(archive: Archive, finder: Finder, asked: str) -> bytes:
    """Prove what an id leads to: a record's id or key, or any id of a row in a record.

    Raises
    ------
    NotProvableError
        When nothing sealed is known by it.
    """
    rows = _rows(finder, asked) or _rows(finder, record_id(asked))
    if not rows:
        raise NotProvableError(f"no sealed record is known by {asked}")
    items: dict[str, tuple[Item, date]] = {}
    for at, row in enumerate(rows):
        why = "what was asked for" if at == 0 else f"{asked} stands here too"
        place = Item(row["key"], why, row["row"])
        items.setdefault(row["key"], (place, date.fromisoformat(row["sealed_in"])))
    for row in rows:
        for key, why in _came_from(archive, row):
            if key not in items and len(items) < _MOST and (day := _sealed_in(finder, key)):
                items[key] = (Item(key, why, encloses=_is_small(archive, key)), day)
    return prove(archive, asked, items.values(), archive.records.read_bytes)


def _came_from(archive: Archive, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name what a found row came from, each with a sentence."""
    records, key = archive.records, str(row["key"])
    sealed_in = date.fromisoformat(row["sealed_in"])
    yield from _named_by(archive, key, sealed_in)
    if archive.is_gone(key):
        return
    if key.startswith("intake/") and "/files/" in key:
        yield from _of_entry(records.read_bytes(key), "the file as it came")
    if row["row"] is not None and key.endswith(".parquet"):
        yield from _file_of(archive, key, row["row"])
    if row["kind"] == "case":
        prefix = f"{trails_prefix(opened_on(row['id']))}{row['id']}/"
        for act in records.keys(prefix):
            yield act, "what was done about the case"


def _named_by(archive: Archive, key: str, day: date) -> Iterator[tuple[str, str]]:
    """Name the day's frozen inputs and sealed books, as far as they name the record."""
    records = archive.records
    for phase in (CUT_OFF, CLOSE):
        frozen = frozen_key(day, phase)
        if key.encode() in (records.find_bytes(frozen) or b""):
            yield frozen, f"what the {phase} of {day} took"
    state = records.read_bytes(state_key(day, "closed"))
    if key.encode() in state:
        sha256 = records.sha256(state_key(day, "closed"))
        for leaf, _ in archive.leaves(day).values():
            if leaf.sha256 == sha256:
                yield leaf.key, f"the books of {day}, which name it"


def _file_of(archive: Archive, key: str, row: int) -> Iterator[tuple[str, str]]:
    """Name the file that a row came in by, and its entry."""
    records = archive.records
    said = records.read(Part(key=key, sha256="", rows=0)).row(row, named=True)
    partner, file, day = (said.get(name) for name in ("partner", "file", "business_date"))
    if not (partner and file and isinstance(day, date)):
        return
    for entry in records.keys(f"{entries_prefix(day)}{partner}/"):
        if entry.endswith(f"/{file}.json"):
            yield entry, f"the entry of the file {file}, row {said.get('row')}"
            yield from _of_entry(records.read_bytes(entry), f"the file {file} as it came")


def _of_entry(body: bytes, why: str) -> Iterator[tuple[str, str]]:
    try:
        entry = FileEntry.model_validate(json.loads(body))
    except ValueError:
        return
    if entry.original:
        yield entry.original, why


def _sealed_in(finder: Finder, key: str) -> date | None:
    rows = _rows(finder, record_id(key))
    return date.fromisoformat(rows[0]["sealed_in"]) if rows else None


def _rows(finder: Finder, name: str) -> tuple[dict[str, Any], ...]:
    # who proves holds the store itself
    return finder.find(Query(id=name, confidential=True)).rows


def _is_small(archive: Archive, key: str) -> bool:
    if archive.is_gone(key):
        return False
    (start,) = archive.records.read_starts([key], _ENCLOSED + 1)
    return len(start) <= _ENCLOSED
