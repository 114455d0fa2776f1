"""The bucket that partners drop files into, as the port of `intake.drops`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import ClientError

from backoffice.intake.drops import GoneDropError
from backoffice.stores.buckets import Bucket

_CHUNK_BYTES = 1 << 20
_ABSENT: Final = {"NoSuchKey", "NoSuchVersion", "404", "NotFound"}


class DropBucket(Bucket):
    """Partner files as they came, read by version and range."""

    def newest_version(self, key: str) -> str | None:
        """Return the version that stands under a key now, or None where none are kept."""
        with gone_or_raised(key):
            version = self._client.head_object(Bucket=self.name, Key=key).get("VersionId")
        return None if version in (None, "null") else version

    def oldest_first(self, prefix: str) -> list[str]:
        """Return the keys under a prefix, what was put last at the end."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=prefix
        )
        found = [item for page in pages for item in page.get("Contents", [])]
        return [
            item["Key"] for item in sorted(found, key=lambda one: (one["LastModified"], one["Key"]))
        ]

    def stream(self, key: str, version: str | None) -> Iterator[bytes]:
        """Yield the object's bytes in chunks of 1 MiB."""
        pinned = {"VersionId": version} if version else {}
        with gone_or_raised(key):
            answer = self._client.get_object(Bucket=self.name, Key=key, **pinned)  # type: ignore[arg-type]
        yield from answer["Body"].iter_chunks(_CHUNK_BYTES)

    def read_range(self, key: str, version: str | None, start: int, end: int) -> bytes:
        """Return bytes `start` to `end` (exclusive); those from 0 of an empty object are none."""
        with gone_or_raised(key):
            return super().read_range(key, version, start, end)

    def delete_version(self, key: str, version: str | None) -> None:
        """Delete what was committed, that version alone; when it is gone nothing happens."""
        pinned = {"VersionId": version} if version else {}
        self._client.delete_object(Bucket=self.name, Key=key, **pinned)  # type: ignore[arg-type]

    def listed(self, prefix: str) -> Iterator[tuple[str, str | None]]:
        """Yield the key and version of everything that lies under a prefix."""
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self.name, Prefix=prefix
        )
        for page in pages:
            for one in page.get("Versions", []):
                yield one["Key"], None if one["VersionId"] == "null" else one["VersionId"]


@contextmanager
def gone_or_raised(key: str) -> Iterator[None]:
    """Say of a version that does not lie there that it is gone."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            raise GoneDropError(key) from None
        raise
