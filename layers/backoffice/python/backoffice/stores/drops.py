"""The bucket that partners drop files into, as the port of `intake.drops`."""

from collections.abc import Iterator

from backoffice.stores.buckets import Bucket

_CHUNK_BYTES = 1 << 20


class DropBucket(Bucket):
    """Partner files as they came, read by version and range."""

    def newest_version(self, key: str) -> str | None:
        """Return the version that stands under a key now, or None where none are kept."""
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
        body = self._client.get_object(Bucket=self.name, Key=key, **pinned)["Body"]  # type: ignore[arg-type]
        yield from body.iter_chunks(_CHUNK_BYTES)
