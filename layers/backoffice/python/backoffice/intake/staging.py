"""Stage captured rows in `work`: cut by account bucket, with what de-duplication reads beside."""

from typing import Final

import polars as pl

from backoffice.intake.documents import FilePlan
from backoffice.kernel.columns import bucket_of
from backoffice.kernel.parts import BucketPart, Part, Work

ROWS_PER_BUCKET: Final = 2**14
"""Finer than the day's own buckets: a file does not know yet how large its day will be, and what
is cut too coarsely is read once for every bucket of the day."""
_IDENTITIES: Final = ("row", "trade_id", "trade_date", "action")


def buckets_for(rows: int, rows_per_bucket: int = ROWS_PER_BUCKET, least: int = 1) -> int:
    """Return how many account buckets rows need: `least` doubled until they fit."""
    buckets = least
    while rows > buckets * rows_per_bucket:
        buckets *= 2
    return buckets


def read_plan(work: Work, key: str) -> FilePlan:
    """Read a staged plan."""
    return FilePlan.model_validate_json(work.read_bytes(key))


def stage_captured(
    work: Work, stem: str, index: int, frame: pl.DataFrame, buckets: int
) -> tuple[tuple[BucketPart, ...], Part | None]:
    """Stage the captured rows of one range.

    Parameters
    ----------
    work
        The staging store.
    stem
        The file's prefix.
    index
        The range's place in the file.
    frame : pl.DataFrame
        Captured rows of one kind, with business_date; trades are cut by account.
    buckets
        A power of two; 1 for anything but trades.

    Returns
    -------
    tuple
        The parts that hold rows, and the identities (row, trade_id, trade_date, action) of trades.
    """
    if not frame.height:
        return (), None
    day = frame["business_date"][0]
    owner = bucket_of(frame["account_id"], buckets) if buckets > 1 else None
    parts = []
    for bucket in range(buckets):
        rows = frame if owner is None else frame.filter(owner == bucket)
        if rows.height:
            part = work.stage(f"{stem}/{index:04d}.{bucket}of{buckets}.parquet", rows)
            parts.append(BucketPart(**part.model_dump(), day=day, bucket=bucket, buckets=buckets))
    if "trade_id" not in frame.columns:
        return tuple(parts), None
    identities = frame.select(_IDENTITIES)
    return tuple(parts), work.stage(f"{stem}/{index:04d}.identities.parquet", identities)


def stage_rejects(work: Work, stem: str, index: int, rejects: pl.DataFrame) -> Part | None:
    """Stage a range's rejected rows; without any there is no part."""
    if not rejects.height:
        return None
    return work.stage(f"{stem}/{index:04d}.rejects.parquet", rejects)
