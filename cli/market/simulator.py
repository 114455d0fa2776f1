"""The market's shell: it reads the outbox, writes drops, and has no other memory than S3."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.fields import BAD_FORMAT, Problem
from backoffice.formats.iso20022.instruction_reader import (
    Instruction,
    InstructionReader,
    Unreadable,
    Wanted,
)
from backoffice.formats.iso20022.packing import unpack
from backoffice.kernel.errors import BadFileError
from cli.market.answers import Request, answer
from cli.market.history import read_history
from cli.market.script import load_script

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_Read = TypeVar("_Read")

OUTBOX_PREFIX: Final = "outbox/market/"
DROPS_PREFIX: Final = "drops/market/"
_POSTED: Final = re.compile(
    r"outbox/market/([0-9]{4}-[0-9]{2}-[0-9]{2})/(instructions|cancellations)-[^/]*\.zip"
)
_DROPPED: Final = re.compile(r"drops/market/([0-9]{4}-[0-9]{2}-[0-9]{2})/status-([0-9]+)\.xml")


def run_market(
    s3: "S3Client", outbox_bucket: str, drops_bucket: str, day: date, script: str
) -> list[str]:
    """Let the market do its day and return the keys of its drops of `day`.

    It reads every archive left for it up to `day` and everything it ever dropped itself. What is
    new goes into one file, `drops/market/<day>/status-<n>.xml`. When nothing is new the day's
    files are dropped again, byte for byte: whoever waits for them may have missed the first time.

    Parameters
    ----------
    script
        `settle-all`, `none`, or the path of a script file (docs/messages.md).

    Raises
    ------
    BadFileError
        When the script cannot be read, or an archive of the outbox is broken.
    """
    rules = load_script(script)
    if rules.is_silent:
        return []
    former = list(_former_drops(s3, drops_bucket, day))
    history = read_history(drop.body for drop in former)
    outbox = _Outbox(s3, outbox_bucket, day)
    requests = list(outbox.requests())
    asked_of = {request.cancellation.obligation_id for request in requests}
    wanted = _wanted(history.finished, asked_of, day, acts_early=rules.acts_early)
    instructions = list(outbox.instructions(wanted))
    today = [drop for drop in former if drop.day == day.isoformat()]
    if messages := answer(instructions, requests, history, day, rules):
        number = 1 + max((drop.number for drop in today), default=0)
        key = f"{DROPS_PREFIX}{day}/status-{number}.xml"
        s3.put_object(Bucket=drops_bucket, Key=key, Body=wrap(messages))
        return [*(drop.key for drop in today), key]
    for drop in today:
        s3.put_object(Bucket=drops_bucket, Key=drop.key, Body=drop.body)
    return [drop.key for drop in today]


def _wanted(
    finished: Collection[str], asked_of: Collection[str | None], day: date, *, acts_early: bool
) -> Wanted:
    """Return what tells whether there may be something to say: what is not due has its day."""

    def wanted(obligation_id: str, settlement_date: date) -> bool:
        if obligation_id in finished:
            return False
        return settlement_date <= day or acts_early or obligation_id in asked_of

    return wanted


@dataclass(frozen=True, slots=True)
class _Drop:
    """One of the market's own files."""

    day: str
    number: int
    key: str
    body: bytes


def _former_drops(s3: "S3Client", bucket: str, day: date) -> Iterator[_Drop]:
    for key in _keys(s3, bucket, DROPS_PREFIX):
        match = _DROPPED.fullmatch(key)
        if match is not None and match[1] <= day.isoformat():
            yield _Drop(match[1], int(match[2]), key, _body(s3, bucket, key))


class _Outbox:
    """What was left for the market up to a day."""

    def __init__(self, s3: "S3Client", bucket: str, day: date) -> None:
        self._s3, self._bucket, self._day = s3, bucket, day
        self._keys = list(_keys(s3, bucket, OUTBOX_PREFIX))
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

    def _files(self, kind: str) -> Iterator[tuple[str, str, bytes]]:
        """Unpack the archives of a kind: the day each was left, and a file of it with its name."""
        for key in self._keys:
            match = _POSTED.fullmatch(key)
            if match is None or match[2] != kind or match[1] > self._day.isoformat():
                continue
            for name, file in unpack(_body(self._s3, self._bucket, key)):
                yield match[1], f"{key}/{name}", file


def _read(
    name: str, read: Callable[[], Iterable[_Read | Unreadable]]
) -> Iterator[_Read | Unreadable]:
    """Read a file; one that is none of its kind is answered like one that lacks something."""
    try:
        yield from read()
    except BadFileError as error:
        yield Unreadable(None, (Problem("Document", BAD_FORMAT, f"{name}: {error}"),))


def _keys(s3: "S3Client", bucket: str, prefix: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for entry in page.get("Contents", []):
            yield entry["Key"]


def _body(s3: "S3Client", bucket: str, key: str) -> bytes:
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
