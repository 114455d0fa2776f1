"""S3 without columns: what a function that goes without the columnar layer reads and writes."""

import hashlib
from typing import TYPE_CHECKING

from backoffice.stores.conditional import write_once
from backoffice.stores.locks import lock_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TRIES = 6


class Archives:
    """Archives among the records, made of what is staged in the work bucket."""

    def __init__(self, client: "S3Client", *, records: str, work: str, lock: str = "") -> None:
        self._client = client
        self._records = records
        self._work = work
        self._lock = lock

    def staged(self, key: str) -> bytes:
        """Return what is staged under a key."""
        return self._client.get_object(Bucket=self._work, Key=key)["Body"].read()

    def stage(self, key: str, body: bytes) -> None:
        """Stage what the next step takes over."""
        self._client.put_object(Bucket=self._work, Key=key, Body=body)

    def keep(self, prefix: str, body: bytes) -> str:
        """Write an archive as `<prefix>/<sha256>.zip`, once, and return its key."""
        key = f"{prefix}/{hashlib.sha256(body).hexdigest()}.zip"
        write_once(
            lambda: self._client.put_object(
                Bucket=self._records,
                Key=key,
                Body=body,
                IfNoneMatch="*",
                **lock_of(key, self._lock),
            ),
            _TRIES,
        )
        return key
