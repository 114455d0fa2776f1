"""Capture one range of a planned file: read its rows, check them, stage what they came to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from backoffice.intake.app_trades import TRADES
from backoffice.intake.capture import Origin, capture, unknown_names
from backoffice.intake.codes import Zones
from backoffice.intake.documents import ByteRange, CapturedRange, FilePlan
from backoffice.intake.drops import Drops
from backoffice.intake.personal import sealed_narrative, sealed_rows, without_erased
from backoffice.intake.plan_file import is_message
from backoffice.intake.row_formats import ReadersByFormat
from backoffice.intake.schemas import format_of, label_columns
from backoffice.intake.staging import (
    read_plan,
    stage_captured,
    stage_entries,
    stage_rejects,
    stage_shorts,
    stage_trades,
)
from backoffice.intake.statement_frames import StatementRows, capture_statement
from backoffice.intake.status_frames import STATUS, StatusRows
from backoffice.intake.totals import Totals
from backoffice.kernel.client_keys import file_subject
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Work
from backoffice.kernel.sealed_text import Seals

ReadStatus = Callable[[bytes], StatusRows]
"""Bytes of a status file -> status rows and rejects."""

ReadStatement = Callable[[str, bytes], StatementRows]
"""Kind and bytes of a file of statements -> rows of text, rejects, pages."""


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads bytes: rows of a range, by the format, and messages of a whole file."""

    rows: ReadersByFormat
    status: ReadStatus
    statement: ReadStatement


def capture_range(
    drops: Drops,
    work: Work,
    plan_key: str,
    found: ByteRange,
    *,
    zones: Zones,
    readers: Readers,
    seals: Seals,
) -> CapturedRange:
    """Read one range of a planned file, check its rows and stage what they came to.

    What they tell of people is sealed before anything of it is staged; of whom was erased nothing
    is taken.

    Raises
    ------
    GoneDropError
        The file was committed and deleted in the meantime: every range of it is staged.
    """
    plan = read_plan(work, plan_key)
    drop = plan.drop
    origin = Origin(partner=drop.partner, business_date=drop.business_date, file=drop.name)
    data = drops.read_range(drop.key, drop.version, found.start, found.end)
    if is_message(drop):
        return _capture_message(work, plan, origin, zones, readers, seals, data)
    reader = readers.rows[str(format_of(drop.name))]
    rows = reader.read(label_columns(str(drop.kind), plan.header), data, found.first_row)
    part = capture(str(drop.kind), rows, origin, zones, reader.names)
    part = without_erased(str(drop.kind), part, seals)
    rejects = stage_rejects(work, plan.stem, found.index, part.rejects)
    staged = _stage(work, plan, found.index, _sealed(plan, part.captured, seals))
    unknown = unknown_names(rows)
    return _captured(part.totals, index=found.index, rejects=rejects, unknown=unknown, **staged)


def _captured(totals: Totals, **staged: Any) -> CapturedRange:  # noqa: ANN401 - parts, by name
    """Say what was staged of a range; what it has nothing of is None."""
    nothing: dict[str, Any] = dict.fromkeys(("cut", "part", "identities", "rejects", "refusal"))
    return CapturedRange(
        rows=totals.rows,
        captured=totals.captured,
        rejected=totals.rejected,
        sum_quantity=totals.quantity,
        **nothing | staged,
    )


def _sealed(plan: FilePlan, rows: pl.DataFrame, seals: Seals) -> pl.DataFrame:
    kind = str(plan.drop.kind)
    told = sealed_rows(kind, rows, seals)
    return sealed_narrative(kind, told, file_subject(plan.sha256), seals)


def _stage(work: Work, plan: FilePlan, index: int, rows: pl.DataFrame) -> dict[str, Any]:
    if plan.drop.kind != TRADES:
        return {"part": stage_captured(work, plan.stem, index, rows)}
    cut, identities = stage_trades(work, plan.stem, index, rows, plan.buckets)
    shorts = stage_shorts(work, plan.stem, index, rows)
    return {"cut": cut, "identities": identities, "shorts": shorts}


def _capture_message(
    work: Work,
    plan: FilePlan,
    origin: Origin,
    zones: Zones,
    readers: Readers,
    seals: Seals,
    data: bytes,
) -> CapturedRange:
    """Read a whole file of messages; one that is none is refused with the reason."""
    kind = str(plan.drop.kind)
    try:
        if kind == STATUS:
            return _capture_status(work, plan.stem, origin, readers.status(data))
        read = readers.statement(kind, data)
    except BadFileError as error:
        return _captured(Totals(), index=0, refusal=str(error))
    found = capture_statement(read, kind, origin, zones)
    return _captured(
        found.totals,
        index=0,
        part=stage_captured(work, plan.stem, 0, _sealed(plan, found.rows, seals)),
        entries=stage_entries(work, plan.stem, 0, _sealed(plan, found.entries, seals)),
        rejects=stage_rejects(work, plan.stem, 0, found.rejects),
        pages=read.pages,
    )


def _capture_status(work: Work, stem: str, origin: Origin, read: StatusRows) -> CapturedRange:
    rows, rejects = read.placed(origin)
    return _captured(
        Totals(rows.height + rejects.height, rows.height, rejects.height),
        index=0,
        part=stage_captured(work, stem, 0, rows),
        rejects=stage_rejects(work, stem, 0, rejects),
    )
