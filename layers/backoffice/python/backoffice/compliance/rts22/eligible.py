"""Which executions are reportable: of instruments admitted to trading on a venue of the area."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook

_CLASSES: Final = ("EQUITY", "ETF", "BOND", "FUND")
_VENUE: Final = "mifir_venue"


def reportable(
    executions: pl.DataFrame, instruments: pl.DataFrame, rulebook: Rulebook
) -> pl.DataFrame:
    """Keep the executions that are to be reported, with `asset_class` of their instrument.

    Parameters
    ----------
    executions : pl.DataFrame
        isin, venue, trade_date.
    instruments : pl.DataFrame
        isin, asset_class, venue: where each is admitted to trading.
    rulebook
        `mifir_venue.<MIC>` says since when a venue is one of the area.
    """
    known = instruments.select("isin", "asset_class", admitted="venue")
    rows = executions.join(known, on="isin", how="left", maintain_order="left")
    days = executions["trade_date"].unique()
    listed = pl.DataFrame(
        [(mic, day) for day in days for mic in _venues(rulebook, day)],
        schema={"mic": pl.String, "trade_date": pl.Date},
        orient="row",
    ).with_columns(in_area=pl.lit(value=True))
    for column in ("venue", "admitted"):
        named = listed.rename({"mic": column, "in_area": f"{column}_in"})
        rows = rows.join(named, on=[column, "trade_date"], how="left", maintain_order="left")
    in_area = pl.col("venue_in").fill_null(value=False) | pl.col("admitted_in").fill_null(
        value=False
    )
    kept = rows.filter(in_area, pl.col("asset_class").is_in(list(_CLASSES)))
    return kept.drop("admitted", "venue_in", "admitted_in")


def _venues(rulebook: Rulebook, day: date) -> Iterable[str]:
    for mic in rulebook.venues():
        try:
            rulebook.value(f"{_VENUE}.{mic}", day)
        except NoRuleError:
            continue
        yield mic
