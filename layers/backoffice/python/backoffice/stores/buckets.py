"""Bytes in S3: to be read, to be replaced, or to be written once."""

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import polars as pl
from botocore.exceptions import ClientError

from backoffice.kernel.parts import Part
from backoffice.stores.conditional import write_once
from backoffice.stores.parquet import from_parquet, rows_where

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

_ABSENT = {"NoSuchKey", "404", "NotFound"}
_EMPTY = {"InvalidRange", "416"}
_TRIES = 6
_READERS = 8


class Bucket:
    """Bytes in one S3 bucket, to be read."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client = client
        self.name = name

    def read_bytes(self, key: str) -> bytes:
        """Return the object's bytes; KeyError when there is none."""
        body = self.find_bytes(key)
        if body is None:
            raise KeyError(key)
        return body

    def read_many(self, keys: Sequence[str]) -> list[bytes]:
        """Return the bytes of many small objects, in their order; KeyError when one is missing."""
        with ThreadPoolExecutor(_READERS) as pool:
            return list(pool.map(self.read_bytes, keys))

    def read_starts(self, keys: Sequence[str], length: int) -> list[bytes]:
        """Return the first bytes of many objects, at most `length` of each, in their order."""
        with ThreadPoolExecutor(_READERS) as pool:
            return list(pool.map(lambda key: self.read_range(key, None, 0, length), keys))

    def find_bytes(self, key: str) -> bytes | None:
        """Return the object's bytes, or None when there is none."""
        answer = self._find(key)
        return None if answer is None else answer["Body"].read()

    def _find(self, key: str) -> "GetObjectOutputTypeDef | None":
        try:
            return self._client.get_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise

    def sha256(self, key: str) -> str:
        """Hash an object's bytes, a piece at a time; KeyError when there is none."""
        answer = self._find(key)
        if answer is None:
            raise KeyError(key)
        return hashlib.file_digest(answer["Body"], "sha256").hexdigest()  # type: ignore[arg-type]

    def read_range(self, key: str, version: str | None, start: int, end: int) -> bytes:
        """Return bytes `start` to `end` (exclusive); those from 0 of an empty object are none."""
        if start >= end:
            return b""
        pinned = {"VersionId": version} if version else {}
        try:
            answer = self._client.get_object(
                Bucket=self.name,
                Key=key,
                Range=f"bytes={start}-{end - 1}",
                **pinned,  # type: ignore[arg-type]
            )
        except ClientError as error:
            if start == 0 and error.response["Error"]["Code"] in _EMPTY:
                return b""
            raise
        return answer["Body"].read()

    def keys(self, prefix: str) -> list[str]:
        """List the keys under a prefix, sorted."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=prefix
        )
        return sorted(item["Key"] for page in pages for item in page.get("Contents", []))

    def read(self, part: Part, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Read one part, or some of its columns."""
        return from_parquet(self.read_bytes(part.key), columns)

    def read_all(self, parts: Iterable[Part]) -> pl.DataFrame | None:
        """Read parts as one frame, in the order given; None when there is none."""
        with ThreadPoolExecutor(_READERS) as pool:
            frames = list(pool.map(self.read, parts))
        return pl.concat(frames, how="vertical") if frames else None

    def read_where(self, parts: Iterable[Part], where: pl.Expr) -> pl.DataFrame | None:
        """Read of parts the rows that hold, in the order given; None when there is no part."""
        with ThreadPoolExecutor(_READERS) as pool:
            bodies = pool.map(self.read_bytes, (part.key for part in parts))
            frames = [rows_where(body, where) for body in bodies]
        return pl.concat(frames, how="vertical") if frames else None


class ChangingBucket(Bucket):
    """A bucket whose objects may be replaced."""

    def put_once(self, key: str, body: bytes) -> bool:
        """Write unless the key exists; False when it did."""
        return write_once(
            lambda: self._client.put_object(Bucket=self.name, Key=key, Body=body, IfNoneMatch="*"),
            _TRIES,
        )

    def put(self, key: str, body: bytes) -> None:
        """Write, whatever stands there."""
        self._client.put_object(Bucket=self.name, Key=key, Body=body)


class WriteOnceBucket(Bucket):
    """A bucket in which nothing is ever written twice."""

    def put_once(self, key: str, body: bytes) -> bool:
        """Write unless the key exists; False when it did."""
        return write_once(
            lambda: self._client.put_object(
                Bucket=self.name, Key=key, Body=body, IfNoneMatch="*", **self._locked(key)
            ),
            _TRIES,
        )

    def _locked(self, key: str) -> dict[str, Any]:
        """Return how an object is locked beyond the bucket's own lock."""
        del key
        return {}
