"""What the use cases need of storage: immutable parts, write-once records, staged work."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

import polars as pl
from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """A frozen JSON document; a field it does not know is an error, not a surprise."""

    # built when first used: a function imports many kinds of document and reads few
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Part(Document):
    """A Parquet object: its key, the SHA-256 of its bytes, its number of rows."""

    key: str
    sha256: str
    rows: int


class BucketPart(Part):
    """A part of one day's rows of the accounts that fall into `bucket` of `buckets`."""

    day: date
    bucket: int
    buckets: int

    def concerns(self, bucket: int, buckets: int) -> bool:
        """Whether rows of `bucket` of `buckets` may lie here (bucket counts are powers of two)."""
        shared = min(self.buckets, buckets) - 1
        return self.bucket & shared == bucket & shared


class Records(Protocol):
    """The record store: content-addressed parts and write-once documents."""

    def read_bytes(self, key: str) -> bytes:
        """Return the object's bytes; KeyError when there is none."""

    def read_many(self, keys: Sequence[str]) -> list[bytes]:
        """Return the bytes of many small objects, in their order; KeyError when one is missing."""

    def read_starts(self, keys: Sequence[str], length: int) -> list[bytes]:
        """Return the first bytes of many objects, at most `length` of each, in their order."""

    def find_bytes(self, key: str) -> bytes | None:
        """Return the object's bytes, or None when there is none."""

    def sha256(self, key: str) -> str:
        """Hash an object's bytes, of whatever length; KeyError when there is none."""

    def put_once(self, key: str, body: bytes) -> bool:
        """Write unless the key exists; False when it did."""

    def keys(self, prefix: str) -> list[str]:
        """List the keys under a prefix, sorted."""

    def read(self, part: Part, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Read one part, or some of its columns."""

    def read_all(self, parts: Iterable[Part]) -> pl.DataFrame | None:
        """Read parts as one frame, in the order given; None when there is none."""

    def read_where(self, parts: Iterable[Part], where: pl.Expr) -> pl.DataFrame | None:
        """Read of parts the rows that hold, by texts and dates: as `read_all`, without the rest."""

    def keep(self, capability: str, day: date, frame: pl.DataFrame) -> Part:
        """Write a frame as `<capability>/<day>/<sha256>.parquet`; equal content is one object."""

    def keep_bytes(self, capability: str, day: date, body: bytes, suffix: str) -> str:
        """Write bytes as `<capability>/<day>/<sha256><suffix>` and return the key."""


class Work(Protocol):
    """Staged parts before their commit; they expire."""

    def read(self, part: Part, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Read one part, or some of its columns."""

    def read_all(self, parts: Iterable[Part]) -> pl.DataFrame | None:
        """Read parts as one frame, in the order given; None when there is none."""

    def stage(self, key: str, frame: pl.DataFrame) -> Part:
        """Write a frame under `key`."""

    def stage_json(self, key: str, body: bytes) -> None:
        """Write a small document under `key`."""

    def stage_slices(self, key: str, frames: Iterable[pl.DataFrame]) -> tuple[int, ...]:
        """Write frames one after another under `key`; return where each ends, in bytes.

        One without rows takes none.
        """

    def read_slices(self, asked: Sequence[tuple[str, tuple[int, ...]]]) -> list[list[pl.DataFrame]]:
        """Read runs of slices, each by its object's key and the bounds of its slices in bytes."""

    def read_bytes(self, key: str) -> bytes:
        """Return the object's bytes; KeyError when there is none."""


class Outbox(Protocol):
    """What partners fetch."""

    def post(self, partner: str, day: date, name: str, body: bytes) -> str:
        """Write `outbox/<partner>/<day>/<name>` and return the key."""


def concerning(parts: Sequence[BucketPart], bucket: int, buckets: int) -> list[BucketPart]:
    """Return the parts that may hold rows of `bucket` of `buckets`."""
    return [part for part in parts if part.concerns(bucket, buckets)]
