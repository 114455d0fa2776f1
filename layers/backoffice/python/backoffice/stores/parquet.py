"""Frames as Parquet bytes and back."""

import io
from collections.abc import Iterable, Sequence
from itertools import pairwise

import polars as pl


def to_parquet(frame: pl.DataFrame) -> bytes:
    """Parquet bytes of a frame; Int128 is written as Decimal(38, 0), which every reader knows."""
    wide = [name for name, kind in frame.schema.items() if kind == pl.Int128]
    body = io.BytesIO()
    frame.with_columns(pl.col(wide).cast(pl.Decimal(38, 0))).write_parquet(
        body, compression="zstd", compression_level=1
    )
    return body.getvalue()


def from_parquet(body: bytes, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read what `to_parquet` wrote, or some of its columns."""
    return _as_written(
        pl.read_parquet(io.BytesIO(body), columns=list(columns) if columns else None)
    )


def rows_where(body: bytes, where: pl.Expr) -> pl.DataFrame:
    """Read the rows that hold of what `to_parquet` wrote; of the others only what `where` names.

    It may name texts and dates: wide integers are written as another type.
    """
    return _as_written(pl.scan_parquet(io.BytesIO(body)).filter(where).collect())


def _as_written(frame: pl.DataFrame) -> pl.DataFrame:
    scaled = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Decimal)]
    return frame.with_columns(pl.col(scaled).cast(pl.Int128))


def to_slices(frames: Iterable[pl.DataFrame]) -> tuple[bytes, tuple[int, ...]]:
    """Write frames one after another; return the bytes and where each ends. No rows, no bytes."""
    body, ends = bytearray(), list[int]()
    for frame in frames:
        if frame.height:
            body += to_parquet(frame)
        ends.append(len(body))
    return bytes(body), tuple(ends)


def from_slices(body: bytes, bounds: Sequence[int]) -> list[pl.DataFrame]:
    """Read the slices that lie between bounds, of which the first is where `body` begins."""
    first = bounds[0]
    return [
        from_parquet(body[start - first : end - first])
        for start, end in pairwise(bounds)
        if end > start
    ]
