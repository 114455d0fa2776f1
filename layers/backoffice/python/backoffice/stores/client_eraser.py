"""Destroy what a client's name can be read by, and what lies outside the records and says it."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from backoffice.intake.leftover_drops import leftover_drops
from backoffice.stores.drops import DropBucket
from backoffice.stores.key_rings import KeyRings
from backoffice.stores.objects import RecordBucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_OUTBOX: Final = "outbox/"
_OPERATIONS: Final = "operations"


class ClientEraser:
    """Who destroys clients' keys, and empties an outbox of what may name them.

    Parameters
    ----------
    keys
        The clients' keys.
    records, drops
        The record store, and where partners drop files.
    client, outbox
        S3, and the bucket of what partners fetch.
    """

    def __init__(
        self,
        keys: KeyRings,
        records: RecordBucket,
        drops: DropBucket,
        client: "S3Client",
        outbox: str,
    ) -> None:
        self._keys, self._records, self._drops = keys, records, drops
        self._client, self._outbox = client, outbox

    def destroy(self, subject: str) -> bool:
        """Destroy the key of a subject; may be run again. Return whether there was one."""
        return self._keys.destroy(subject)

    def sweep(self, until: date | None) -> int:
        """Delete what may name a client who had business until then; return how many objects."""
        fetched = [key for key in self._listed() if _may_name(key, until)]
        for key in fetched:
            self._client.delete_object(Bucket=self._outbox, Key=key)
        dropped = list(leftover_drops(self._records, self._drops))
        for key, version in dropped:
            self._drops.delete_version(key, version)
        return len(fetched) + len(dropped)

    def _listed(self) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._outbox, Prefix=_OUTBOX
        )
        return (item["Key"] for page in pages for item in page.get("Contents", []))


def _may_name(key: str, until: date | None) -> bool:
    """Whether an object was made for operations, or for a day until then."""
    _, owner, day, *_ = key.split("/")
    if owner == _OPERATIONS:
        return True
    try:
        return until is not None and date.fromisoformat(day) <= until
    except ValueError:
        return False
