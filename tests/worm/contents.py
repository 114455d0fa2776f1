"""What an attack must leave as it was: every version, its lock and its bytes."""

import hashlib
from typing import Any

from tests.worm.attempts import Version


def versions_of(client: Any, bucket: str) -> tuple[Version, ...]:  # noqa: ANN401 - a client
    """List every version of every key, as they are now."""
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket)
    return tuple(version for page in pages for version in page.get("Versions", []))


def content_of(client: Any, bucket: str) -> dict[str, tuple[str, str, str, str]]:  # noqa: ANN401
    """Read every version: SHA-256, whether it is the latest, mode and end of its lock.

    A delete marker has no content, and is told as what it is.
    """
    found = {}
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in page.get("Versions", []):
            place = {"Bucket": bucket, "Key": version["Key"], "VersionId": version["VersionId"]}
            answer = client.get_object(**place)
            found["{Key} {VersionId}".format(**version)] = (
                hashlib.sha256(answer["Body"].read()).hexdigest(),
                str(version["IsLatest"]),
                str(answer.get("ObjectLockMode")),
                str(answer.get("ObjectLockRetainUntilDate")),
            )
        for marker in page.get("DeleteMarkers", []):
            found["{Key} {VersionId}".format(**marker)] = ("deleted", "", "", "")
    return found
