"""What the columns are called that the fields of messages are read into."""

from typing import Final

import polars as pl

ROW: Final = "row"
FAULT: Final = "fault"
SIZE: Final = "size"
SUM: Final = "sum"
UNKNOWN: Final = "unknown"
UNKNOWN_NAMES: Final = "unknown_names"
ENTRIES: Final = "#"
"""Prefix of the column that says how many entries follow a group's count."""

NOTHING: Final = pl.DataFrame(
    schema={
        ROW: pl.UInt32,
        **dict.fromkeys((FAULT, UNKNOWN, UNKNOWN_NAMES), pl.String),
        **dict.fromkeys((SIZE, SUM), pl.Int64),
    }
)
"""The columns that are always there."""
