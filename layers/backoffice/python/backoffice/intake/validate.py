"""Rows of text to typed columns or reject codes: one engine for every kind, a row or a million."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from backoffice.intake.codes import Zones
from backoffice.intake.column import Column
from backoffice.intake.faults import RAGGED, ROW, Fault, faults_of
from backoffice.intake.file_columns import SCHEMAS
from backoffice.intake.forms import typed
from backoffice.intake.schemas import UNKNOWN
from backoffice.intake.trade_dates import with_trade_date
from backoffice.intake.trade_frames import REJECT_SCHEMA

_UNKNOWN: Final = "unknown"
_TOLD_CHARACTERS: Final = 200
_NAMED_BY: Final = ("trade_id", "entry_id")
"""What a reject repeats of its row: of trades, and of the lines of entries."""
_SAID: Final = ("field", "code", "message")
_NO_REJECTS: Final = pl.DataFrame(
    schema={name: REJECT_SCHEMA[name] for name in (ROW, "trade_id", *_SAID)}
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a frame of text came to.

    Attributes
    ----------
    captured : pl.DataFrame
        `row`, the kind's typed columns (trades have `trade_date` too), `unknown`.
    rejects : pl.DataFrame
        row, trade_id (an entry_id of lines of entries; null for other kinds), field, code, message.
    """

    captured: pl.DataFrame
    rejects: pl.DataFrame


def tidied(strings: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Bring text of any source into one shape: every column there, trimmed, "" as null.

    Parameters
    ----------
    strings : pl.DataFrame
        `row` (UInt32), String columns by their labels, and optionally `ragged` (Boolean) and
        `unknown` (JSON text) where the source writes it itself.
    kind : str
        A kind of `file_columns.SCHEMAS`.

    Returns
    -------
    pl.DataFrame
        `row`, `ragged`, the kind's columns, and `unknown`: JSON text of the fields the contract
        does not know, null where there are none or all are empty.
    """
    names = [column.name for column in SCHEMAS[kind]]
    there = [name for name in names if name in strings.columns]
    extra = [label for label in strings.columns if label.startswith(UNKNOWN)]
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in names if name not in there]
    ragged = RAGGED if RAGGED in strings.columns else pl.lit(value=False).alias(RAGGED)
    told = [_UNKNOWN] if _UNKNOWN in strings.columns else []
    trimmed = strings.lazy().select(ROW, ragged, *told, pl.col(there + extra).str.strip_chars())
    texts = [pl.when(pl.col(label) != "").then(label).alias(label) for label in there + extra]
    frame = trimmed.select(ROW, RAGGED, *told, *texts, *absent)
    unknown = pl.col(_UNKNOWN) if told else _as_json(extra).alias(_UNKNOWN)
    shaped = frame.select(ROW, RAGGED, *names, unknown)
    return shaped.collect(engine="in-memory")


def _as_json(extra: list[str]) -> pl.Expr:
    if not extra:
        return pl.lit(None, dtype=pl.String)
    fields = [pl.col(label).alias(label.removeprefix(UNKNOWN)) for label in extra]
    given = pl.any_horizontal([pl.col(label).is_not_null() for label in extra])
    return pl.when(given).then(pl.struct(fields).struct.json_encode())


def validate(strings: pl.DataFrame, kind: str, zones: Zones) -> Checked:
    """Check rows of text of any source and read their values.

    Parameters
    ----------
    strings : pl.DataFrame
        As `tidied` takes them: from a CSV range, a FIX file or a request's one row.
    kind : str
        A kind of `file_columns.SCHEMAS`.
    zones : Zones
        The rulebook's venues with their time zones.

    Returns
    -------
    Checked
        Every row on one side or the other, in the order given.
    """
    return check(tidied(strings, kind), kind, zones)


def check(texts: pl.DataFrame, kind: str, zones: Zones) -> Checked:
    """Check tidied rows: the first fault that holds, in the contract's order, rejects a row."""
    columns = SCHEMAS[kind]
    read = texts.lazy().with_columns(_defaults(columns)).with_columns(_values(columns))
    frame = read.collect(engine="in-memory")
    faults = list(faults_of(columns, frame, zones))
    holds = pl.any_horizontal(fault.holds for fault in faults)
    bad = frame.select(holds.fill_null(value=False)).to_series()
    good = frame.filter(~bad) if bad.any() else frame
    captured = good.select(ROW, *_outputs(columns), _UNKNOWN)
    if kind == "trades":
        captured = with_trade_date(captured, zones)
    rejects = _rejects(frame.filter(bad), faults) if bad.any() else _NO_REJECTS
    return Checked(captured, rejects)


@cache
def _defaults(columns: tuple[Column, ...]) -> list[pl.Expr]:
    return [pl.col(column.name).fill_null(column.default) for column in columns if column.default]


@cache
def _values(columns: tuple[Column, ...]) -> list[pl.Expr]:
    return [column.form.value(column.name).alias(f"={column.output}") for column in columns]


@cache
def _outputs(columns: tuple[Column, ...]) -> list[pl.Expr]:
    return [typed(column.output).alias(column.output) for column in columns]


def _rejects(bad: pl.DataFrame, faults: list[Fault]) -> pl.DataFrame:
    """Name the first fault that holds of each row; every row has one."""
    known = pl.DataFrame(
        [(fault.field, fault.code, fault.message) for fault in faults],
        schema={name: REJECT_SCHEMA[name] for name in _SAID},
        orient="row",
    )
    first = bad.select(
        pl.coalesce(
            pl.when(fault.holds).then(pl.lit(place, dtype=pl.UInt32))
            for place, fault in enumerate(faults)
        )
    ).to_series()
    named = next((name for name in _NAMED_BY if name in bad.columns), None)
    trade_id = _told(named) if named else pl.lit(None, dtype=pl.String)
    return bad.select(ROW, trade_id.alias("trade_id")).hstack(known[first])


def _told(name: str) -> pl.Expr:
    """Repeat a field to whoever sent it: of one that is no id at all, enough to know it by."""
    text = pl.col(name)
    cut = pl.concat_str(text.str.slice(0, _TOLD_CHARACTERS), pl.lit("…"))
    return pl.when(text.str.len_chars() > _TOLD_CHARACTERS).then(cut).otherwise(text)
