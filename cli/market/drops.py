"""The market's own drops: what it has sent, and what it sends today."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from backoffice.formats.iso20022.envelope import wrap
from cli.market.answers import Said
from cli.market.outbox import body, keys

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DROPS_PREFIX: Final = "drops/market/"
_STATUS: Final = re.compile(r"drops/market/([0-9]{4}-[0-9]{2}-[0-9]{2})/status-([0-9]+)\.xml")

Files = Mapping[str, bytes]
"""Files to be dropped, by their keys."""


@dataclass(frozen=True, slots=True)
class Drop:
    """One of the market's own status files."""

    day: date
    number: int
    key: str
    body: bytes


class Drops:
    """The market's part of the drop bucket up to a day."""

    def __init__(self, s3: "S3Client", bucket: str, day: date) -> None:
        self._s3, self._bucket, self.day = s3, bucket, day
        self.known = frozenset(keys(s3, bucket, DROPS_PREFIX))
        self.statuses = [drop for key in sorted(self.known) if (drop := self._status(key))]
        self.dropped: list[str] = []
        """The keys of what is dropped today, in their order."""

    def _status(self, key: str) -> Drop | None:
        match = _STATUS.fullmatch(key)
        if match is None or match[1] > self.day.isoformat():
            return None
        content = body(self._s3, self._bucket, key)
        return Drop(date.fromisoformat(match[1]), int(match[2]), key, content)

    @property
    def today(self) -> list[Drop]:
        """The status files of the day."""
        return [drop for drop in self.statuses if drop.day == self.day]

    def key(self, name: str, day: date | None = None) -> str:
        """Return the key of a file of a day, today's where it is None."""
        return f"{DROPS_PREFIX}{day or self.day}/{name}"

    def numbered(self, kind: str, day: date, content: bytes) -> str:
        """Return the key of a day's statement: its first that is not there with other content."""
        number = 1
        while (key := self.key(f"{kind}-{number}.csv", day)) in self.known:
            if body(self._s3, self._bucket, key) == content:
                break
            number += 1
        return key

    def repeat(self) -> None:
        """Drop the day's status files once more."""
        for drop in self.today:
            self._put(drop.key, drop.body)

    def put(self, files: Files) -> None:
        """Drop files; a status file is one of the day's from now on."""
        self.dropped.extend(drop.key for drop in self.today if drop.key not in self.dropped)
        for key, content in files.items():
            self._put(key, content)
            if match := _STATUS.fullmatch(key):
                drop = Drop(self.day, int(match[2]), key, content)
                self.statuses.append(drop)
            self.dropped.append(key)

    def _put(self, key: str, content: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)


def new_status_files(said: Said, drops: Drops) -> Files:
    """Put what is said into the day's next file, and what is said later into the one after."""
    number = 1 + max((drop.number for drop in drops.today), default=0)
    parts = [part for part in (said.documents, said.later) if part]
    return {
        drops.key(f"status-{number + place}.xml"): wrap(part) for place, part in enumerate(parts)
    }
