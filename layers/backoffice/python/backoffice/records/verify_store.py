"""Verify the record store: read every object, recompute every hash, follow the chain."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Final

from backoffice.intake.documents import FrozenInputs
from backoffice.kernel.books import latest, state_key
from backoffice.kernel.parts import Records
from backoffice.records.merkle import Seal
from backoffice.records.seal_day import seal_key
from backoffice.records.verify import Finding, verify

_READERS: Final = 8


def verify_store(records: Records, only: date | None = None) -> tuple[int, list[Finding]]:
    """Check the store, or one day's records; return how many objects were read, and faults."""
    seals = [Seal.from_json(records.read_bytes(key)) for key in records.keys("seals/")]
    keys = [key for key in records.keys("") if not key.startswith("seals/")]
    if only is not None:
        wanted = {leaf.key for one in seals if one.day == only for leaf in one.leaves}
        keys = [key for key in keys if key in wanted]
    with ThreadPoolExecutor(_READERS) as pool:
        stored = list(pool.map(lambda key: (key, _sha256(records, key)), keys))
    seal_hashes = [(seal_key(one.day), _sha256(records, seal_key(one.day))) for one in seals]
    awaiting = set(_unsealed(records, seals, keys))
    findings = verify(seals, [*stored, *seal_hashes], only=only, unsealed=awaiting)
    return len(keys), findings


def _unsealed(records: Records, seals: list[Seal], keys: list[str]) -> Iterator[str]:
    """Name what awaits the next seal: the latest seal, files no freeze took, a day half run."""
    sealed_days = {str(one.day) for one in seals}
    if seals:
        newest = max(one.day for one in seals)
        yield seal_key(newest)
        yield state_key(newest, "closed")
    frozen: set[str] = set()
    for key in (key for key in keys if key.startswith("inputs/")):
        frozen.update(FrozenInputs.model_validate_json(records.read_bytes(key)).entries)
    yield from (key for key in keys if key.startswith("intake/") and key not in frozen)
    books = latest(records)
    running = str(books.day) if books and str(books.day) not in sealed_days else None
    started = {key.split("/")[1] for key in keys if key.startswith("inputs/")} - sealed_days
    for key in keys:
        if key.split("/")[1] in started or (running and key.split("/")[1] == running):
            yield key


def _sha256(records: Records, key: str) -> str:
    return hashlib.sha256(records.read_bytes(key)).hexdigest()
