"""Plan a dropped file: pin its version and content, and cut it into ranges of whole rows.

What reads bytes (`formats`) is handed in: the domain knows rows and rules, not encodings.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from backoffice.intake.documents import ByteRange, Drop, FilePlan, MessageCount
from backoffice.intake.drops import Drops, GoneDropError, drop_of
from backoffice.intake.row_formats import PlansByFormat, RowPlan
from backoffice.intake.schemas import DELIMITED, format_of, label_columns
from backoffice.intake.staging import ROWS_PER_BUCKET, buckets_for
from backoffice.intake.statement_frames import STATEMENTS
from backoffice.intake.status_frames import STATUS
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Document, Work

RANGE_BYTES: Final = 32 * 2**20
_LARGEST: Final = {".control.json": 64 * 2**10, ".xml": 256 * 2**20}
"""Bytes of what is read whole: a control file states three figures, a settlement message some
800 bytes."""


class Planned(Document):
    """Where the plan stands, and the ranges to capture; of a key that is no drop, only why."""

    outcome: Literal["PLANNED", "NOT_A_DROP", "GONE"]
    plan: str = ""
    ranges: tuple[ByteRange, ...] = ()
    reason: str | None = None


def plan_file(
    drops: Drops,
    work: Work,
    key: str,
    version: str | None,
    plans: PlansByFormat,
    *,
    range_bytes: int = RANGE_BYTES,
    rows_per_bucket: int = ROWS_PER_BUCKET,
) -> Planned:
    """Pin a dropped object's version and content and cut it into ranges of whole rows.

    A file that is no file of its kind is planned as refused, with the one sentence that says why;
    a key that names no partner, date and file has no place among the records and is left alone,
    as is an event told again of what was committed and deleted.
    An event that names no version means the one that stands now, for every step from here on.
    How finely it is cut, into ranges and account buckets, changes nothing it comes to.
    """
    try:
        drop = _pinned(drops, drop_of(key, version))
        digest = _Digest(drops.stream(drop.key, drop.version))
        found = _find(drop, digest, plans, range_bytes)
    except BadFileError as error:
        return Planned(outcome="NOT_A_DROP", reason=str(error))
    except GoneDropError:
        return Planned(outcome="GONE", reason="it was committed, and deleted: it is told again")
    planned = FilePlan(
        drop=drop,
        sha256=digest.sha256,
        size=digest.size,
        buckets=buckets_for(found.rows, rows_per_bucket) if drop.kind == "trades" else 1,
        **{name: getattr(found, name) for name in ("rows", "header", "refusal", "set_aside")},
    )
    work.stage_json(planned.key, planned.model_dump_json().encode())
    return Planned(outcome="PLANNED", plan=planned.key, ranges=found.ranges)


def _pinned(drops: Drops, drop: Drop) -> Drop:
    if drop.version is not None:
        return drop
    return drop.model_copy(update={"version": drops.newest_version(drop.key)})


@dataclass(frozen=True, slots=True)
class _Found:
    """What reading a file through found; of one that is refused, nothing but why."""

    header: tuple[str, ...] = ()
    rows: int = 0
    ranges: tuple[ByteRange, ...] = ()
    set_aside: tuple[MessageCount, ...] = ()
    refusal: str | None = None


def _find(drop: Drop, digest: "_Digest", plans: PlansByFormat, range_bytes: int) -> _Found:
    found = _Found()
    try:
        _refuse_foreign(drop)
        if drop.kind in DELIMITED and not is_message(drop):
            cut = plans[str(format_of(drop.name))](digest, range_bytes)
            found = _Found(tuple(cut.header), cut.rows, _ranges(cut), _set_aside(cut))
            label_columns(str(drop.kind), found.header)
    except BadFileError as error:
        found = _Found(refusal=str(error))
    digest.finish()
    if found.refusal is None and (reason := _oversize(drop, digest.size)):
        return _Found(refusal=reason)
    if found.refusal is None and is_message(drop):
        return _Found(ranges=(ByteRange(index=0, start=0, end=digest.size, first_row=1),))
    return found


def is_message(drop: Drop) -> bool:
    """Whether a file holds messages, which are read whole."""
    return drop.kind == STATUS or (drop.kind in STATEMENTS and format_of(drop.name) == ".xml")


def _refuse_foreign(drop: Drop) -> None:
    """Refuse what is no file of any kind, or of a format that its kind does not come in."""
    if drop.kind is None:
        raise BadFileError(f"{drop.name} is no kind of file that is taken")
    if format_of(drop.name) is None:
        raise BadFileError(f"files of {drop.kind} do not come as {drop.name}")


def _oversize(drop: Drop, size: int) -> str | None:
    most = _LARGEST.get(format_of(drop.name) or "")
    if most is None or size <= most:
        return None
    return f"a file of {drop.kind} has at most {most} bytes, this one has {size}"


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


def _set_aside(plan: RowPlan) -> tuple[MessageCount, ...]:
    return tuple(MessageCount(message=kind, count=times) for kind, times in plan.set_aside)


def _ranges(plan: RowPlan) -> tuple[ByteRange, ...]:
    return tuple(
        ByteRange(index=index, start=found.start, end=found.end, first_row=found.first_row)
        for index, found in enumerate(plan.ranges)
    )
