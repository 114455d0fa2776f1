"""Attempts to overwrite, hide, delete or shorten a record: by every call, store and caller."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

Version = Mapping[str, Any]
OTHER: Final = b"another content"


@dataclass(frozen=True)
class Target:
    """One version of one record, and the client of whoever tries."""

    client: Any
    bucket: str
    version: Version

    @property
    def key(self) -> str:
        """The record's key."""
        return str(self.version["Key"])

    @property
    def place(self) -> dict[str, str]:
        """Where it stands."""
        return {"Bucket": self.bucket, "Key": self.key}

    @property
    def exact(self) -> dict[str, str]:
        """Which of its versions."""
        return {**self.place, "VersionId": str(self.version["VersionId"])}


def _put(target: Target) -> None:
    target.client.put_object(**target.place, Body=OTHER)


def _put_if_absent(target: Target) -> None:
    target.client.put_object(**target.place, Body=OTHER, IfNoneMatch="*")


def _put_if_it_is_this(target: Target) -> None:
    target.client.put_object(**target.place, Body=OTHER, IfMatch=target.version["ETag"])


def _put_nothing(target: Target) -> None:
    target.client.put_object(**target.place, Body=b"")


def _put_with_a_lock_of_its_own(target: Target) -> None:
    until = datetime.now(UTC) + timedelta(seconds=60)
    target.client.put_object(
        **target.place, Body=OTHER, ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until
    )


def _copy_onto_itself(target: Target) -> None:
    target.client.copy_object(
        **target.place, CopySource=target.place, MetadataDirective="REPLACE", Metadata={"a": "b"}
    )


def _upload_in_parts(target: Target, **condition: str) -> None:
    upload = target.client.create_multipart_upload(**target.place)["UploadId"]
    try:
        part = target.client.upload_part(**target.place, UploadId=upload, PartNumber=1, Body=OTHER)
        parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
        target.client.complete_multipart_upload(
            **target.place, UploadId=upload, MultipartUpload=parts, **condition
        )
    finally:
        target.client.abort_multipart_upload(**target.place, UploadId=upload)


def _upload_in_parts_if_absent(target: Target) -> None:
    _upload_in_parts(target, IfNoneMatch="*")


def _delete(target: Target) -> None:
    target.client.delete_object(**target.place)


def _delete_the_version(target: Target) -> None:
    target.client.delete_object(**target.exact)


def _delete_the_version_past_the_lock(target: Target) -> None:
    target.client.delete_object(**target.exact, BypassGovernanceRetention=True)


def _delete_in_a_batch(target: Target) -> None:
    one = {"Key": target.key, "VersionId": target.version["VersionId"]}
    done = target.client.delete_objects(Bucket=target.bucket, Delete={"Objects": [one]})
    for error in done.get("Errors", []):
        raise ClientError({"Error": error}, "DeleteObjects")


def _retain(target: Target, mode: str, days: float, **more: bool) -> None:
    until = datetime.now(UTC) + timedelta(days=days)
    retention = {"Mode": mode, "RetainUntilDate": until}
    target.client.put_object_retention(**target.exact, Retention=retention, **more)


def _shorten(target: Target) -> None:
    _retain(target, "COMPLIANCE", 0.1)


def _shorten_and_loosen(target: Target) -> None:
    _retain(target, "GOVERNANCE", 0.1)


def _shorten_past_the_lock(target: Target) -> None:
    _retain(target, "GOVERNANCE", 0.1, BypassGovernanceRetention=True)


BY_CALL: Final[tuple[Callable[[Target], None], ...]] = (
    _put,
    _put_if_absent,
    _put_if_it_is_this,
    _put_nothing,
    _put_with_a_lock_of_its_own,
    _copy_onto_itself,
    _upload_in_parts,
    _upload_in_parts_if_absent,
    _delete,
    _delete_the_version,
    _delete_the_version_past_the_lock,
    _delete_in_a_batch,
    _shorten,
    _shorten_and_loosen,
    _shorten_past_the_lock,
)
BY_LOCK: Final[tuple[Callable[[Target], None], ...]] = (
    _put_if_absent,
    _upload_in_parts_if_absent,
    _delete_the_version,
    _delete_in_a_batch,
    _shorten,
    _shorten_and_loosen,
    _delete_the_version_past_the_lock,
    _shorten_past_the_lock,
)
"""What S3 itself refuses, whatever policies say; the last two only where nobody lifts the lock."""


def _lock_nothing_from_now_on(client: Any, bucket: str) -> None:  # noqa: ANN401 - a client
    client.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
    )


def _keep_no_versions(client: Any, bucket: str) -> None:  # noqa: ANN401 - a client
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def _let_everything_expire(client: Any, bucket: str) -> None:  # noqa: ANN401 - a client
    rule = {"ID": "all", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}}
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": [rule]}
    )


def _drop_the_policy(client: Any, bucket: str) -> None:  # noqa: ANN401 - a client
    client.delete_bucket_policy(Bucket=bucket)


def _allow_everything(client: Any, bucket: str) -> None:  # noqa: ANN401 - a client
    client.put_bucket_policy(Bucket=bucket, Policy='{"Version": "2012-10-17", "Statement": []}')


def _drop_the_bucket(client: Any, bucket: str) -> None:  # noqa: ANN401 - a client
    client.delete_bucket(Bucket=bucket)


ON_THE_BUCKET: Final[tuple[Callable[[Any, str], None], ...]] = (
    _lock_nothing_from_now_on,
    _keep_no_versions,
    _let_everything_expire,
    _drop_the_policy,
    _allow_everything,
    _drop_the_bucket,
)
"""What an administrator may do, and no function: the records it finds stay locked all the same."""
