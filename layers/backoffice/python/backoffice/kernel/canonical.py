"""One hash for equal rows, whatever their order or the way they are stored.

Every column becomes text, every row one line, the lines are sorted and hashed. Parquet bytes carry
the writer's version, so they cannot tell whether two runs came out equal; this can.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from backoffice.kernel.errors import NotExactError

_NULL: Final = "\x00"
_ROW: Final = "\x1e"
_FIELD: Final = "\x1f"
_ESCAPED: Final = {"\x1b": "\x1b0", _NULL: "\x1b1", _ROW: "\x1b2", _FIELD: "\x1b3"}
_SPECIAL: Final = "[\x00\x1b\x1e\x1f]"
_ROWS_AT_ONCE: Final = 100_000
_NANOSECONDS: Final[Mapping[str, int]] = {"ms": 10**6, "us": 10**3, "ns": 1}


def canonical_hash(frame: pl.DataFrame) -> str:
    """Hash the set of rows, repeats counted.

    Equal for equal values whatever the order of rows and columns, the width of integers (Int128,
    `Decimal(38, 0)`, UInt32 ...) or the unit of times. Column names count; null and "" differ.

    Parameters
    ----------
    frame : pl.DataFrame
        Columns of text, whole numbers, decimals, dates, times or truth values.

    Returns
    -------
    str
        SHA-256 in 64 hexadecimal digits.

    Raises
    ------
    NotExactError
        When a column has no exact text: a binary float, a list, a struct.
    """
    names = sorted(frame.columns)
    digest = hashlib.sha256(_FIELD.join(_escaped(name) for name in names).encode())
    if names:
        texts = [_text(frame[name]).fill_null(_NULL) for name in names]
        lines = pl.select(pl.concat_str(texts, separator=_FIELD)).to_series()
        for block in _blocks(lines.sort()):
            digest.update(block)
    return digest.hexdigest()


def _blocks(lines: pl.Series) -> Iterator[bytes]:
    """Yield the lines as bytes, each with the row mark before it."""
    for start in range(0, lines.len(), _ROWS_AT_ONCE):
        block = lines.slice(start, _ROWS_AT_ONCE)
        yield (_ROW + pl.select(block.str.join(_ROW)).item()).encode()


def _text(column: pl.Series) -> pl.Series:
    """Write a column's values as text, equal for equal values of whatever type."""
    kind = column.dtype
    if isinstance(kind, pl.Datetime):
        ticks = pl.lit(column.to_physical()).cast(pl.Int128) * _NANOSECONDS[kind.time_unit]
        return pl.select(ticks.cast(pl.String)).to_series()
    if isinstance(kind, pl.Decimal) and kind.scale:
        return column.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    if isinstance(kind, pl.String | pl.Categorical | pl.Enum):
        return _unambiguous(column.cast(pl.String))
    if kind.is_integer() or isinstance(kind, pl.Decimal | pl.Date | pl.Boolean | pl.Null):
        return column.cast(pl.String)
    raise NotExactError(f"column {column.name!r}: {kind} has no exact text")


def _unambiguous(texts: pl.Series) -> pl.Series:
    """Escape what marks fields, rows and nulls; hardly any column has such a character."""
    if not texts.str.contains(_SPECIAL).any():
        return texts
    return texts.str.replace_many(_ESCAPED)


def _escaped(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in text)
