"""From a dropped object to a committed file: plan, capture its ranges, commit it with one write.

What reads bytes (`formats`) is handed in: the domain knows rows and rules, not encodings.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, Protocol

import polars as pl

from backoffice.intake.capture import Origin, capture
from backoffice.intake.codes import Zones
from backoffice.intake.documents import ByteRange, CapturedRange, Drop, FileEntry, FilePlan
from backoffice.intake.schemas import (
    CONTROL,
    DELIMITED,
    format_of,
    kind_of,
    label_columns,
    unknown_columns,
)
from backoffice.intake.staging import stage_captured
from backoffice.intake.status_frames import STATUS, StatusRows
from backoffice.intake.totals import Totals, total
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Document, Part, Records, Work

RANGE_BYTES: Final = 16 * 2**20
ROWS_PER_BUCKET: Final = 2**14
"""Finer than the day's own buckets: a file does not know yet how large its day will be, and what
is cut too coarsely is read once for every bucket of the day."""
_KEY: Final = re.compile(r"drops/([^/]+)/(\d{4}-\d{2}-\d{2})/([^/]+)", re.ASCII)


class Drops(Protocol):
    """The drop bucket."""

    @property
    def name(self) -> str:
        """What it is called."""

    def stream(self, key: str, version: str | None) -> Iterator[bytes]:
        """Yield an object's bytes."""

    def read_range(self, key: str, version: str | None, start: int, end: int) -> bytes:
        """Return bytes `start` to `end` (exclusive)."""


class Originals(Records, Protocol):
    """The record store, which copies a dropped object as it came."""

    def copy_once(self, drops: Drops, drop_key: str, version: str | None, key: str) -> None:
        """Copy an object unless the key exists."""


class RowRange(Protocol):
    """A range of whole rows, as a reader of delimited text plans it."""

    @property
    def start(self) -> int:
        """First byte."""

    @property
    def end(self) -> int:
        """Byte after the last."""

    @property
    def first_row(self) -> int:
        """Number of its first row in the file."""


class DelimitedPlan(Protocol):
    """What one pass over delimited text found."""

    @property
    def header(self) -> tuple[str, ...]:
        """Trimmed column names."""

    @property
    def rows(self) -> int:
        """Rows of the whole file."""

    @property
    def ranges(self) -> Sequence[RowRange]:
        """Whole rows each."""


PlanDelimited = Callable[[Iterable[bytes], int], DelimitedPlan]


class Planned(Document):
    """Where the plan stands, and the ranges to capture."""

    plan: str
    ranges: tuple[ByteRange, ...]


def plan_file(
    drops: Drops,
    work: Work,
    key: str,
    version: str | None,
    plan: PlanDelimited,
    *,
    range_bytes: int = RANGE_BYTES,
    rows_per_bucket: int = ROWS_PER_BUCKET,
) -> Planned:
    """Pin a dropped object's version and content and cut it into ranges of whole rows.

    A file that is no file of its kind is planned as refused, with the one sentence that says why.
    How finely it is cut, into ranges and account buckets, changes nothing it comes to.
    """
    drop = drop_of(key, version)
    digest = _Digest(drops.stream(drop.key, version))
    ranges: tuple[ByteRange, ...] = ()
    rows, refusal = 0, None
    header: tuple[str, ...] = ()
    try:
        _refuse_foreign(drop)
        if drop.kind in DELIMITED:
            found = plan(digest, range_bytes)
            rows, header, ranges = found.rows, tuple(found.header), _ranges(found)
            label_columns(str(drop.kind), header)
    except BadFileError as error:
        ranges, rows, refusal = (), 0, str(error)
    digest.finish()
    if refusal is None and drop.kind == STATUS:
        ranges = (ByteRange(index=0, start=0, end=digest.size, first_row=1),)
    planned = FilePlan(
        drop=drop,
        sha256=digest.sha256,
        size=digest.size,
        rows=rows,
        header=header,
        buckets=_buckets(rows, rows_per_bucket) if drop.kind == "trades" else 1,
        refusal=refusal,
    )
    plan_key = f"{planned.stem}/plan.json"
    work.stage_json(plan_key, planned.model_dump_json().encode())
    return Planned(plan=plan_key, ranges=ranges)


def drop_of(key: str, version: str | None) -> Drop:
    """Read partner, business date and name from an object's key.

    Raises
    ------
    BadFileError
        When the key is no `drops/<partner>/<YYYY-MM-DD>/<name>`.
    """
    match = _KEY.fullmatch(key)
    try:
        partner, day, name = match.groups()  # type: ignore[union-attr]
        business_date = date.fromisoformat(day)
    except (AttributeError, ValueError):
        raise BadFileError(f"{key} is no drops/<partner>/<YYYY-MM-DD>/<name>") from None
    return Drop(
        partner=partner,
        business_date=business_date,
        name=name,
        kind=kind_of(name),
        key=key,
        version=version,
    )


_TAKEN_LATER: Final = {
    "actions": "corporate actions are not taken yet",
    ".fix": "FIX files are not taken yet",
    ".xml": "statements in ISO 20022 are not taken yet",
}


def _refuse_foreign(drop: Drop) -> None:
    """Refuse what is no file of any kind, or of a format that is not read yet."""
    if drop.kind is None:
        raise BadFileError(f"{drop.name} is no kind of file that is taken")
    ending = format_of(drop.name)
    if ending is None:
        raise BadFileError(f"a {drop.kind} file does not come as {drop.name}")
    later = _TAKEN_LATER.get(drop.kind) or _TAKEN_LATER.get(ending)
    if later and drop.kind not in (STATUS, CONTROL):
        raise BadFileError(later)


