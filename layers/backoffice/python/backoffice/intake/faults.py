"""What can be wrong with a row: every fault a kind of file can have, in the contract's order.

A fault of one column says the same of every frame, and is spelled once a process. Whether a code
names something is asked of a frame's distinct texts, so those faults are that frame's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from backoffice.intake.codes import Coded, Zones
from backoffice.intake.column import Column

MISSING_FIELD: Final = "MISSING_FIELD"
BAD_FORMAT: Final = "BAD_FORMAT"
ROW: Final = "row"
RAGGED: Final = "ragged"
_CODED: Final = ("BAD_ISIN", "BAD_LEI", "BAD_CURRENCY", "BAD_VENUE")
_RAGGED_SAYS: Final = "The row has too many or too few fields, or text after a closing quote."


@dataclass(frozen=True, slots=True)
class Fault:
    """One way a row can be wrong: what it is called, and where it holds (null counts as no)."""

    code: str
    field: str
    message: str
    holds: pl.Expr


def faults_of(columns: tuple[Column, ...], frame: pl.DataFrame, zones: Zones) -> Iterator[Fault]:
    """Yield every fault that rows of a frame may have, in the order in which the first one counts.

    Parameters
    ----------
    columns
        The kind's.
    frame : pl.DataFrame
        Tidied texts with the values that could be read of them beside (`forms.typed`).
    zones
        The rulebook's venues.
    """
    coded = {column.name: column.form for column in columns if isinstance(column.form, Coded)}
    judged = {name: form.judged(frame[name], zones) for name, form in coded.items()}
    for column in columns:
        yield from _missing(column)
    yield Fault(BAD_FORMAT, ROW, _RAGGED_SAYS, pl.col(RAGGED))
    for column in columns:
        if column.name in judged:
            says = f"The field {column.name} {column.form.says}."
            yield from _among(BAD_FORMAT, column.name, says, judged[column.name].misshapen)
        yield from _badly_formed(column)
    for code in _CODED:
        for name, form in coded.items():
            if form.code == code:
                says = f"The field {name} {form.unknown}."
                yield from _among(code, name, says, judged[name].nameless)


def _among(code: str, field: str, says: str, texts: pl.Series) -> Iterator[Fault]:
    if texts.len():
        yield Fault(code, field, says, pl.col(field).is_in(texts.implode()))


@cache
def _missing(column: Column) -> list[Fault]:
    absent = pl.col(column.name).is_null() & ~pl.col(RAGGED)
    if column.needed_for:
        absent &= pl.col("kind").is_in(list(column.needed_for))
    elif not column.needed:
        return []
    return [Fault(MISSING_FIELD, column.name, f"The field {column.name} is missing.", absent)]


@cache
def _badly_formed(column: Column) -> list[Fault]:
    """Return the faults of form that a row's own values tell."""
    name, form = column.name, column.form
    wrong = None if isinstance(form, Coded) else form.wrong(name)
    told = [] if wrong is None else [(form.says, wrong)]
    told += [(also.says, also.wrong()) for also in column.also]
    return [Fault(BAD_FORMAT, name, f"The field {name} {says}.", holds) for says, holds in told]
