"""Capture rows of one file: typed rows, rejects and control totals, each row with its origin."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from backoffice.intake.codes import Zones
from backoffice.intake.totals import Totals, quantity_sum
from backoffice.intake.validate import check, tidied
from backoffice.kernel.rulebook import Rulebook


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


def capture(kind: str, strings: pl.DataFrame, origin: Origin, zones: Zones) -> CapturedPart:
    """Check rows of text and say where they come from.

    Parameters
    ----------
    kind : str
        A kind of `file_columns.SCHEMAS`.
    strings : pl.DataFrame
        `row` (UInt32, in the file), String columns by `schemas.label_columns`, and `ragged`
        (Boolean) where the source can tell.
    origin : Origin
        The drop they are from.
    zones : Zones
        `venue_zones` of the rulebook.
    """
    texts = tidied(strings, kind)
    checked = check(texts, kind, zones)
    totals = Totals(
        texts.height, checked.captured.height, checked.rejects.height, quantity_sum(texts)
    )
    rejects = checked.rejects.with_columns(pl.lit(kind).alias("kind"))
    return CapturedPart(_placed(checked.captured, origin), _placed(rejects, origin), totals)


def _placed(rows: pl.DataFrame, origin: Origin) -> pl.DataFrame:
    return rows.select(
        pl.lit(origin.partner).alias("partner"),
        pl.lit(origin.business_date).alias("business_date"),
        pl.lit(origin.file).alias("file"),
        pl.all(),
    )