def read_plan(work: Work, key: str) -> FilePlan:
    """Read a staged plan."""
    return FilePlan.model_validate_json(work.read_bytes(key))


ReadRows = Callable[[Sequence[str], bytes, int], pl.DataFrame]
"""Labels, bytes, first row number -> columns of text, `row`, `ragged`."""

ReadStatus = Callable[[bytes], StatusRows]
"""Bytes of a status file -> status rows and rejects."""


def capture_range(
    drops: Drops,
    work: Work,
    plan_key: str,
    found: ByteRange,
    *,
    zones: Zones,
    read_rows: ReadRows,
    read_status: ReadStatus,
) -> CapturedRange:
    """Read one range of a planned file, check its rows and stage what they came to."""
    plan = read_plan(work, plan_key)
    drop = plan.drop
    data = drops.read_range(drop.key, drop.version, found.start, found.end)
    origin = Origin(partner=drop.partner, business_date=drop.business_date, file=drop.name)
    if drop.kind == STATUS:
        return _capture_status(work, plan, origin, read_status, data)
    labels = label_columns(str(drop.kind), plan.header)
    part = capture(str(drop.kind), read_rows(labels, data, found.first_row), origin, zones)
    parts, identities = stage_captured(work, plan.stem, found.index, part.captured, plan.buckets)
    return CapturedRange(
        index=found.index,
        rows=part.totals.rows,
        captured=part.totals.captured,
        rejected=part.totals.rejected,
        sum_quantity=part.totals.quantity,
        parts=parts,
        identities=identities,
        rejects=_stage_rejects(work, plan, found.index, part.rejects),
        refusal=None,
    )


def _capture_status(
    work: Work, plan: FilePlan, origin: Origin, read_status: ReadStatus, data: bytes
) -> CapturedRange:
    """Read a whole status file; one that is none is refused with the reason."""
    nothing: dict[str, Any] = dict.fromkeys(("parts", "identities", "rejects", "refusal"))
    nothing |= {"index": 0, "rows": 0, "captured": 0, "rejected": 0, "sum_quantity": "0"}
    try:
        read = read_status(data)
    except BadFileError as error:
        return CapturedRange(**nothing | {"parts": (), "refusal": str(error)})
    rows, rejects = read.placed(origin)
    parts, _ = stage_captured(work, plan.stem, 0, rows, 1)
    counts = {
        "rows": rows.height + rejects.height,
        "captured": rows.height,
        "rejected": rejects.height,
    }
    kept = {"parts": parts, "rejects": _stage_rejects(work, plan, 0, rejects)}
    return CapturedRange(**nothing | counts | kept)


def _stage_rejects(work: Work, plan: FilePlan, index: int, rejects: pl.DataFrame) -> Part | None:
    if not rejects.height:
        return None
    return work.stage(f"{plan.stem}/{index:04d}.rejects.parquet", rejects)


def commit_file(
    records: Originals, drops: Drops, work: Work, plan_key: str, captured: Sequence[CapturedRange]
) -> FileEntry:
    """Make a file visible: keep its original, then write its entry, once.

    Before the entry stands nothing of the file exists; after it everything does. A second commit
    of the same file changes nothing.
    """
    plan = read_plan(work, plan_key)
    drop = plan.drop
    original = f"intake/{drop.business_date}/originals/{plan.sha256}"
    records.copy_once(drops, drop.key, drop.version, original)
    refusal = plan.refusal or next((r.refusal for r in captured if r.refusal), None)
    good = () if refusal else sorted(captured, key=lambda found: found.index)
    entry = FileEntry(
        drop=drop,
        sha256=plan.sha256,
        size=plan.size,
        rows=plan.rows if drop.kind in DELIMITED and plan.header else sum(r.rows for r in good),
        captured=sum(found.captured for found in good),
        rejected=sum(found.rejected for found in good),
        sum_quantity=total(Totals(quantity=found.sum_quantity) for found in good).quantity,
        header=plan.header,
        unknown_columns=tuple(unknown_columns(drop.kind, plan.header)) if drop.kind else (),
        parts=tuple(part for found in good for part in found.parts),
        identities=tuple(found.identities for found in good if found.identities),
        rejects=tuple(found.rejects for found in good if found.rejects),
        original=original,
        refusal=refusal,
    )
    records.put_once(entry.key, entry.model_dump_json().encode())
    return entry


class _Digest:
    """Hashes a stream as someone else reads it, and reads on where they stopped."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._hash = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._hash.update(chunk)
            self.size += len(chunk)
            yield chunk

    def finish(self) -> None:
        """Read what is left."""
        for _ in self:
            pass

    @property
    def sha256(self) -> str:
        """The hash of everything read."""
        return self._hash.hexdigest()


def _ranges(plan: DelimitedPlan) -> tuple[ByteRange, ...]:
    return tuple(
        ByteRange(index=index, start=found.start, end=found.end, first_row=found.first_row)
        for index, found in enumerate(plan.ranges)
    )


def _buckets(rows: int, rows_per_bucket: int) -> int:
    buckets = 1
    while rows > buckets * rows_per_bucket:
        buckets *= 2
    return buckets
