"""Sorted rows on S3 in blocks, each a Parquet file of its own within an object: read by range.

A directory, Parquet as well, says where each block lies and which values it spans. Blocks and
directories are named by their content, so whoever writes them twice writes the same.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Protocol

import polars as pl

from backoffice.kernel.parts import Document

ROWS_A_BLOCK: Final = 16_384
SEGMENT_BYTES: Final = 32 << 20
"""How much is written at once: what a writer holds in memory."""
PREFIX: Final = "index/"
_DIRECTORY: Final = {
    "first": pl.String,
    "last": pl.String,
    "first_date": pl.String,
    "last_date": pl.String,
    "last_id": pl.String,
    "last_kind": pl.String,
    "last_object": pl.Int64,
    "last_row": pl.Int64,
    "segment": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "rows": pl.Int64,
}


class Store(Protocol):
    """Where the index stands: what it holds may be replaced, for it is made of the records."""

    def put(self, key: str, body: bytes) -> None:
        """Write, whatever stands there."""

    def find_bytes(self, key: str) -> bytes | None:
        """Return the object's bytes, or None when there is none."""

    def read_bytes(self, key: str) -> bytes:
        """Return the object's bytes; KeyError when there is none."""

    def read_range(self, key: str, version: str | None, start: int, end: int) -> bytes:
        """Return bytes `start` to `end` (exclusive)."""


class SortedRows(Document):
    """Rows in one order: where their directory stands, and how many they are."""

    directory: str
    rows: int


def write_sorted(store: Store, frames: Iterable[pl.DataFrame], by: str, then: str) -> SortedRows:
    """Write frames, each sorted and after the one before, in blocks.

    Parameters
    ----------
    by, then
        The columns whose first and last values the directory tells of each block.
    """
    segment = bytearray()
    placed: list[dict[str, object]] = []
    for frame in _cut(frames):
        body = io.BytesIO()
        frame.write_parquet(body, compression="zstd", compression_level=1, statistics=False)
        start = len(segment)
        segment += body.getvalue()
        within = {"segment": "", "start": start, "end": len(segment), "rows": frame.height}
        placed.append(_spanned(frame, by, then) | within)
        if len(segment) >= SEGMENT_BYTES:
            _flush(store, segment, placed)
    _flush(store, segment, placed)
    directory = pl.DataFrame(placed, schema=_DIRECTORY)
    body = io.BytesIO()
    directory.write_parquet(body, compression="zstd", compression_level=1)
    key = _put(store, body.getvalue(), "directory.parquet")
    return SortedRows(directory=key, rows=int(directory["rows"].sum()))


def read_directory(store: Store, found: SortedRows) -> pl.DataFrame:
    """Read where blocks lie."""
    return pl.read_parquet(io.BytesIO(store.read_bytes(found.directory)))


def read_block(store: Store, entry: dict[str, object]) -> pl.DataFrame:
    """Read the block of a directory's row."""
    start, end = int(str(entry["start"])), int(str(entry["end"]))
    return pl.read_parquet(io.BytesIO(store.read_range(str(entry["segment"]), None, start, end)))


def read_sorted(store: Store, found: SortedRows) -> Iterator[pl.DataFrame]:
    """Read all blocks, one after another."""
    for entry in read_directory(store, found).iter_rows(named=True):
        yield read_block(store, entry)


def merge_sorted(
    sources: Sequence[Iterator[pl.DataFrame]], by: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """Merge runs of sorted frames into one, holding about a frame of each."""
    held = [(frame, source) for source in sources if (frame := next(source, None)) is not None]
    while held:
        bound = min(frame.select(by).row(-1) for frame, _ in held)
        due = not_after(by, bound)
        yield pl.concat([frame.filter(due) for frame, _ in held]).sort(by)
        rest = [(frame.filter(~due), source) for frame, source in held]
        held = [
            (frame, source)
            for left, source in rest
            if (frame := left if left.height else next(source, None)) is not None
        ]


def not_after(by: Sequence[str], bound: Sequence[Any]) -> pl.Expr:
    """Whether a row comes no later than a bound, column by column."""
    within: pl.Expr = pl.col(by[-1]) <= bound[-1]
    for name, value in zip(reversed(by[:-1]), reversed(bound[:-1]), strict=True):
        within = (pl.col(name) < value) | ((pl.col(name) == value) & within)
    return within


def _cut(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Cut or join frames into blocks of one size; the last may be smaller."""
    held: pl.DataFrame | None = None
    for frame in frames:
        held = frame if held is None else pl.concat([held, frame])
        whole = held.height - held.height % ROWS_A_BLOCK
        for start in range(0, whole, ROWS_A_BLOCK):
            yield held.slice(start, ROWS_A_BLOCK)
        held = held.slice(whole)
    if held is not None and held.height:
        yield held


def _spanned(frame: pl.DataFrame, by: str, then: str) -> dict[str, object]:
    first, last = frame.row(0, named=True), frame.row(-1, named=True)
    return {
        "first": str(first[by]),
        "last": str(last[by]),
        "first_date": str(first[then]),
        "last_date": str(last[then]),
        **{f"last_{name}": last.get(name) for name in ("id", "kind", "object", "row")},
    }


def _flush(store: Store, segment: bytearray, placed: list[dict[str, object]]) -> None:
    if segment:
        key = _put(store, bytes(segment), "parquet")
        for entry in placed:
            entry["segment"] = entry["segment"] or key
        segment.clear()


def _put(store: Store, body: bytes, suffix: str) -> str:
    key = f"{PREFIX}{hashlib.sha256(body).hexdigest()}.{suffix}"
    store.put(key, body)
    return key
