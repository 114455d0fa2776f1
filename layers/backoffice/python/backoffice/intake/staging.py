"""Stage captured rows in `work`: cut by account bucket, with what de-duplication reads beside."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from backoffice.intake.documents import FilePlan
from backoffice.intake.register import of_bucket
from backoffice.intake.trade_frames import claims_of
from backoffice.kernel.columns import bucket_of
from backoffice.kernel.cuts import Cut, reversed_bits
from backoffice.kernel.parts import Part, Work

ROWS_PER_BUCKET: Final = 2**13
"""Finer than the day's own buckets: a file does not know yet how large its day will be, and what
is cut too coarsely is read once for every bucket of the day."""
_IDENTITIES: Final = ("row", "trade_id", "trade_date", "action")
_PLACE: Final = "place"


def buckets_for(rows: int, rows_per_bucket: int = ROWS_PER_BUCKET, least: int = 1) -> int:
    """Return how many account buckets rows need: `least` doubled until they fit."""
    buckets = least
    while rows > buckets * rows_per_bucket:
        buckets *= 2
    return buckets


def read_plan(work: Work, key: str) -> FilePlan:
    """Read a staged plan."""
    return FilePlan.model_validate_json(work.read_bytes(key))


def stage_captured(work: Work, stem: str, index: int, frame: pl.DataFrame) -> Part | None:
    """Stage the captured rows of one range of any kind but trades; without any there is no part."""
    return _stage_rows(work, f"{stem}/{index:04d}.parquet", frame)


def stage_trades(
    work: Work, stem: str, index: int, frame: pl.DataFrame, buckets: int
) -> tuple[Cut | None, Part | None]:
    """Stage the captured trades of one range, cut by account.

    Parameters
    ----------
    work
        The staging store.
    stem
        The file's prefix.
    index
        The range's place in the file.
    frame : pl.DataFrame
        Captured trades.
    buckets
        A power of two.

    Returns
    -------
    tuple
        The rows, and their identities (row, trade_id, trade_date, action); without rows neither.
    """
    if not frame.height:
        return None, None
    key = f"{stem}/{index:04d}.slices"
    ends = work.stage_slices(key, _in_slices(frame, buckets))
    cut = Cut(key=key, rows=frame.height, buckets=buckets, ends=ends)
    return cut, work.stage(f"{stem}/{index:04d}.identities.parquet", frame.select(_IDENTITIES))


def stage_shorts(work: Work, stem: str, index: int, frame: pl.DataFrame) -> Part | None:
    """Stage once more the captured short sales of one range that use a locate, as `CLAIM_SCHEMA`.

    They are few, and one locate is used by accounts of any bucket; without any there is no part.
    """
    return _stage_rows(work, f"{stem}/{index:04d}.shorts.parquet", claims_of(frame))


def _in_slices(frame: pl.DataFrame, buckets: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of each bucket, in the order in which a cut's slices lie."""
    places = pl.Series([reversed_bits(bucket, buckets) for bucket in range(buckets)])
    place = places.gather(bucket_of(frame["account_id"], buckets)).alias(_PLACE)
    slices = frame.with_columns(place).partition_by(
        _PLACE, maintain_order=True, include_key=False, as_dict=True
    )
    for each in range(buckets):
        yield slices.get((each,), frame.clear())


def read_bucket(
    work: Work, cuts: Sequence[Cut], bucket: int, buckets: int
) -> list[pl.DataFrame | None]:
    """Read one bucket's rows of each cut; None where it has none."""
    runs = work.read_slices([(cut.key, cut.bounds_of(bucket, buckets)) for cut in cuts])
    found: list[pl.DataFrame | None] = []
    for cut, slices in zip(cuts, runs, strict=True):
        rows = pl.concat(slices) if slices else None
        if rows is not None and buckets > cut.buckets:
            rows = of_bucket(rows, bucket, buckets)
        found.append(rows)
    return found


def stage_entries(work: Work, stem: str, index: int, entries: pl.DataFrame) -> Part | None:
    """Stage the cash entries of a bank's statement; without any there is no part."""
    return _stage_rows(work, f"{stem}/{index:04d}.entries.parquet", entries)


def stage_rejects(work: Work, stem: str, index: int, rejects: pl.DataFrame) -> Part | None:
    """Stage a range's rejected rows; without any there is no part."""
    return _stage_rows(work, f"{stem}/{index:04d}.rejects.parquet", rejects)


def _stage_rows(work: Work, key: str, frame: pl.DataFrame) -> Part | None:
    return work.stage(key, frame) if frame.height else None
