"""Trades that apps sent as JSON, in the frames of text that files are read into."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from backoffice.intake.file_columns import SCHEMAS
from backoffice.intake.schemas import UNKNOWN, unread_columns

TRADES: Final = "trades"
_MOST_COLUMNS: Final = 500


def rows_of_text(trades: Sequence[Mapping[str, str]], first_row: int = 1) -> pl.DataFrame:
    """Bring trades that came as JSON into the frame of text that files are read into.

    Parameters
    ----------
    trades
        Each a trade's fields by name; a field that is not there is absent.
    first_row
        The number of the first.

    Returns
    -------
    pl.DataFrame
        `row` (UInt32) and String columns by the labels of `schemas.label_columns`.
    """
    names = header_of(trades)
    unknown = set(unread_columns(TRADES, names))
    columns = {
        UNKNOWN + name if name in unknown else name: pl.Series(
            [trade.get(name) for trade in trades], dtype=pl.String
        )
        for name in names
    }
    rows = pl.int_range(first_row, first_row + len(trades), dtype=pl.UInt32, eager=True)
    return pl.DataFrame({"row": rows, **columns})


def header_of(trades: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the contract's columns that are there, then the unknown ones by name."""
    present = {name for trade in trades for name in trade}
    known = [column.name for column in SCHEMAS[TRADES] if column.name in present]
    return (*known, *sorted(present.difference(known)))


def narrow(
    trades: Sequence[Mapping[str, str]], first_row: int
) -> Iterator[tuple[int, Sequence[Mapping[str, str]]]]:
    """Cut trades into runs that name few columns in all, each with the number of its first row.

    Every app may name fields as it likes: a frame of all their names would have no bound.
    """
    start, names = 0, set[str]()
    for at, trade in enumerate(trades):
        if at > start and len(names.union(trade)) > _MOST_COLUMNS:
            yield first_row + start, trades[start:at]
            start, names = at, set()
        names.update(trade)
    yield first_row + start, trades[start:]
