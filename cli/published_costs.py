"""What the embedded AWS counted, put where the console reads it: as a cloud account has it."""

import time
from datetime import date
from typing import Any, Final

from botocore.exceptions import ClientError

from backoffice.costs.published import STANDING, publish, publish_standing, published_dates
from cli.measured import standing_units, usage_of
from cli.platform import Platform
from infra.local.home import Home
from infra.local.usage import MeasuredDay, measured_days

_PATIENCE_S: Final = 3.0
_POLL_S: Final = 0.1
_AGAIN: Final = 2
"""The last days are written anew: what was made of them since their close belongs to them."""
_EXISTS: Final = {"PreconditionFailed", "412"}


class WorkDocuments:
    """The cost meter's documents on the platform, as the console reads and writes them."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._bucket = platform.work_bucket

    def keys(self, prefix: str) -> list[str]:
        """List the keys under a prefix, sorted."""
        return self._platform.keys(self._bucket, prefix)

    def read_many(self, keys: Any) -> list[bytes]:  # noqa: ANN401 - a sequence of keys
        """Return the bytes of objects; KeyError when one is missing."""
        there = set(self.keys("costs/"))
        if missing := [key for key in keys if key not in there]:
            raise KeyError(missing[0])
        return [self._platform.read(self._bucket, key) for key in keys]

    def put_once(self, key: str, body: bytes) -> bool:
        """Write unless the key exists; False when it did."""
        place = {"Bucket": self._bucket, "Key": key}
        try:
            self._platform.client("s3").put_object(**place, Body=body, IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] in _EXISTS:
                return False
            raise
        return True

    def put(self, key: str, body: bytes) -> None:
        """Write, whatever stands there."""
        self._platform.client("s3").put_object(Bucket=self._bucket, Key=key, Body=body)


def publish_measured(platform: Platform, home: Home, closed: date | None = None) -> None:
    """Write what was measured and is not written yet.

    Parameters
    ----------
    closed
        A day that has just closed: its last count may come a moment later.
    """
    documents = WorkDocuments(platform)
    counted = _counted(home, closed)
    there = set(published_dates(documents))
    wanted = [day for day in counted if day not in there or day in list(counted)[-_AGAIN:]]
    publish(documents.put, [usage_of(platform, str(day), counted[day]) for day in wanted])
    if wanted and not documents.keys(STANDING):
        publish_standing(documents.put, standing_units(platform))


def _counted(home: Home, closed: date | None) -> dict[date, MeasuredDay]:
    until = time.monotonic() + _PATIENCE_S
    while True:
        found = {
            date.fromisoformat(day): counted
            for day, counted in sorted(measured_days(home).items())
            if counted.is_closed
        }
        if closed is None or closed in found or time.monotonic() > until:
            return found
        time.sleep(_POLL_S)
