"""S3 buckets as the ports of `kernel.parts`: records, work, outbox."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import polars as pl

from backoffice.intake.drops import Drops
from backoffice.kernel.parts import Part
from backoffice.records.locks import Lock, Stored
from backoffice.records.versions import Version
from backoffice.stores.buckets import ChangingBucket, WriteOnceBucket
from backoffice.stores.drops import gone_or_raised
from backoffice.stores.locks import lock_of
from backoffice.stores.parquet import from_slices, to_parquet, to_slices
from backoffice.stores.uploads import upload_once

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_READERS = 8
_PART_BYTES = 8 * 2**20


class RecordBucket(WriteOnceBucket):
    """The record store.

    Parameters
    ----------
    lock
        GOVERNANCE or COMPLIANCE, how the bucket locks; who writes nothing that outlasts its lock
        needs none.
    """

    def __init__(self, client: "S3Client", name: str, lock: str = "") -> None:
        super().__init__(client, name)
        self._lock = lock

    def _locked(self, key: str) -> dict[str, Any]:
        return lock_of(key, self._lock)

    def look(self, key: str) -> Stored:
        """Hash an object and tell its lock; KeyError when there is none."""
        answer = self._find(key)
        if answer is None:
            raise KeyError(key)
        sha256 = hashlib.file_digest(answer["Body"], "sha256").hexdigest()  # type: ignore[arg-type]
        until = answer.get("ObjectLockRetainUntilDate")
        lock = Lock(answer["ObjectLockMode"], until) if until else None
        return Stored(sha256, answer.get("LastModified"), lock)

    def versions(self, prefix: str) -> list[Version]:
        """List every version and delete marker under a prefix, by key."""
        found = []
        pages = self._client.get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=self.name, Prefix=prefix):
            found += [Version(one["Key"], one["VersionId"]) for one in page.get("Versions", [])]
            markers = page.get("DeleteMarkers", [])
            found += [Version(one["Key"], one["VersionId"], is_marker=True) for one in markers]
        return sorted(found)

    def keep(self, capability: str, day: date, frame: pl.DataFrame) -> Part:
        """Write a frame as `<capability>/<day>/<sha256>.parquet`; equal content is one object."""
        body = to_parquet(frame)
        sha256 = hashlib.sha256(body).hexdigest()
        key = f"{capability}/{day}/{sha256}.parquet"
        self.put_once(key, body)
        return Part(key=key, sha256=sha256, rows=frame.height)

    def keep_bytes(self, capability: str, day: date, body: bytes, suffix: str) -> str:
        """Write bytes as `<capability>/<day>/<sha256><suffix>` and return the key."""
        key = f"{capability}/{day}/{hashlib.sha256(body).hexdigest()}{suffix}"
        self.put_once(key, body)
        return key

    def copy_once(self, drops: Drops, drop_key: str, version: str | None, key: str) -> None:
        """Copy a partner's file into the records as it came, unless it is there.

        Raises
        ------
        GoneDropError
            It does not lie there any more.
        """
        source = {"Bucket": drops.name, "Key": drop_key}
        if version:
            source["VersionId"] = version
        with gone_or_raised(drop_key):
            size = self._client.head_object(**source)["ContentLength"]  # type: ignore[arg-type]
        if not size:
            self.put_once(key, b"")
            return
        with (
            gone_or_raised(drop_key),
            upload_once(self._client, self.name, key, self._locked(key)) as upload,
        ):
            upload.copy(source)

    def put_pieces_once(self, key: str, pieces: Iterator[bytes]) -> None:
        """Write pieces as one object, unless it is there; of a large one a part is held at once."""
        parts = _parts(pieces)
        first, second = next(parts, b""), next(parts, None)
        if second is None:
            self.put_once(key, first)
            return
        with upload_once(self._client, self.name, key, self._locked(key)) as upload:
            for part in chain((first, second), parts):
                upload.add(part)


class WorkBucket(ChangingBucket):
    """Staged parts before their commit; they expire."""

    def stage(self, key: str, frame: pl.DataFrame) -> Part:
        """Write a frame under `key`."""
        body = to_parquet(frame)
        self.put(key, body)
        return Part(key=key, sha256=hashlib.sha256(body).hexdigest(), rows=frame.height)

    def stage_slices(self, key: str, frames: Iterable[pl.DataFrame]) -> tuple[int, ...]:
        """Write frames one after another under `key`; return where each ends, in bytes."""
        body, ends = to_slices(frames)
        self.put(key, body)
        return ends

    def read_slices(self, asked: Sequence[tuple[str, tuple[int, ...]]]) -> list[list[pl.DataFrame]]:
        """Read runs of slices, each by its object's key and the bounds of its slices in bytes."""
        with ThreadPoolExecutor(_READERS) as pool:
            return list(pool.map(lambda run: self._read_run(*run), asked))

    def _read_run(self, key: str, bounds: tuple[int, ...]) -> list[pl.DataFrame]:
        return from_slices(self.read_range(key, None, bounds[0], bounds[-1]), bounds)

    def stage_json(self, key: str, body: bytes) -> None:
        """Write a small document under `key`."""
        self.put(key, body)


class OutboxBucket(ChangingBucket):
    """What partners fetch."""

    def post(self, partner: str, day: date, name: str, body: bytes) -> str:
        """Write `outbox/<partner>/<day>/<name>` and return the key."""
        key = f"outbox/{partner}/{day}/{name}"
        self.put(key, body)
        return key


def _parts(pieces: Iterator[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= _PART_BYTES:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
