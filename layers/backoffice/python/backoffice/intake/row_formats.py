"""What reads files of rows, by the end of their names: handed in, for the domain knows no bytes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import polars as pl


class RowRange(Protocol):
    """A range of whole rows, as a reader plans it."""

    @property
    def start(self) -> int:
        """First byte."""

    @property
    def end(self) -> int:
        """Byte after the last."""

    @property
    def first_row(self) -> int:
        """Number of its first row in the file."""


class RowPlan(Protocol):
    """What one pass over a file of rows found."""

    @property
    def header(self) -> tuple[str, ...]:
        """Trimmed column names."""

    @property
    def rows(self) -> int:
        """Rows of the whole file."""

    @property
    def ranges(self) -> Sequence[RowRange]:
        """Whole rows each."""

    @property
    def set_aside(self) -> Sequence[tuple[str, int]]:
        """How often what is no row, by its kind."""


PlanRows: TypeAlias = Callable[[Iterable[bytes], int], RowPlan]
"""A file's bytes, and how many a range should have."""

ReadRows: TypeAlias = Callable[[Sequence[str], bytes, int], pl.DataFrame]
"""Labels, bytes, first row number -> columns of text, `row`, `ragged`.

A format without a header of its own adds `unknown` (JSON text), `unknown_names` (by commas) and
`fault` (why a row is ragged).
"""


@dataclass(frozen=True, slots=True)
class RowReader:
    """What reads the rows of a format; `names` are what it calls the columns, for rejects."""

    read: ReadRows
    names: Mapping[str, str] = field(default_factory=dict)


PlansByFormat: TypeAlias = Mapping[str, PlanRows]
ReadersByFormat: TypeAlias = Mapping[str, RowReader]
