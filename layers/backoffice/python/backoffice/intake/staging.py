"""Stage captured rows in `work`: cut by account bucket, with what de-duplication reads beside."""

from typing import Final

import polars as pl

from backoffice.kernel.columns import bucket_of
from backoffice.kernel.parts import BucketPart, Part, Work

_IDENTITIES: Final = ("row", "trade_id", "trade_date", "action")


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
