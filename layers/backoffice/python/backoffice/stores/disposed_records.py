"""Delete records for good: every version of an object, unless a lock still keeps one."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_WORKERS: Final = 8
_LOCKED: Final = {"AccessDenied", "InvalidRequest"}


class RecordDeleter:
    """Who deletes from a bucket of records."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def delete(self, keys: Iterable[str]) -> list[str]:
        """Delete every version of objects; return those that a lock still keeps."""
        asked = list(keys)
        with ThreadPoolExecutor(_WORKERS) as pool:
            gone = list(pool.map(self._delete, asked))
        return [key for key, deleted in zip(asked, gone, strict=True) if not deleted]

    def _delete(self, key: str) -> bool:
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self._bucket, Prefix=key
        )
        for page in pages:
            for one in page.get("Versions", []):
                if one["Key"] == key and not self._delete_version(key, one["VersionId"]):
                    return False
        return True

    def _delete_version(self, key: str, version: str) -> bool:
        try:
            self._client.delete_object(Bucket=self._bucket, Key=key, VersionId=version)
        except ClientError as error:
            if error.response["Error"]["Code"] in _LOCKED:
                return False
            raise
        return True
