"""Freeze what a phase of a business day reads: the committed files, once and for all."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from backoffice.intake.documents import (
    CLOSE,
    CUT_OFF,
    FileEntry,
    FrozenInputs,
    frozen_key,
)
from backoffice.intake.schemas import controlled_name
from backoffice.kernel.books import Books, latest, state_key
from backoffice.kernel.parts import Document, Records

AT_CLOSE = frozenset({"status", "holdings", "cash"})


class Frozen(Document):
    """The outcome: FROZEN (go on), DONE (this phase is complete already) or REFUSED (why)."""

    outcome: Literal["FROZEN", "DONE", "REFUSED"]
    day: date
    inputs: str | None = None
    reason: str | None = None


def freeze_cut_off(records: Records, day: date) -> Frozen:
    """Freeze the files of `day`: every committed file up to its date that no freeze took before.

    A file that its control file refused is taken once more when another control file has come.
    """
    if records.find_bytes(state_key(day, "cut-off")) is not None:
        return Frozen(outcome="DONE", day=day)
    books = latest(records)
    if reason := _why_not(books, day):
        return Frozen(outcome="REFUSED", day=day, reason=reason)
    entries = _unfrozen(records, day)
    entries += _reopened(entries, books.refused if books else ())
    return _freeze(records, day, CUT_OFF, entries, books)


def freeze_close(records: Records, day: date) -> Frozen:
    """Freeze the statements and settlement messages that came for `day` since its cut-off."""
    if records.find_bytes(state_key(day, "closed")) is not None:
        return Frozen(outcome="DONE", day=day)
    books = latest(records)
    if books is None or books.day != day:
        return Frozen(outcome="REFUSED", day=day, reason=f"{day} has had no cut-off yet")
    entries = [key for key in _unfrozen(records, day) if _is_for_close(records, key)]
    return _freeze(records, day, CLOSE, entries, books)


def frozen_entries(records: Records, inputs: str) -> list[FileEntry]:
    """Read the entries of frozen inputs."""
    frozen = FrozenInputs.model_validate_json(records.read_bytes(inputs))
    return [FileEntry.model_validate_json(records.read_bytes(key)) for key in frozen.entries]


def taken_before(records: Records, entries: Iterable[FileEntry]) -> frozenset[str]:
    """Name the entries that freezes took, but for these; what no freeze took is not there yet."""
    return frozenset(_taken(records).difference(entry.key for entry in entries))


def _why_not(books: Books | None, day: date) -> str | None:
    if books is None or (books.day < day and books.phase == "closed"):
        return None
    if books.phase == "cut-off" and books.day < day:
        return f"{books.day} is cut off but not closed; close it before {day}"
    return f"{day} is before {books.day}, whose books are closed; business days run in date order"


def _freeze(
    records: Records, day: date, phase: str, entries: list[str], books: Books | None
) -> Frozen:
    previous = state_key(books.day, books.phase) if books else None
    frozen = FrozenInputs(day=day, phase=phase, previous=previous, entries=tuple(entries))
    key = frozen_key(day, phase)
    # whoever writes first decides; a later caller goes on with what stands
    records.put_once(key, frozen.model_dump_json().encode())
    return Frozen(outcome="FROZEN", day=day, inputs=key)


def _unfrozen(records: Records, day: date) -> list[str]:
    taken = _taken(records)
    entries = [key for key in records.keys("intake/") if key.split("/")[2] == "files"]
    return [
        key for key in entries if key not in taken and date.fromisoformat(key.split("/")[1]) <= day
    ]


def _reopened(entries: Iterable[str], refused: Iterable[str]) -> list[str]:
    """Name the refused entries that a control file among `entries` speaks of."""
    spoken_of = {(*_place(key), controlled_name(_name(key))) for key in entries}
    return [key for key in refused if (*_place(key), _name(key)) in spoken_of]


def _place(key: str) -> tuple[str, str]:
    """Return the drop date and the partner of an entry."""
    _, day, _, partner, *_ = key.split("/")
    return day, partner


def _name(key: str) -> str:
    return key.rsplit("/", 1)[1].removesuffix(".json")


def _taken(records: Records) -> set[str]:
    taken: set[str] = set()
    for key in records.keys("inputs/"):
        taken.update(FrozenInputs.model_validate_json(records.read_bytes(key)).entries)
    return taken


def _is_for_close(records: Records, key: str) -> bool:
    entry = FileEntry.model_validate_json(records.read_bytes(key))
    return entry.drop.kind in AT_CLOSE
