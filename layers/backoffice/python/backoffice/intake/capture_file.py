"""Capture one range of a planned file: read its rows, check them, stage what they came to."""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from backoffice.intake.capture import Origin, capture
from backoffice.intake.codes import Zones
from backoffice.intake.documents import ByteRange, CapturedRange, FilePlan
from backoffice.intake.drops import Drops
from backoffice.intake.schemas import label_columns
from backoffice.intake.staging import read_plan, stage_captured, stage_rejects
from backoffice.intake.status_frames import STATUS, StatusRows
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Work

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
        rejects=stage_rejects(work, plan.stem, found.index, part.rejects),
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
    kept = {"parts": parts, "rejects": stage_rejects(work, plan.stem, 0, rejects)}
    return CapturedRange(**nothing | counts | kept)
