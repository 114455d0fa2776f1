"""What lies among the drops and is not to: committed sealed and not deleted, or never captured."""

import hashlib
from collections.abc import Collection, Iterator

from backoffice.intake.documents import FileEntry, entries_prefix
from backoffice.intake.drops import Drops, GoneDropError, drop_of
from backoffice.intake.originals import SEALED_MARK
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Records


def leftover_drops(records: Records, drops: Drops) -> Iterator[tuple[str, str | None]]:
    """Yield the key and version of every drop whose committed original is sealed.

    To capture one again, or to delete that version, ends what was begun.
    """
    for key, version in drops.listed("drops/"):
        try:
            drop = drop_of(key, version)
        except BadFileError:
            continue
        prefix = f"{entries_prefix(drop.business_date)}{drop.partner}/"
        for place in records.keys(prefix):
            if place.endswith(f"/{drop.name}.json") and _is_of(records, place, version):
                yield key, version


def uncaptured_drops(records: Records, drops: Drops) -> Iterator[str]:
    """Yield the keys of drops of which no entry tells, or that lie where none is looked for.

    Nobody has read them: they may say anything of anybody. Of what came a second time as it was
    the first entry tells.
    """
    for key, version in drops.listed("drops/"):
        try:
            drop = drop_of(key, version)
        except BadFileError:
            yield key
            continue
        prefix = f"{entries_prefix(drop.business_date)}{drop.partner}/"
        places = [one for one in records.keys(prefix) if one.endswith(f"/{drop.name}.json")]
        entries = list(map(FileEntry.model_validate_json, records.read_many(places)))
        told = any(one.drop.version == version for one in entries)
        if not told and not _is_again(drops, key, version, {one.sha256 for one in entries}):
            yield key


def _is_again(drops: Drops, key: str, version: str | None, hashes: Collection[str]) -> bool:
    """Whether a version has one of some hashes, or lies there no more."""
    digest = hashlib.sha256()
    try:
        for chunk in drops.stream(key, version) if hashes else ():
            digest.update(chunk)
    except GoneDropError:
        return True
    return digest.hexdigest() in hashes


def _is_of(records: Records, place: str, version: str | None) -> bool:
    entry = FileEntry.model_validate_json(records.read_bytes(place))
    if entry.drop.version != version or entry.original is None:
        return False
    (head,) = records.read_starts([entry.original], len(SEALED_MARK))
    return head == SEALED_MARK
