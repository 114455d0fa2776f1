"""Capture one range of a planned file: read its rows, check them, stage what they came to."""

from collections.abc import Callable
from typing import Any

import polars as pl

from backoffice.intake.app_trades import TRADES
from backoffice.intake.capture import Origin, capture, unknown_names
from backoffice.intake.codes import Zones
from backoffice.intake.documents import ByteRange, CapturedRange, FilePlan
from backoffice.intake.drops import Drops
from backoffice.intake.row_formats import ReadersByFormat
from backoffice.intake.schemas import format_of, label_columns
from backoffice.intake.staging import (
    read_plan,
    stage_captured,
    stage_rejects,
    stage_shorts,
    stage_trades,
)
from backoffice.intake.status_frames import STATUS, StatusRows
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Work

ReadStatus = Callable[[bytes], StatusRows]
"""Bytes of a status file -> status rows and rejects."""


def capture_range(
    drops: Drops,
    work: Work,
    plan_key: str,
    found: ByteRange,
    *,
    zones: Zones,
    readers: ReadersByFormat,
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
    reader = readers[str(format_of(drop.name))]
    rows = reader.read(labels, data, found.first_row)
    part = capture(str(drop.kind), rows, origin, zones, reader.names)
    staged = _stage(work, plan, found.index, part.captured)
    return CapturedRange(
        index=found.index,
        rows=part.totals.rows,
        captured=part.totals.captured,
        rejected=part.totals.rejected,
        sum_quantity=part.totals.quantity,
        rejects=stage_rejects(work, plan.stem, found.index, part.rejects),
        unknown=unknown_names(rows),
        refusal=None,
        **staged,
    )


def _stage(work: Work, plan: FilePlan, index: int, rows: pl.DataFrame) -> dict[str, Any]:
    if plan.drop.kind != TRADES:
        part = stage_captured(work, plan.stem, index, rows)
        return {"cut": None, "part": part, "identities": None}
    cut, identities = stage_trades(work, plan.stem, index, rows, plan.buckets)
    shorts = stage_shorts(work, plan.stem, index, rows)
    return {"cut": cut, "part": None, "identities": identities, "shorts": shorts}


def _capture_status(
    work: Work, plan: FilePlan, origin: Origin, read_status: ReadStatus, data: bytes
) -> CapturedRange:
    """Read a whole status file; one that is none is refused with the reason."""
    nothing: dict[str, Any] = dict.fromkeys(("cut", "part", "identities", "rejects", "refusal"))
    nothing |= {"index": 0, "rows": 0, "captured": 0, "rejected": 0, "sum_quantity": "0"}
    try:
        read = read_status(data)
    except BadFileError as error:
        return CapturedRange(**nothing | {"refusal": str(error)})
    rows, rejects = read.placed(origin)
    part = stage_captured(work, plan.stem, 0, rows)
    counts = {
        "rows": rows.height + rejects.height,
        "captured": rows.height,
        "rejected": rejects.height,
    }
    kept = {"part": part, "rejects": stage_rejects(work, plan.stem, 0, rejects)}
    return CapturedRange(**nothing | counts | kept)
