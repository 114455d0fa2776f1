"""A page of many rows, reading only the parts that it lies in."""

from collections.abc import Sequence

import polars as pl

from backoffice.console.pages import Shelf
from backoffice.console.tables import ROWS_A_PAGE, Row
from backoffice.kernel.columns import bucket_of
from backoffice.kernel.parts import Part


def page_of_parts(shelf: Shelf, parts: Sequence[Part], start: int) -> pl.DataFrame:
    """Return a page of the rows of parts, in their order; without a column where there is none."""
    frames, left = [], ROWS_A_PAGE
    for part in parts:
        if start >= part.rows:
            start -= part.rows
            continue
        frames.append(shelf.read(part).slice(start, left))
        start, left = 0, left - frames[-1].height
        if left <= 0:
            break
    return pl.concat(frames) if frames else pl.DataFrame()


def bucket_holding(account_id: str, buckets: int) -> int:
    """Return the bucket of an account."""
    return int(bucket_of(pl.Series([account_id]), buckets)[0]) if buckets > 1 else 0


def rows_of(view: pl.DataFrame) -> list[Row]:
    """Return a view's rows; every column is text."""
    return list(view.iter_rows(named=True))
