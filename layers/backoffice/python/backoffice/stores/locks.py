"""The lock that a record is put with, where the bucket's own would end before its time is over."""

from datetime import UTC, datetime, time
from typing import Any

from backoffice.records.locks import own_lock


def lock_of(key: str, mode: str) -> dict[str, Any]:
    """Return what a call of S3 that begins an object says of its lock; nothing without a mode."""
    until = own_lock(key, datetime.now(UTC).date()) if mode else None
    if until is None:
        return {}
    return {
        "ObjectLockMode": mode,
        "ObjectLockRetainUntilDate": datetime.combine(until, time(), UTC),
    }
