"""What the reference data says of fails: their instruments, and what a day of them costs."""

from datetime import date

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.reference.tables import empty_table
from backoffice.settlement.fail_clocks import INSTRUMENT, Clocks
from backoffice.settlement.fail_frames import OPEN, PENALTY_SCHEMA
from backoffice.settlement.frames import empty
from backoffice.settlement.penalties import Closes, assess_penalties


def instruments_of(records: Records, books: Books, isins: pl.Series) -> pl.DataFrame:
    """Return `INSTRUMENT` of the instruments named that the reference data knows."""
    part = books.tables.get("instruments")
    known = records.read(part, list(INSTRUMENT)) if part else empty_table("instruments")
    return known.filter(pl.col("isin").is_in(isins.unique().implode())).select(INSTRUMENT)


def penalties_of(
    records: Records, books: Books, fails: pl.DataFrame, clocks: Clocks
) -> pl.DataFrame:
    """Assess the open fails for every settlement day since the close before, which may be several.

    Returns
    -------
    pl.DataFrame
        `PENALTY_SCHEMA`.
    """
    running = fails.filter(pl.col("status") == OPEN).sort("fail_id")
    if not running.height:
        return empty(PENALTY_SCHEMA)
    day, before = books.day, books.last_closed or date.min
    asked = running.select("fail_id", "venue", "settlement_date").iter_rows()
    days = {
        name: clocks.calendar.settlement_days_between(venue, max(due, before), day)
        for name, venue, due in asked
    }
    part = books.tables.get("prices")
    prices = records.read(part) if part else empty_table("prices")
    closes = Closes.of(prices, running["isin"].unique())
    terms = clocks.instruments.drop("venue")
    beside = running.join(terms, on="isin", how="left", maintain_order="left")
    return assess_penalties(beside, days, closes, clocks.rulebook)
