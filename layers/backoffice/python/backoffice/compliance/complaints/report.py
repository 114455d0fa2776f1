"""Complaints of a quarter, counted by problem, product and channel; tied to the register."""

from typing import Final

import polars as pl

from backoffice.clearance.complaints import complaints_as_they_stand, without_receipt
from backoffice.compliance.reports.kinds import Look, Made, ReportKind

COMPLAINTS_QUARTERLY: Final = "COMPLAINTS_QUARTERLY"
ROWS, EVERY = "rows", "every"
COLUMNS: Final = ("problem", "product", "channel", "complaints", "late", "closed")
"""A row a problem, product and channel: `late` are of an earlier quarter and were not known at its
report, `closed` are closed by this one."""
_KEY: Final = ["problem", "product", "channel"]


def make_statistics(look: Look) -> Made:
    """Count what was received up to the quarter's end and is in no report yet."""
    rows = complaints_as_they_stand(look.records, look.books, look.rulebook)
    known = _counted(look)
    by_then = rows.filter(pl.col("received_on") <= look.period.last)
    fresh = by_then.filter(~pl.col("complaint_id").is_in(known.implode()))
    counts = fresh.group_by(_KEY).agg(
        complaints=pl.len(),
        late=(pl.col("received_on") < look.period.first).sum(),
        closed=pl.col("closed_on").is_not_null().sum(),
    )
    every = pl.concat([known, fresh["complaint_id"]]).unique().sort().to_frame("complaint_id")
    texts = [pl.col(name).cast(pl.String) for name in COLUMNS]
    shown = counts.sort(_KEY, nulls_last=True).select(texts)
    return Made(
        tables={
            ROWS: [shown] if shown.height else [],
            EVERY: [every] if every.height else [],
        },
        figures={
            "complaints": str(fresh.height),
            "reported_in_all": str(every.height),
            "register": str(by_then.height),
        },
        differences=tuple(_untied(look, by_then.height, every.height)),
    )


STATISTICS: Final = ReportKind(
    name=COMPLAINTS_QUARTERLY, cycle="QUARTER", make=make_statistics, rows=(ROWS,)
)


def _counted(look: Look) -> pl.Series:
    """Name the complaints that reports before this one counted."""
    parts = look.before.tables.get(EVERY, ()) if look.before else ()
    rows = look.records.read_all(list(parts))
    return pl.Series("complaint_id", [], dtype=pl.String) if rows is None else rows["complaint_id"]


def _untied(look: Look, register: int, reported: int) -> list[str]:
    said = [
        f"complaint {name} was never received" for name in without_receipt(look.records, look.books)
    ]
    if register != reported:
        said.append(f"{reported} complaints are reported, {register} are in the register")
    return said
