"""Rows of text to typed columns or reject codes: one engine for every kind, a row or a million."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.intake.codes import Coded, Judged, Zones
from backoffice.intake.file_columns import SCHEMAS, Column
from backoffice.intake.forms import typed
from backoffice.intake.schemas import UNKNOWN
from backoffice.intake.trade_dates import with_trade_date

MISSING_FIELD: Final = "MISSING_FIELD"
BAD_FORMAT: Final = "BAD_FORMAT"
_CODED: Final = ("BAD_ISIN", "BAD_LEI", "BAD_CURRENCY", "BAD_VENUE")
_ROW: Final = "row"
_RAGGED: Final = "ragged"
_UNKNOWN: Final = "unknown"
_TOLD_CHARACTERS: Final = 200
_RAGGED_SAYS: Final = "The row has too many or too few fields, or text after a closing quote."


@dataclass(frozen=True, slots=True)
class Fault:
    """One way a row can be wrong: what it is called, and where it holds (null counts as no)."""

    code: str
    field: str
    message: str
    holds: pl.Expr


@dataclass(frozen=True, slots=True)
class Checked:
    """What a frame of text came to.

    Attributes
    ----------
    captured : pl.DataFrame
        `row`, the kind's typed columns (trades have `trade_date` too), `unknown`.
    rejects : pl.DataFrame
        row, trade_id (null for other kinds), field, code, message.
    """

    captured: pl.DataFrame
    rejects: pl.DataFrame


def tidied(strings: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Bring text of any source into one shape: every column there, trimmed, "" as null.

    Parameters
    ----------
    strings : pl.DataFrame
        `row` (UInt32), String columns by their labels, and optionally `ragged` (Boolean).
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
    ragged = _RAGGED if _RAGGED in strings.columns else pl.lit(value=False).alias(_RAGGED)
    trimmed = strings.select(_ROW, ragged, pl.col(there + extra).str.strip_chars())
    texts = [pl.when(pl.col(label) != "").then(label).alias(label) for label in there + extra]
    frame = trimmed.select(_ROW, _RAGGED, *texts, *absent)
    return frame.select(_ROW, _RAGGED, *names, _as_json(extra).alias(_UNKNOWN))


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
    defaults = [
        pl.col(column.name).fill_null(column.default) for column in columns if column.default
    ]
    frame = texts.with_columns(defaults).with_columns(
        column.form.value(column.name).alias(f"={column.output}") for column in columns
    )
    faults = list(_faults(columns, frame, zones))
    flags = frame.select(
        fault.holds.fill_null(value=False).alias(str(place)) for place, fault in enumerate(faults)
    )
    bad = flags.select(pl.any_horizontal(pl.all())).to_series()
    outputs = [typed(column.output).alias(column.output) for column in columns]
    captured = (frame.filter(~bad) if bad.any() else frame).select(_ROW, *outputs, _UNKNOWN)
    if kind == "trades":
        captured = with_trade_date(captured, zones)
    return Checked(captured, _rejects(frame.filter(bad), flags.filter(bad), faults))


def _faults(columns: tuple[Column, ...], frame: pl.DataFrame, zones: Zones) -> Iterator[Fault]:
    """Yield every fault there can be, in the order in which the first one counts."""
    coded = {column.name: column.form for column in columns if isinstance(column.form, Coded)}
    judged = {name: form.judged(frame[name], zones) for name, form in coded.items()}
    for column in columns:
        yield from _missing(column)
    yield Fault(BAD_FORMAT, _ROW, _RAGGED_SAYS, pl.col(_RAGGED))
    for column in columns:
        yield from _badly_formed(column, judged.get(column.name))
    for code in _CODED:
        for name, form in coded.items():
            if form.code == code:
                says = f"The field {name} {form.unknown}."
                yield Fault(code, name, says, _among(name, judged[name].nameless))


def _missing(column: Column) -> Iterator[Fault]:
    absent = pl.col(column.name).is_null() & ~pl.col(_RAGGED)
    message = f"The field {column.name} is missing."
    if column.needed:
        yield Fault(MISSING_FIELD, column.name, message, absent)
    elif column.needed_for:
        holds = absent & pl.col("kind").is_in(list(column.needed_for))
        yield Fault(MISSING_FIELD, column.name, message, holds)


def _badly_formed(column: Column, judged: Judged | None) -> Iterator[Fault]:
    name = column.name
    wrong = _among(name, judged.misshapen) if judged else column.form.wrong(name)
    if wrong is not None:
        yield Fault(BAD_FORMAT, name, f"The field {name} {column.form.says}.", wrong)
    for also in column.also:
        yield Fault(BAD_FORMAT, name, f"The field {name} {also.says}.", also.wrong())


def _among(name: str, texts: pl.Series) -> pl.Expr:
    return pl.col(name).is_in(texts.implode()) if texts.len() else pl.lit(value=False)


def _rejects(bad: pl.DataFrame, flags: pl.DataFrame, faults: list[Fault]) -> pl.DataFrame:
    known = pl.DataFrame(
        [(fault.field, fault.code, fault.message) for fault in faults],
        schema={"field": pl.String, "code": pl.String, "message": pl.String},
        orient="row",
    )
    first = flags.select(
        pl.coalesce(
            pl.when(pl.col(name)).then(pl.lit(int(name), dtype=pl.UInt32)) for name in flags.columns
        )
    ).to_series()
    trade_id = _told("trade_id") if "trade_id" in bad.columns else pl.lit(None, dtype=pl.String)
    return bad.select(_ROW, trade_id.alias("trade_id")).hstack(known[first])


def _told(name: str) -> pl.Expr:
    """Repeat a field to whoever sent it: of one that is no id at all, enough to know it by."""
    text = pl.col(name)
    cut = pl.concat_str(text.str.slice(0, _TOLD_CHARACTERS), pl.lit("…"))
    return pl.when(text.str.len_chars() > _TOLD_CHARACTERS).then(cut).otherwise(text)
