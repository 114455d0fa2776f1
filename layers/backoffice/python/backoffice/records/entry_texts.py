"""What texts of the journal for other ledger programs share: rows in order, whole entries."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

import polars as pl

from backoffice.accounting import chart

SLICE_ROWS: Final = 50_000
"""A piece of text holds about so many lines."""


def entry_rows(journal: pl.DataFrame) -> pl.DataFrame:
    """Return the journal's rows with the `account` named, by effective date and entry."""
    rows = journal.select(
        "entry_id",
        "effective_date",
        "recorded_on",
        "kind",
        "source",
        "unit",
        "amount",
        "reverses",
        account=chart.account_name(),
    )
    return rows.sort("effective_date", "entry_id", maintain_order=True)


def whole_entries(rows: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """Cut ordered rows into slices on the bounds of entries."""
    starts = rows.select(
        pl.arg_where(pl.col("entry_id").ne_missing(pl.col("entry_id").shift()))
    ).to_series()
    piece = starts // SLICE_ROWS
    bounds = [*starts.filter(piece.ne_missing(piece.shift())), rows.height]
    for start, end in pairwise(bounds):
        yield rows.slice(start, end - start)


def transactions(rows: pl.DataFrame, head: pl.Expr, posting: pl.Expr) -> str:
    """Write entries: the `head` of its first row before the `posting` of each of its rows."""
    is_first = pl.col("entry_id").ne_missing(pl.col("entry_id").shift())
    text = pl.when(is_first).then(head + posting).otherwise(posting)
    return "".join(rows.select(text).to_series())


def sums(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what every account has of every unit it ever had: account, unit, amount, sorted."""
    return rows.group_by("account", "unit").agg(pl.col("amount").sum()).sort("account", "unit")


def in_slices(frame: pl.DataFrame, line: pl.Expr) -> Iterator[str]:
    """Write a line a row, some tens of thousands at a time."""
    for piece in frame.iter_slices(SLICE_ROWS):
        yield "".join(piece.select(line).to_series())
