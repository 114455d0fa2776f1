"""Frames as Parquet bytes and back."""

import io
from collections.abc import Sequence

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
    frame = pl.read_parquet(io.BytesIO(body), columns=list(columns) if columns else None)
    scaled = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Decimal)]
    return frame.with_columns(pl.col(scaled).cast(pl.Int128))
