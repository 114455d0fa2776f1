"""Whether every cleared, reportable trade stands in exactly one record that was sent, or waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.compliance.rts22.frames import CANCEL, LEG, MISSING, NEW, REFUSED
from backoffice.kernel.columns import format_e8

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Tied:
    """What a report comes to against the blotter, and what does not tie."""

    figures: Mapping[str, str]
    differences: tuple[str, ...]


def tie(
    blotter: pl.DataFrame, sent: pl.DataFrame, waiting: pl.DataFrame, refused: pl.DataFrame
) -> Tied:
    """Compare the books with what was sent, leg by leg, in count and in quantity.

    Parameters
    ----------
    blotter : pl.DataFrame
        `EXECUTION` of what is reportable, of all the trade dates that the report has rows of.
    sent : pl.DataFrame
        `ROW` of those dates, of every report up to this one.
    waiting : pl.DataFrame
        `OPEN_ROW` of those dates.
    refused : pl.DataFrame
        transaction_id of what was refused by the reports before: that never stood.
    """
    stands = _standing(sent, waiting, refused)
    missing = waiting.filter(pl.col("why") == MISSING)
    left = waiting.filter(pl.col("why") == REFUSED, pl.col("status") == NEW)
    frames = {"blotter": blotter, "reported": stands, "missing": missing, "refused": left}
    figures = {f"{name}_{what}": text for name, rows in frames.items() for what, text in _sum(rows)}
    return Tied(figures, tuple(_differences(blotter, stands, missing, left)))


def _standing(sent: pl.DataFrame, *refused: pl.DataFrame) -> pl.DataFrame:
    """Return the records sent new that were neither cancelled nor refused."""
    new = sent.filter(pl.col("status") == NEW)
    for over in (sent.filter(pl.col("status") == CANCEL), *refused):
        new = new.join(over.select("transaction_id").drop_nulls(), on="transaction_id", how="anti")
    return new


def _sum(rows: pl.DataFrame) -> Iterator[tuple[str, str]]:
    total = rows.select(quantity_e8=pl.col("quantity_e8").cast(pl.Int128).sum())
    yield "records", str(rows.height)
    yield "quantity", str(total.select(format_e8("quantity_e8")).item())


def _differences(
    blotter: pl.DataFrame, stands: pl.DataFrame, missing: pl.DataFrame, refused: pl.DataFrame
) -> Iterator[str]:
    known = pl.concat([part.select(*LEG, "quantity_e8") for part in (stands, missing, refused)])
    unsent = blotter.join(known, on=LEG, how="anti")
    if unsent.height:
        yield f"{unsent.height} cleared and not reported: {_named(unsent)}"
    untraded = known.join(blotter, on=LEG, how="anti")
    if untraded.height:
        yield f"{untraded.height} reported and not cleared: {_named(untraded)}"
    twice = known.filter(pl.struct(LEG).is_duplicated())
    if twice.height:
        yield f"{twice.height} reported more than once: {_named(twice)}"
    other = known.join(blotter, on=LEG, suffix="_traded").filter(
        pl.col("quantity_e8") != pl.col("quantity_e8_traded")
    )
    if other.height:
        yield f"{other.height} reported in another quantity: {_named(other)}"


def _named(rows: pl.DataFrame) -> str:
    """Name the first few."""
    names = rows.select(pl.concat_str(LEG, separator="/")).to_series().unique().sort()
    more = "" if len(names) <= _SHOWN else " …"
    return ", ".join(names.head(_SHOWN)) + more
