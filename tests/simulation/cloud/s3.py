"""S3 as `stores.objects` and the market call it, over a simulated cloud."""

import io
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from tests.simulation.cloud.calls import Calls, refusal
from tests.simulation.cloud.stores import RECORDS

_PAGE: Final = 40
"""Keys a page: few enough that who forgets the second page is found out."""


class Body(io.BytesIO):
    """An answer's body."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.content = content

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        while chunk := self.read(size):
            yield chunk


class CloudS3:
    """The client."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def _bytes(self, bucket: str, key: str, version: str | None = None) -> bytes:
        cloud = self._calls.cloud
        found = cloud.versions.get((key, version)) if version else cloud.buckets[bucket].get(key)
        if found is None:
            raise refusal("NoSuchKey", "GetObject", key)
        return found

    def get_object(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as boto3 has it
        def read() -> Mapping[str, Any]:
            body = self._bytes(asked["Bucket"], asked["Key"], asked.get("VersionId"))
            if said := asked.get("Range"):
                first, last = said.removeprefix("bytes=").split("-")
                body = body[int(first) : int(last) + 1]
            return {"Body": Body(body)}

        return self._calls.read("GetObject", read)

    def head_object(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401
        return self._calls.read(
            "HeadObject",
            lambda: {
                "ContentLength": len(
                    self._bytes(asked["Bucket"], asked["Key"], asked.get("VersionId"))
                )
            },
        )

    def get_paginator(self, operation: str) -> "CloudS3":
        assert operation == "list_objects_v2"
        return self

    def paginate(self, **asked: str) -> Iterator[Mapping[str, Any]]:
        after = ""
        while True:
            page = self.page(asked=asked, after=after)
            yield {"Contents": [{"Key": key} for key in page]} if page else {}
            if len(page) < _PAGE:
                return
            after = page[-1]

    def page(self, *, asked: Mapping[str, str], after: str) -> list[str]:
        """List a page of keys: a call of its own."""
        return self._calls.read("ListObjectsV2", partial(self._page, asked, after))

    def _page(self, asked: Mapping[str, str], after: str) -> list[str]:
        objects, prefix = self._calls.cloud.buckets[asked["Bucket"]], asked["Prefix"]
        found = [key for key in objects if key > after and key.startswith(prefix)]
        return sorted(found)[:_PAGE]

    def put_object(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401
        bucket, key, once = asked["Bucket"], asked["Key"], asked.get("IfNoneMatch") == "*"
        if bucket == RECORDS and not once:
            raise refusal("AccessDenied", "PutObject", f"{key} without If-None-Match")

        def write() -> Mapping[str, Any]:
            self._only_new(bucket, key, once=once, operation="PutObject")
            self._calls.cloud.write(bucket, key, asked["Body"])
            return {}

        return self._calls.write("PutObject", write, conditional=once)

    def delete_object(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401
        def delete() -> Mapping[str, Any]:
            self._calls.cloud.delete(asked["Bucket"], asked["Key"], asked["VersionId"])
            return {}

        return self._calls.write("DeleteObject", delete)

    def _only_new(self, bucket: str, key: str, *, once: bool, operation: str) -> None:
        if once and key in self._calls.cloud.buckets[bucket]:
            raise refusal("PreconditionFailed", operation, key)

    def create_multipart_upload(self, **asked: str) -> Mapping[str, Any]:
        def begin() -> Mapping[str, Any]:
            cloud = self._calls.cloud
            cloud.begun += 1
            cloud.uploads[f"upload-{cloud.begun}"] = (asked["Key"], [])
            return {"UploadId": f"upload-{cloud.begun}"}

        return self._calls.write("CreateMultipartUpload", begin)

    def upload_part_copy(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401
        def copy() -> Mapping[str, Any]:
            source = asked["CopySource"]
            body = self._bytes(source["Bucket"], source["Key"], source.get("VersionId"))
            key, _ = self._upload(asked["UploadId"])
            self._calls.cloud.uploads[asked["UploadId"]] = (key, [body])
            return {"CopyPartResult": {"ETag": "etag"}}

        return self._calls.write("UploadPartCopy", copy)

    def upload_part(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401
        def add() -> Mapping[str, Any]:
            key, parts = self._upload(asked["UploadId"])
            # sent again a part takes the place of itself
            parts = [*parts[: asked["PartNumber"] - 1], asked["Body"]]
            self._calls.cloud.uploads[asked["UploadId"]] = (key, parts)
            return {"ETag": "etag"}

        return self._calls.write("UploadPart", add)

    def complete_multipart_upload(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401
        def complete() -> Mapping[str, Any]:
            key, parts = self._upload(asked["UploadId"])
            once = asked.get("IfNoneMatch") == "*"
            self._only_new(asked["Bucket"], key, once=once, operation="CompleteMultipartUpload")
            self._calls.cloud.write(asked["Bucket"], key, b"".join(parts))
            del self._calls.cloud.uploads[asked["UploadId"]]
            return {}

        return self._calls.write("CompleteMultipartUpload", complete)

    def abort_multipart_upload(self, **asked: str) -> Mapping[str, Any]:
        def abort() -> Mapping[str, Any]:
            self._upload(asked["UploadId"])
            del self._calls.cloud.uploads[asked["UploadId"]]
            return {}

        return self._calls.write("AbortMultipartUpload", abort)

    def _upload(self, upload: str) -> tuple[str, list[bytes]]:
        found = self._calls.cloud.uploads.get(upload)
        if found is None:
            raise refusal("NoSuchUpload", "a call of an upload", upload)
        return found
