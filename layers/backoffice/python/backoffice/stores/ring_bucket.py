"""Where rings of keys stand: replaced by who knows what stands there, and really deleted."""

from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from backoffice.stores.conditional import write_once

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT: Final = {"NoSuchKey", "404", "NotFound"}
_TRIES: Final = 6


class RingBucket:
    """A bucket of small objects that are read whole and replaced whole."""

    def __init__(self, client: "S3Client", name: str) -> None:
        self._client = client
        self.name = name

    def find_tagged(self, key: str) -> tuple[bytes, str] | None:
        """Return the object's bytes and its tag, or None when there is none."""
        try:
            answer = self._client.get_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return answer["Body"].read(), answer["ETag"]

    def replace(self, key: str, body: bytes, tag: str | None) -> bool:
        """Write if what stands there still has the tag (None: if nothing does); False if not."""
        condition = {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
        return write_once(
            lambda: self._client.put_object(
                Bucket=self.name,
                Key=key,
                Body=body,
                **condition,  # type: ignore[arg-type]
            ),
            _TRIES,
        )

    def delete_older(self, key: str) -> None:
        """Delete every version of the object but the one that stands."""
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self.name, Prefix=key
        )
        for page in pages:
            for version in page.get("Versions", []):
                if version["Key"] == key and not version["IsLatest"]:
                    self._client.delete_object(
                        Bucket=self.name, Key=key, VersionId=version["VersionId"]
                    )
