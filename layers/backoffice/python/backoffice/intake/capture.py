"""Capture rows of one file: typed rows, rejects and control totals, each row with its origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.intake.codes import Zones
from backoffice.intake.totals import Totals, quantity_sum
from backoffice.intake.validate import check, tidied
from backoffice.kernel.rulebook import Rulebook

_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
FAULT: Final = "fault"
UNKNOWN_NAMES: Final = "unknown_names"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from: who dropped the file, for which business date, under what name."""

    partner: str
    business_date: date
    file: str


@dataclass(frozen=True, slots=True)
class CapturedPart:
    """What a part of a file came to.

    Attributes
    ----------
    captured : pl.DataFrame
        partner, business_date, file, row, the kind's columns, unknown (the frame of its kind).
    rejects : pl.DataFrame
        partner, business_date, file, row, trade_id, field, code, message, kind.
    totals : Totals
        Of this part; the totals of a file's parts add up.
    """

    captured: pl.DataFrame
    rejects: pl.DataFrame
    totals: Totals


def venue_zones(rulebook: Rulebook) -> Zones:
    """Return the rulebook's venues with the names of their time zones."""
    return {mic: rulebook.venue(mic).time_zone for mic in rulebook.venues()}


def capture(
    kind: str,
    strings: pl.DataFrame,
    origin: Origin,
    zones: Zones,
    names: Mapping[str, str] = _NO_NAMES,
) -> CapturedPart:
    """Check rows of text and say where they come from.

    Parameters
    ----------
    kind : str
        A kind of `file_columns.SCHEMAS`.
    strings : pl.DataFrame
        `row` (UInt32, in the file), String columns by `schemas.label_columns`, and `ragged`
        (Boolean) where the source can tell; with `fault`, where it can say why.
    origin : Origin
        The drop they are from.
    zones : Zones
        `venue_zones` of the rulebook.
    names
        What the source calls the columns, where it has other names.
    """
    texts = tidied(strings, kind)
    checked = check(texts, kind, zones)
    totals = Totals(
        texts.height, checked.captured.height, checked.rejects.height, quantity_sum(texts)
    )
    rejects = _in_its_words(checked.rejects, strings, names)
    rejects = rejects.with_columns(pl.lit(kind).alias("kind"))
    return CapturedPart(_placed(checked.captured, origin), _placed(rejects, origin), totals)


def _in_its_words(
    rejects: pl.DataFrame, strings: pl.DataFrame, names: Mapping[str, str]
) -> pl.DataFrame:
    """Say a reject's field by the source's name too, and of a ragged row what the source says."""
    if not names or not rejects.height:
        return rejects
    column = pl.col("field").replace_strict(dict(names), default=None, return_dtype=pl.String)
    named = pl.concat_str(
        pl.col("message").str.strip_suffix("."), pl.lit(" ("), column, pl.lit(").")
    )
    told = rejects.with_columns(pl.coalesce(named, "message").alias("message"))
    if FAULT not in strings.columns:
        return told
    faults = strings.select("row", FAULT)
    joined = told.join(faults, on="row", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(FAULT, "message").alias("message")).drop(FAULT)


def unknown_names(strings: pl.DataFrame) -> tuple[str, ...]:
    """Return the names of what no column is read from, where the rows themselves tell them."""
    if UNKNOWN_NAMES not in strings.columns:
        return ()
    lists = strings[UNKNOWN_NAMES].drop_nulls().unique()
    return tuple(sorted({name for names in lists for name in names.split(",")}))


def _placed(rows: pl.DataFrame, origin: Origin) -> pl.DataFrame:
    return rows.select(
        pl.lit(origin.partner).alias("partner"),
        pl.lit(origin.business_date).alias("business_date"),
        pl.lit(origin.file).alias("file"),
        pl.all(),
    )
