"""What the back office left for the market, read from S3."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from backoffice.formats.iso20022.fields import BAD_FORMAT, Problem
from backoffice.formats.iso20022.instruction_reader import (
    Instruction,
    InstructionReader,
    Unreadable,
    Wanted,
)
from backoffice.formats.iso20022.packing import unpack
from backoffice.kernel.errors import BadFileError
from cli.market.cancellations import Request
from cli.market.holds import ChangeRequest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_Read = TypeVar("_Read")

OUTBOX_PREFIX: Final = "outbox/market/"
_POSTED: Final = re.compile(
    r"outbox/market/([0-9]{4}-[0-9]{2}-[0-9]{2})/(instructions|cancellations|changes)-[^/]*\.zip"
)


class Outbox:
    """What was left for the market up to a day."""

    def __init__(self, s3: "S3Client", bucket: str, day: date) -> None:
        self._s3, self._bucket, self._day = s3, bucket, day
        self._keys = list(keys(s3, bucket, OUTBOX_PREFIX))
        self._reader = InstructionReader()

    def instructions(self, wanted: Wanted) -> Iterator[Instruction | Unreadable]:
        """Read the instructions that are wanted."""
        for _, name, file in self._files("instructions"):
            yield from _read(name, partial(self._reader.read_instructions, file, wanted))

    def requests(self) -> Iterator[Request]:
        """Read the requests to cancel."""
        for left_on, name, file in self._files("cancellations"):
            for read in _read(name, partial(self._reader.read_cancellations, file)):
                yield Request(read, left_on)

    def changes(self) -> Iterator[ChangeRequest]:
        """Read the requests to hold and to release, in the order they were left."""
        for left_on, name, file in self._files("changes"):
            for read in _read(name, partial(self._reader.read_changes, file)):
                yield ChangeRequest(read, left_on, name)

    def _files(self, kind: str) -> Iterator[tuple[str, str, bytes]]:
        """Unpack the archives of a kind: the day each was left, and a file of it with its name."""
        for key in self._keys:
            match = _POSTED.fullmatch(key)
            if match is None or match[2] != kind or match[1] > self._day.isoformat():
                continue
            for name, file in unpack(body(self._s3, self._bucket, key)):
                yield match[1], f"{key}/{name}", file


def _read(
    name: str, read: Callable[[], Iterable[_Read | Unreadable]]
) -> Iterator[_Read | Unreadable]:
    """Read a file; one that is none of its kind is answered like one that lacks something."""
    try:
        yield from read()
    except BadFileError as error:
        yield Unreadable(None, (Problem("Document", BAD_FORMAT, f"{name}: {error}"),))


def keys(s3: "S3Client", bucket: str, prefix: str) -> Iterator[str]:
    """Yield the keys under a prefix, in their order."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for entry in page.get("Contents", []):
            yield entry["Key"]


def body(s3: "S3Client", bucket: str, key: str) -> bytes:
    """Read an object."""
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
