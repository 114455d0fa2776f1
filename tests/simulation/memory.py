"""In-memory stores that honour write-once, for driving the real use cases without AWS."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import polars as pl

from backoffice.kernel.parts import Part
from backoffice.stores.objects import from_parquet, to_parquet


class MemoryBucket:
    """Bytes by key."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def read_bytes(self, key: str) -> bytes:
        return self.objects[key]

    def find_bytes(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def put_once(self, key: str, body: bytes) -> bool:
        if key in self.objects:
            return False
        self.objects[key] = body
        return True

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))

    def read(self, part: Part, columns: Sequence[str] | None = None) -> pl.DataFrame:
        return from_parquet(self.objects[part.key], columns)

    def read_all(self, parts: Iterable[Part]) -> pl.DataFrame | None:
        frames = [self.read(part) for part in parts]
        return pl.concat(frames, how="vertical") if frames else None

    def keep(self, capability: str, day: date, frame: pl.DataFrame) -> Part:
        body = to_parquet(frame)
        sha256 = hashlib.sha256(body).hexdigest()
        key = f"{capability}/{day}/{sha256}.parquet"
        self.put_once(key, body)
        return Part(key=key, sha256=sha256, rows=frame.height)

    def keep_bytes(self, capability: str, day: date, body: bytes, suffix: str) -> str:
        key = f"{capability}/{day}/{hashlib.sha256(body).hexdigest()}{suffix}"
        self.put_once(key, body)
        return key

    def stage(self, key: str, frame: pl.DataFrame) -> Part:
        body = to_parquet(frame)
        self.objects[key] = body
        return Part(key=key, sha256=hashlib.sha256(body).hexdigest(), rows=frame.height)

    def stage_json(self, key: str, body: bytes) -> None:
        self.objects[key] = body

    def post(self, partner: str, day: date, name: str, body: bytes) -> str:
        key = f"outbox/{partner}/{day}/{name}"
        self.objects[key] = body
        return key

    def stream(self, key: str, version: str | None = None) -> Iterator[bytes]:
        del version
        yield self.objects[key]

    def read_range(self, key: str, version: str | None, start: int, end: int) -> bytes:
        del version
        return self.objects[key][start:end]
