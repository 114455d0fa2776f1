"""In-memory stores that honour write-once, for driving the real use cases without AWS."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import polars as pl

from backoffice.intake.drops import Drops, GoneDropError
from backoffice.kernel.parts import Part
from backoffice.records.locks import Stored
from backoffice.records.versions import Version
from backoffice.stores.parquet import from_parquet, from_slices, rows_where, to_parquet, to_slices


class StoreFailedError(Exception):
    """A write that did not answer."""


@dataclass
class Fuse:
    """Counts the lasting writes of a house and fails the one numbered `blows_at`.

    `takes_effect` tells whether that write stands all the same, as when only its answer is lost.
    """

    blows_at: int | None = None
    takes_effect: bool = False
    writes: int = 0

    def write(self, objects: dict[str, bytes], key: str, body: bytes) -> None:
        """Write, or fail."""
        self.writes += 1
        blows = self.writes == self.blows_at
        if not blows or self.takes_effect:
            objects[key] = body
        if blows:
            raise StoreFailedError(f"write {self.writes}, of {key}")


class MemoryBucket:
    """Bytes by key."""

    def __init__(self, name: str, fuse: Fuse | None = None) -> None:
        self.name = name
        self.objects: dict[str, bytes] = {}
        self.fuse = fuse or Fuse()

    def copy(self, fuse: Fuse) -> Self:
        copied = type(self)(self.name, fuse)
        copied.objects = dict(self.objects)
        return copied

    def put(self, key: str, body: bytes) -> None:
        self.fuse.write(self.objects, key, body)

    def read_bytes(self, key: str) -> bytes:
        return self.objects[key]

    def read_range(self, key: str, version: str | None, start: int, end: int) -> bytes:
        assert version is None
        return self.objects[key][start:end]

    def sha256(self, key: str) -> str:
        return hashlib.sha256(self.objects[key]).hexdigest()

    def read_many(self, keys: Sequence[str]) -> list[bytes]:
        return [self.read_bytes(key) for key in keys]

    def read_starts(self, keys: Sequence[str], length: int) -> list[bytes]:
        return [self.read_bytes(key)[:length] for key in keys]

    def find_bytes(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def put_once(self, key: str, body: bytes) -> bool:
        if key in self.objects:
            return False
        self.put(key, body)
        return True

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))

    def read(self, part: Part, columns: Sequence[str] | None = None) -> pl.DataFrame:
        return from_parquet(self.objects[part.key], columns)

    def read_all(self, parts: Iterable[Part]) -> pl.DataFrame | None:
        frames = [self.read(part) for part in parts]
        return pl.concat(frames, how="vertical") if frames else None

    def read_where(self, parts: Iterable[Part], where: pl.Expr) -> pl.DataFrame | None:
        frames = [rows_where(self.objects[part.key], where) for part in parts]
        return pl.concat(frames, how="vertical") if frames else None


class RecordMemory(MemoryBucket):
    """The record store.

    `past` holds what the newest versions stand before, and what hides them.
    """

    def __init__(self, name: str, fuse: Fuse | None = None) -> None:
        super().__init__(name, fuse)
        self.past: list[Version] = []

    def versions(self, prefix: str) -> list[Version]:
        present = [Version(key, "newest") for key in self.objects]
        return sorted(one for one in (*present, *self.past) if one.key.startswith(prefix))

    def look(self, key: str) -> Stored:
        return Stored(self.sha256(key))

    def keep(self, capability: str, day: date, frame: pl.DataFrame) -> Part:
        body = to_parquet(frame)
        key = self.keep_bytes(capability, day, body, ".parquet")
        return Part(key=key, sha256=hashlib.sha256(body).hexdigest(), rows=frame.height)

    def keep_bytes(self, capability: str, day: date, body: bytes, suffix: str) -> str:
        key = f"{capability}/{day}/{hashlib.sha256(body).hexdigest()}{suffix}"
        self.put_once(key, body)
        return key

    def copy_once(self, drops: Drops, drop_key: str, version: str | None, key: str) -> None:
        self.put_once(key, b"".join(drops.stream(drop_key, version)))

    def put_pieces_once(self, key: str, pieces: Iterator[bytes]) -> None:
        self.put_once(key, b"".join(pieces))


class WorkMemory(MemoryBucket):
    """Staged parts: a step that starts again stages them again, so they never blow a fuse."""

    def put(self, key: str, body: bytes) -> None:
        self.objects[key] = body

    def stage(self, key: str, frame: pl.DataFrame) -> Part:
        body = to_parquet(frame)
        self.put(key, body)
        return Part(key=key, sha256=hashlib.sha256(body).hexdigest(), rows=frame.height)

    def stage_slices(self, key: str, frames: Iterable[pl.DataFrame]) -> tuple[int, ...]:
        body, ends = to_slices(frames)
        self.put(key, body)
        return ends

    def read_slices(self, asked: Sequence[tuple[str, tuple[int, ...]]]) -> list[list[pl.DataFrame]]:
        return [
            from_slices(self.objects[key][bounds[0] : bounds[-1]], bounds) for key, bounds in asked
        ]

    def stage_json(self, key: str, body: bytes) -> None:
        self.put(key, body)


class OutboxMemory(MemoryBucket):
    """What partners fetch."""

    def post(self, partner: str, day: date, name: str, body: bytes) -> str:
        key = f"outbox/{partner}/{day}/{name}"
        self.put(key, body)
        return key


class DropMemory(MemoryBucket):
    """Partner files as they came, every version of them, streamed in small chunks."""

    def __init__(self, name: str, fuse: Fuse | None = None) -> None:
        super().__init__(name, fuse)
        self.versions: dict[tuple[str, str], bytes] = {}

    def copy(self, fuse: Fuse) -> Self:
        copied = super().copy(fuse)
        copied.versions = dict(self.versions)
        return copied

    def newest_version(self, key: str) -> str | None:
        body = self._read(key, None)
        version = hashlib.sha256(body).hexdigest()
        self.versions[key, version] = body
        return version

    def _read(self, key: str, version: str | None) -> bytes:
        try:
            return self.versions[key, version] if version else self.objects[key]
        except KeyError:
            raise GoneDropError(key) from None

    def delete_version(self, key: str, version: str | None) -> None:
        gone = self.versions.pop((key, str(version)), None)
        if gone is not None and self.objects.get(key) == gone:
            del self.objects[key]
            self.fuse.write({}, key, b"")

    def listed(self, prefix: str) -> Iterator[tuple[str, str | None]]:
        yield from sorted(place for place in self.versions if place[0].startswith(prefix))

    def stream(self, key: str, version: str | None) -> Iterator[bytes]:
        body = self._read(key, version)
        for start in range(0, len(body), 1 << 16):
            yield body[start : start + (1 << 16)]

    def read_range(self, key: str, version: str | None, start: int, end: int) -> bytes:
        return self._read(key, version)[start:end]
