"""Verify the record store: read every object, recompute every hash, follow the chain."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Final

from polars.exceptions import PolarsError

from backoffice.clearance.read_trails import strays
from backoffice.intake.originals import is_whole
from backoffice.kernel.books import Books, latest, state_key
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Records
from backoffice.records.awaiting import ADDRESSED, awaiting_seal, day_of
from backoffice.records.check_signatures import signature_findings
from backoffice.records.disposal import rightly_gone
from backoffice.records.locks import BucketLock, lock_findings
from backoffice.records.merkle import Seal
from backoffice.records.seal_day import seal_key
from backoffice.records.verify import Finding, verify
from backoffice.records.versions import Archive, version_findings

_READERS: Final = 8
_SEALS: Final = "seals/"
_ORIGINALS: Final = "/originals/"
_CLOSED: Final = re.compile(r"books/[^/]+/closed\.json")


def verify_store(
    records: Archive,
    only: date | None = None,
    firm_key: str | None = None,
    lock: BucketLock | None = None,
) -> tuple[int, list[Finding]]:
    """Check the store, or one day's records; return how many objects were read, and faults.

    `firm_key` is the public key, in PEM, that the firm signs with now; `lock` is how the stage
    locks its records, where that is known.
    """
    seals, unreadable = read_seals(records)
    there = records.keys("")
    keys = [key for key in there if not key.startswith(_SEALS)]
    looked_at = [one for one in seals if only in (None, one.day)]
    if only is not None:
        wanted = {leaf.key for one in looked_at for leaf in one.leaves}
        wanted.add(state_key(only, "closed"))
        keys = [key for key in keys if key in wanted]
    with ThreadPoolExecutor(_READERS) as pool:
        read = [*keys, *(seal_key(one.day) for one in seals)]
        looked = dict(zip(read, pool.map(records.look, read), strict=True))
    hashes = {key: one.sha256 for key, one in looked.items()}
    stored = {key: hashes[key] for key in keys}
    awaiting, lost = awaiting_seal(records, seals, keys)
    awaiting -= strays(records, (key for key in awaiting if key.startswith("cases/")))
    found = verify(seals, hashes.items(), only=only, unsealed=awaiting)
    found += _state_findings(seals, only, stored)
    found += [*_unproven_findings(seals, stored), *_named_findings(records, stored, awaiting)]
    found += signature_findings(records, seals, looked_at, there, firm_key)
    if only is None:
        found += [Finding("MISSING", key, f"{key}, not sealed yet, is not there") for key in lost]
    if lock is not None:
        found += lock_findings(looked, _sealed_in(seals), lock)
    named = None if only is None else {*keys, seal_key(only)}
    found += version_findings(v for v in records.versions("") if named is None or v.key in named)
    return len(keys), sorted({*_without_disposed(records, seals, found), *unreadable})


def read_seals(records: Records) -> tuple[list[Seal], list[Finding]]:
    """Read every seal; one that cannot be read is a finding."""
    seals, unreadable = [], []
    for key in records.keys(_SEALS):
        try:
            body = records.read_bytes(key)
            sealed = Seal.from_json(body)
            seals.append(sealed)
            if sealed.to_json().encode() != body or key != seal_key(sealed.day):
                unreadable.append(Finding("WRONG_HASH", key, f"{key} is not written as seals are"))
        except BadFileError as error:
            unreadable.append(Finding("WRONG_HASH", key, f"{key}: {error}"))
    return seals, unreadable


def _without_disposed(
    records: Records, seals: Iterable[Seal], found: Iterable[Finding]
) -> list[Finding]:
    """Leave out what is not there because two people let it go, when its time was over."""
    missing = {one.subject for one in found if one.fault == "MISSING"}
    gone: set[str] = set()
    if missing and (books := _newest_books(records)) is not None:
        # where what excuses cannot be read nothing is excused
        with suppress(KeyError, ValueError, PolarsError):
            gone = rightly_gone(records, books, _sealed_in(seals))
    return [one for one in found if one.fault != "MISSING" or one.subject not in gone]


def _sealed_in(seals: Iterable[Seal]) -> dict[str, date]:
    return {leaf.key: one.day for one in seals for leaf in one.leaves}


def _newest_books(records: Records) -> Books | None:
    """Read the newest closed books; None where they cannot be read, which is found elsewhere."""
    try:
        return latest(records, closed=True)
    except (KeyError, ValueError):
        return None


def _state_findings(
    seals: Iterable[Seal], only: date | None, stored: Mapping[str, str]
) -> Iterator[Finding]:
    """Check the newest state, which only the next seal will name, by the copy that is sealed."""
    newest = max(seals, key=lambda one: one.day, default=None)
    if newest is None or only not in (None, newest.day):
        return
    key = state_key(newest.day, "closed")
    if key not in stored:
        yield Finding("MISSING", key, f"{key}, closed on {newest.day}, is not there")
    elif stored[key] not in {leaf.sha256 for leaf in newest.leaves}:
        yield Finding("WRONG_HASH", key, f"{key} is not what was sealed on {newest.day}")


def _unproven_findings(seals: Iterable[Seal], keys: Iterable[str]) -> Iterator[Finding]:
    """Find the closed states without a seal: it is written before them."""
    sealed = {state_key(one.day, "closed"): one for one in seals}
    for key in keys:
        if _CLOSED.fullmatch(key) and key not in sealed:
            name = f"{_SEALS}{day_of(key)}.json"
            yield Finding("MISSING", name, f"{key} is there, but {name} cannot be read")


def _named_findings(
    records: Records, stored: Mapping[str, str], awaiting: AbstractSet[str]
) -> Iterator[Finding]:
    """Check what no seal names yet by its name, where that is its hash.

    A sealed original is named by what it is opened; what it is sealed it says at its end.
    """
    for key in awaiting & stored.keys():
        match = ADDRESSED.fullmatch(key)
        if not match or stored[key].startswith(match[1] or match[3] or match[4]):
            continue
        if _ORIGINALS not in key or not is_whole(records.read_bytes(key)):
            yield Finding("WRONG_HASH", key, f"{key} is not what its name says")
