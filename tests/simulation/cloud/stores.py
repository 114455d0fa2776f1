"""What the simulated AWS holds: objects, versions of drops, table items. Copies are cheap."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

DROPS, WORK, RECORDS, OUTBOX = "drops", "work", "records", "outbox"
BUCKETS: Final = (DROPS, WORK, RECORDS, OUTBOX)
TABLES: Final = (
    "intake",
    "obligations",
    "cases",
    "balances",
    "reference",
    "service_desk",
    "front_office",
)

Item = Mapping[str, Any]
Key = tuple[str, str]


def _buckets() -> dict[str, dict[str, bytes]]:
    return {name: {} for name in BUCKETS}


def _tables() -> dict[str, dict[Key, Item]]:
    return {name: {} for name in TABLES}


@dataclass
class Cloud:
    """Everything that lasts.

    Attributes
    ----------
    buckets
        The newest bytes by key.
    versions
        Every version of the versioned bucket, by key and version.
    tables
        Items as DynamoDB carries them, by (pk, sk).
    uploads
        Uploads in several parts that were begun: destination key and the parts so far.
    """

    buckets: dict[str, dict[str, bytes]] = field(default_factory=_buckets)
    versions: dict[Key, bytes] = field(default_factory=dict)
    tables: dict[str, dict[Key, Item]] = field(default_factory=_tables)
    uploads: dict[str, tuple[str, list[bytes]]] = field(default_factory=dict)
    begun: int = 0

    def copy(self) -> "Cloud":
        """Return a cloud of the same content, which goes its own way from here."""
        return Cloud(
            {name: dict(objects) for name, objects in self.buckets.items()},
            dict(self.versions),
            {name: dict(items) for name, items in self.tables.items()},
            dict(self.uploads),
            self.begun,
        )

    @property
    def records(self) -> dict[str, bytes]:
        """The record store."""
        return self.buckets[RECORDS]

    def write(self, bucket: str, key: str, body: bytes) -> str | None:
        """Write an object; return its version where there are any.

        Equal content has equal versions here, so that two orders of arrival can be compared byte
        for byte: entries name the version they were made from.
        """
        self.buckets[bucket][key] = body
        if bucket != DROPS:
            return None
        version = hashlib.sha256(body).hexdigest()[:12]
        self.versions[key, version] = body
        return version

    def delete(self, bucket: str, key: str, version: str) -> None:
        """Delete a version of a drop for good."""
        assert bucket == DROPS
        gone = self.versions.pop((key, version), None)
        if gone is not None and self.buckets[bucket].get(key) == gone:
            del self.buckets[bucket][key]

    def expire(self, bucket: str, prefix: str) -> int:
        """Let a lifecycle rule delete what stands under a prefix; return how much that was."""
        gone = [key for key in self.buckets[bucket] if key.startswith(prefix)]
        for key in gone:
            del self.buckets[bucket][key]
        return len(gone)
