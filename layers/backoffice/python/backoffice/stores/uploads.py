"""An object written in parts, once: nothing stands until all of them are there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from backoffice.stores.conditional import write_once

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Upload:
    """An upload that was begun; its parts are numbered in the order they come."""

    def __init__(self, client: "S3Client", bucket: str, key: str, lock: Mapping[str, Any]) -> None:
        self._client = client
        self._place = {"Bucket": bucket, "Key": key}
        begun = client.create_multipart_upload(**self._place, **lock)  # type: ignore[arg-type]
        self._place["UploadId"] = begun["UploadId"]
        self._tags: list[str] = []

    def copy(self, source: dict[str, str]) -> None:
        """Take another object whole as the next part."""
        part = self._client.upload_part_copy(
            **self._next(),
            CopySource=source,  # type: ignore[arg-type]
        )
        self._tags.append(part["CopyPartResult"]["ETag"])

    def add(self, body: bytes) -> None:
        """Add a part; all but the last have 5 MiB or more."""
        self._tags.append(self._client.upload_part(**self._next(), Body=body)["ETag"])

    def complete_once(self) -> bool:
        """Make the object unless the key exists; False when it did."""
        parts = [{"PartNumber": at, "ETag": tag} for at, tag in enumerate(self._tags, start=1)]
        return write_once(
            lambda: self._client.complete_multipart_upload(
                **self._place,  # type: ignore[arg-type]
                MultipartUpload={"Parts": parts},  # type: ignore[typeddict-item]
                IfNoneMatch="*",
            )
        )

    def abort(self) -> None:
        """Give up what was uploaded."""
        self._client.abort_multipart_upload(**self._place)  # type: ignore[arg-type]

    def _next(self) -> dict[str, Any]:
        return {**self._place, "PartNumber": len(self._tags) + 1}


@contextmanager
def upload_once(
    client: "S3Client", bucket: str, key: str, lock: Mapping[str, Any]
) -> Iterator[Upload]:
    """Upload an object unless the key exists; whatever fails leaves no parts behind.

    A plain copy cannot be conditional where the bucket demands it; completing an upload can.
    After a conflict all of it is begun again, by whoever runs the step again.
    """
    upload, completed = Upload(client, bucket, key, lock), False
    try:
        yield upload
        completed = upload.complete_once()
    finally:
        if not completed:
            upload.abort()
