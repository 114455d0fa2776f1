"""Freeze what a phase of a business day reads: the committed files, once and for all."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from backoffice.intake.documents import (
    CLOSE,
    CUT_OFF,
    FROZEN_PREFIX,
    FileEntry,
    FrozenInputs,
    frozen_key,
)
from backoffice.intake.schemas import STATEMENTS, controlled_name, kind_of
from backoffice.kernel.books import Books, latest, state_key
from backoffice.kernel.parts import Document, Records

AT_CLOSE = frozenset({"status", *STATEMENTS})


class Frozen(Document):
    """The outcome: FROZEN (go on), DONE (this phase is complete already) or REFUSED (why).

    `acts` tells whether the desk did anything that this phase takes.
    """

    outcome: Literal["FROZEN", "DONE", "REFUSED"]
    day: date
    inputs: str | None = None
    reason: str | None = None
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """The keys of what is new beside files, by the names that `FrozenInputs` has for them."""

    acts: Sequence[str] = ()
    lists: Sequence[str] = ()
    notices: Sequence[str] = ()
    documents: Sequence[str] = ()
    accesses: Sequence[str] = ()


def freeze_cut_off(records: Records, day: date, beside: Beside | None = None) -> Frozen:
    """Freeze the files of `day`: every committed file up to its date that no freeze took before.

    A file that its control file refused is taken once more when another control file has come.
    So is what came `beside` them.
    """
    if no_cut_off := why_no_cut_off(records, day):
        return no_cut_off
    books = latest(records)
    entries = _unfrozen(records, day)
    entries += _reopened(entries, books.refused if books else ())
    return _freeze(records, day, CUT_OFF, entries, beside or Beside(), books)


def why_no_cut_off(records: Records, day: date) -> Frozen | None:
    """Say that the day's cut-off is DONE already or REFUSED and why, or None when it may run.

    Whoever commits anything for the cut-off asks first: a date that may not run takes nothing.
    """
    if records.find_bytes(state_key(day, "cut-off")) is not None:
        return Frozen(outcome="DONE", day=day)
    unfinished, books = _unfinished(records, day), latest(records)
    if books is not None and books.day == day:
        # another has cut the day off since the first look
        return Frozen(outcome="DONE", day=day)
    if reason := unfinished or _why_not(books, day):
        return Frozen(outcome="REFUSED", day=day, reason=reason)
    return None


def freeze_close(records: Records, day: date, beside: Beside | None = None) -> Frozen:
    """Freeze what came for `day` since its cut-off: statements, messages, the desk's acts."""
    if records.find_bytes(state_key(day, "closed")) is not None:
        return Frozen(outcome="DONE", day=day)
    books = latest(records)
    if books is None or books.day != day:
        return Frozen(outcome="REFUSED", day=day, reason=f"{day} has had no cut-off yet")
    if books.phase == "closed":
        return Frozen(outcome="DONE", day=day)
    entries = [key for key in _unfrozen(records, day) if _is_for_close(records, key)]
    return _freeze(records, day, CLOSE, entries, beside or Beside(), books)


def frozen_entries(records: Records, inputs: str) -> list[FileEntry]:
    """Read the entries of frozen inputs."""
    frozen = FrozenInputs.model_validate_json(records.read_bytes(inputs))
    return [FileEntry.model_validate_json(body) for body in records.read_many(frozen.entries)]


def entry_keys(records: Records) -> list[str]:
    """Return the keys of all entries, of whatever day."""
    return [key for key in records.keys("intake/") if key.split("/")[2] == "files"]


def taken_by(records: Records, before: date = date.max) -> dict[str, tuple[date, str]]:
    """Name the entries that freezes of days before took, each with its latest freeze, in order."""
    found = records.read_many(records.keys(FROZEN_PREFIX))
    frozen = [FrozenInputs.model_validate_json(body) for body in found]
    # within one day the cut-off freezes before the close, though not by name
    frozen = [inputs for inputs in frozen if inputs.day < before]
    frozen.sort(key=lambda inputs: (inputs.day, inputs.phase != CUT_OFF))
    return {key: (inputs.day, inputs.phase) for inputs in frozen for key in inputs.entries}


def _unfinished(records: Records, day: date) -> str | None:
    """Say which other day was frozen and has no cut-off yet: it holds files that no one else has.

    A freeze is no commit: whoever died after it left a day that only its own cut-off can go on.
    """
    for key in records.keys(FROZEN_PREFIX):
        frozen, _, phase = key.removeprefix(FROZEN_PREFIX).partition("/")
        other = date.fromisoformat(frozen)
        if other == day or phase != f"{CUT_OFF}.json":
            continue
        if records.find_bytes(state_key(other, "cut-off")) is None:
            return f"the cut-off of {other} was begun and not finished; run {other} first"
    return None


def _why_not(books: Books | None, day: date) -> str | None:
    if books is None or (books.day < day and books.phase == "closed"):
        return None
    if books.phase == "cut-off" and books.day < day:
        return f"{books.day} is cut off but not closed; close it before {day}"
    return f"{day} is before {books.day}, whose books are closed; business days run in date order"


def _freeze(
    records: Records,
    day: date,
    phase: str,
    entries: Sequence[str],
    beside: Beside,
    books: Books | None,
) -> Frozen:
    previous = state_key(books.day, books.phase) if books else None
    frozen = FrozenInputs(
        day=day,
        phase=phase,
        previous=previous,
        entries=tuple(entries),
        **{name: tuple(keys) for name, keys in asdict(beside).items()},
    )
    key = frozen_key(day, phase)
    # whoever writes first decides; a later caller goes on with what stands
    if not records.put_once(key, frozen.model_dump_json().encode()):
        frozen = FrozenInputs.model_validate_json(records.read_bytes(key))
    return Frozen(outcome="FROZEN", day=day, inputs=key, acts=bool(frozen.acts))


def _unfrozen(records: Records, day: date) -> list[str]:
    taken = taken_by(records)
    entries = entry_keys(records)
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


def _is_for_close(records: Records, key: str) -> bool:
    entry = FileEntry.model_validate_json(records.read_bytes(key))
    spoken_of = controlled_name(entry.drop.name)
    return (kind_of(spoken_of) if spoken_of else entry.drop.kind) in AT_CLOSE
