"""Versions of the sanctions lists: each is a record, and a list's log says which is in force."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, Literal

import polars as pl

from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Document, Part, Records
from backoffice.risk.screening.listed import LIST_CODES, check_version
from backoffice.risk.screening.rules import ScreeningRules

IN_FORCE: Final = "IN_FORCE"
REFUSED: Final = "REFUSED"

Read = Callable[[str, Mapping[str, bytes]], pl.DataFrame]
"""Reads a list's files, by its code and their names, as LISTED; raises BadFileError."""


class ListVersion(Document):
    """One version as it came: taken into force, or refused with why.

    Attributes
    ----------
    number
        Its place in the list's log, from 1.
    sha256
        Of the names and contents of its files.
    files
        Where each file is kept as it came, by its name.
    names
        LISTED, of a version in force.
    """

    list_code: str
    number: int
    taken_on: date
    status: Literal["IN_FORCE", "REFUSED"]
    sha256: str
    files: Mapping[str, str]
    names: Part | None = None
    entries: int = 0
    reason: str | None = None

    @property
    def key(self) -> str:
        """Where it stands in the log; writing it, once, is its commit."""
        return f"{log_prefix(self.list_code)}{self.number:06d}.json"


def log_prefix(list_code: str) -> str:
    """Where the log of a list stands."""
    return f"lists/{list_code}/log/"


def read_log(records: Records, list_code: str) -> list[ListVersion]:
    """Read every version of a list, in order."""
    return read_versions(records, records.keys(log_prefix(list_code)))


def read_versions(records: Records, keys: Iterable[str]) -> list[ListVersion]:
    """Read versions by their keys."""
    return [ListVersion.model_validate_json(body) for body in records.read_many(list(keys))]


def in_force(log: list[ListVersion]) -> ListVersion | None:
    """Return the latest version that was taken into force."""
    return next((one for one in reversed(log) if one.status == IN_FORCE), None)


def take_version(
    records: Records,
    list_code: str,
    files: Mapping[str, bytes],
    day: date,
    rules: ScreeningRules,
    read: Read,
) -> ListVersion | None:
    """Take a list's files as its next version, or refuse them; None when they are the last ones.

    A refused version changes nothing: the one in force stays. Of two who take at once the first to
    write has the number, and the other finds its own files there or takes the next.

    Parameters
    ----------
    records
        The record store; the files and the names are kept there.
    list_code, files
        OFAC, EU, UN or HOUSE, and the contents by file name.
    day
        Of the taking.
    rules
        Say how much a list may shrink.
    read
        Reads the files.
    """
    sha256 = _hash_of(files)
    while True:
        log = read_log(records, list_code)
        if log and log[-1].sha256 == sha256:
            return None
        version = _judged(records, log, list_code, files, day, rules, read)
        if records.put_once(version.key, version.model_dump_json(exclude_none=True).encode()):
            return version


def _judged(
    records: Records,
    log: list[ListVersion],
    list_code: str,
    files: Mapping[str, bytes],
    day: date,
    rules: ScreeningRules,
    read: Read,
) -> ListVersion:
    said = {
        "list_code": list_code,
        "number": len(log) + 1,
        "taken_on": day,
        "sha256": _hash_of(files),
        "files": _kept(records, list_code, len(log) + 1, files),
    }
    try:
        names = read(list_code, files)
        check_version(names, _names_in_force(records, log), rules)
    except BadFileError as error:
        return ListVersion.model_validate({**said, "status": REFUSED, "reason": str(error)})
    part = records.keep(f"lists/{list_code}/{len(log) + 1}", day, names)
    good = {"status": IN_FORCE, "names": part, "entries": names["entry_id"].n_unique()}
    return ListVersion.model_validate(said | good)


def _names_in_force(records: Records, log: list[ListVersion]) -> pl.DataFrame | None:
    before = in_force(log)
    return records.read(before.names) if before and before.names else None


def _kept(
    records: Records, list_code: str, number: int, files: Mapping[str, bytes]
) -> dict[str, str]:
    """Keep the files as they came, those of each version by themselves."""
    place = f"lists/{list_code}/{number}/originals/{_hash_of(files)}"
    keys = {name: f"{place}/{name}" for name in sorted(files)}
    for name, key in keys.items():
        records.put_once(key, files[name])
    return keys


def _hash_of(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, body in sorted(files.items()):
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()


def new_versions(records: Records, taken: Mapping[str, int]) -> list[str]:
    """Return the keys of the versions that no cut-off took, in order.

    Parameters
    ----------
    taken
        The number of the last version that was taken, by list.
    """
    return [
        key
        for code in LIST_CODES
        for key in records.keys(log_prefix(code))
        if int(key.rsplit("/", 1)[1].removesuffix(".json")) > taken.get(code, 0)
    ]
