"""How a file is kept as it came: plain, or sealed because it tells, or may tell, of people."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from backoffice.intake.documents import Drop, FilePlan
from backoffice.intake.drops import Drops
from backoffice.intake.personal import BANKS_KINDS, PERSONAL_KINDS, subject_column
from backoffice.intake.schemas import CONTROL, format_of
from backoffice.kernel.parts import Records

SEALED_MARK = b'{"form":"sealed original 1"}\n'
"""How every sealed original begins."""

_HEAD_BYTES = 64


class SealsOriginals(Protocol):
    """Makes the sealed form of a file."""

    def rows(
        self, chunks: Iterator[bytes], sha256: str, header: tuple[str, ...], subject: str
    ) -> Iterator[bytes]:
        """Yield a file of rows, each sealed under the key of whom its column `subject` names."""

    def whole(self, chunks: Iterator[bytes], sha256: str) -> Iterator[bytes]:
        """Yield a file sealed under a key of its own."""


class Originals(Records, Protocol):
    """The record store, which keeps files of any size."""

    def copy_once(self, drops: Drops, drop_key: str, version: str | None, key: str) -> None:
        """Copy an object unless the key exists."""

    def put_pieces_once(self, key: str, pieces: Iterator[bytes]) -> None:
        """Write pieces as one object unless the key exists."""


def end_of_sealed(sha256: str) -> bytes:
    """Return how a sealed original ends: with the hash of all before it, for its name is none."""
    return json.dumps({"sha256": sha256}).encode() + b"\n"


def is_whole(body: bytes) -> bool:
    """Tell whether bytes are a sealed original to its end; no key is needed for that."""
    size = len(end_of_sealed("0" * 64))
    said = hashlib.sha256(body[:-size]).hexdigest()
    return body.startswith(SEALED_MARK) and body[-size:] == end_of_sealed(said)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What capturing a file came to: why it is refused, how many rows were taken of how many."""

    refusal: str | None
    rows: int
    captured: int


def keep_original(
    records: Originals,
    drops: Drops,
    plan: FilePlan,
    outcome: Outcome,
    key: str,
    seals: SealsOriginals,
) -> bool:
    """Keep a file under `key`, once; return whether it was to be sealed.

    Of a kind that tells of people each row is sealed under the key of whom it tells. What a bank
    states may name who paid, and what is refused, or of which nothing was taken, may be any such
    file by another name: it is sealed whole.
    """
    drop = plan.drop
    if drop.kind in PERSONAL_KINDS and outcome.refusal is None:
        records.put_pieces_once(key, _sealed_rows(drops, plan, seals))
        return True
    if drop.kind in BANKS_KINDS or _may_be_another(drops, drop, outcome):
        chunks = drops.stream(drop.key, drop.version)
        records.put_pieces_once(key, seals.whole(chunks, plan.sha256))
        return True
    records.copy_once(drops, drop.key, drop.version, key)
    return False


def _sealed_rows(drops: Drops, plan: FilePlan, seals: SealsOriginals) -> Iterator[bytes]:
    drop = plan.drop
    chunks = drops.stream(drop.key, drop.version)
    subject = subject_column(str(drop.kind))
    # a file of payments may do without the column of accounts
    if subject not in plan.header:
        return seals.whole(chunks, plan.sha256)
    return seals.rows(chunks, plan.sha256, plan.header, subject)


def _may_be_another(drops: Drops, drop: Drop, outcome: Outcome) -> bool:
    is_of_rows = bool(outcome.rows) and not outcome.captured
    if outcome.refusal is None and not is_of_rows and drop.kind != CONTROL:
        return False
    head = drops.read_range(drop.key, drop.version, 0, _HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    mark = {".control.json": b"{", ".fix": b"8=FIX"}.get(format_of(drop.name) or "")
    # messages as they are to be, whatever is wrong with them, are no list of clients
    return mark is None or not head.startswith(mark)
