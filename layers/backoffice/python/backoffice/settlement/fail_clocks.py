"""The days a fail runs to: closed out by Regulation SHO rule 204, bought in by the house's rule."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA, DUES_SCHEMA
from backoffice.clearance.fail_codes import (
    BUY_IN_DUE,
    CLOSE_OUT_DUE,
    CLOSE_OUT_OVERDUE,
    FAIL_CODES,
)
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.frames import shaped
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.fail_frames import FAIL_EVENT_SCHEMA, OPEN

_EQUITIES: Final = ("EQUITY", "ETF")
_CLOCKS: Final = ("close_out_by", "buy_in_on")

INSTRUMENT: Final = ("isin", "venue", "asset_class", "liquid", "cfi")
"""What a fail asks of its instrument."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Settlement days and the rules that count them.

    Attributes
    ----------
    calendar, rulebook
        `reg_sho_204`, `reg_sho_close_out_days` and `buy_in_days`, as of a fail's settlement date.
    instruments
        `INSTRUMENT` of the fails' instruments.
    """

    calendar: SettlementCalendar
    rulebook: Rulebook
    instruments: pl.DataFrame

    def beside(self, fails: pl.DataFrame) -> pl.DataFrame:
        """Put fails beside their instruments; `venue` is where the instrument is listed."""
        return fails.drop("venue", strict=False).join(
            self.instruments, on="isin", how="left", maintain_order="left"
        )

    def opened(self, fails: pl.DataFrame, shorts: Collection[str]) -> pl.DataFrame:
        """Add venue, is_short, close_out_by and buy_in_on to new fails.

        Parameters
        ----------
        fails : pl.DataFrame
            obligation_id, isin, direction, settlement_date, venues and more. An instrument nobody
            described is taken to be listed where it was traded.
        shorts : Collection[str]
            The obligations that a short sale is in.
        """
        traded = pl.col("venues").list.first().struct.field("venue")
        listed = self.beside(fails).with_columns(
            venue=pl.coalesce("venue", traded),
            is_short=pl.col("obligation_id").is_in(list(shorts)),
        )
        dates = [self._dates(row) for row in listed.iter_rows(named=True)]
        columns = zip(_CLOCKS, zip(*dates, strict=True), strict=True)
        return listed.with_columns(pl.Series(n, found, dtype=pl.Date) for n, found in columns)

    def is_held_to_close_out(self, row: Mapping[str, Any]) -> bool:
        """Whether rule 204 holds a fail of venue, asset_class, direction to a day."""
        if row["direction"] != "DELIVER" or row["asset_class"] not in _EQUITIES:
            return False
        return self.rulebook.days(f"reg_sho_204.{row['venue']}", row["settlement_date"]) == 1

    def _dates(self, row: Mapping[str, Any]) -> tuple[date | None, date | None]:
        due = row["settlement_date"]
        close_out_by = buy_in_on = None
        if self.is_held_to_close_out(row):
            sale = "short_sale" if row["is_short"] else "long_sale"
            days = self.rulebook.days(f"reg_sho_close_out_days.{sale}", due)
            close_out_by = self.calendar.add_settlement_days(row["venue"], due, days)
        if row["direction"] == "RECEIVE":
            kind = "liquid" if row["liquid"] == "Y" else "illiquid"
            days = self.rulebook.days(f"buy_in_days.{kind}", due)
            buy_in_on = self.calendar.add_settlement_days(row["venue"], due, days)
        return close_out_by, buy_in_on

    def ages(self, fails: pl.DataFrame, day: date) -> pl.Series:
        """Count the settlement days from each fail's settlement date to the day."""
        asked = fails.select("venue", "settlement_date").unique().rows()
        days = {
            key: len(self.calendar.settlement_days_between(key[0], key[1], day)) for key in asked
        }
        rows = fails.select("venue", "settlement_date").rows()
        return pl.Series("age_days", [days[key] for key in rows], dtype=pl.Int32)


def reached(fails: pl.DataFrame, calendar: SettlementCalendar, day: date) -> pl.DataFrame:
    """Return the clocks that have come round for the open fails.

    A case is there at the last close before its day: rule 204 asks for the open. Past its day a
    close-out is overdue, which is a case of its own.

    Parameters
    ----------
    fails : pl.DataFrame
        `FAIL_SCHEMA`.
    calendar : SettlementCalendar
        Settlement days.
    day : date
        The business day of the close.

    Returns
    -------
    pl.DataFrame
        The fails with code and due, one row a clock.
    """
    running = fails.filter(pl.col("status") == OPEN)
    venues = running["venue"].unique().to_list()
    tomorrow = {venue: calendar.first_settlement_day_after(venue, day) for venue in venues}
    near = [tomorrow[venue] for venue in running["venue"]]
    running = running.with_columns(pl.Series("near", near, dtype=pl.Date))
    closing = running.filter(pl.col("close_out_by") <= pl.col("near"))
    overdue = pl.when(pl.col("close_out_by") < day).then(pl.lit(CLOSE_OUT_OVERDUE))
    buying = running.filter(pl.col("buy_in_on") <= pl.col("near"))
    return pl.concat(
        [
            closing.with_columns(code=overdue.otherwise(pl.lit(CLOSE_OUT_DUE)), due="close_out_by"),
            buying.with_columns(code=pl.lit(BUY_IN_DUE), due="buy_in_on"),
        ]
    ).drop("near")


def as_causes(before: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Put the causes that fails have now in the place of those they had.

    Parameters
    ----------
    before : pl.DataFrame
        `CAUSE_SCHEMA`; those of other codes stay.
    named : pl.DataFrame
        code, subject.
    """
    others = before.filter(~pl.col("code").is_in(list(FAIL_CODES)))
    return pl.concat([others, shaped(named, CAUSE_SCHEMA).unique()])


def as_dues(clocks: pl.DataFrame) -> pl.DataFrame:
    """Return `DUES_SCHEMA` of the clocks that have come round."""
    return clocks.select("code", subject="fail_id", due="due").select(list(DUES_SCHEMA))


def told(clocks: pl.DataFrame, before: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return `FAIL_EVENT_SCHEMA` of the clocks that had not come round at the close before."""
    fresh = clocks.join(before, on=["fail_id", "code"], how="anti")
    return fresh.select(
        "fail_id",
        pl.lit(day, dtype=pl.Date).alias("day"),
        pl.col("code").alias("event"),
        pl.col("open_quantity_e8").alias("quantity_e8"),
        pl.col("open_money_minor").alias("money_minor"),
        "currency",
        pl.format("due {}", "due").alias("note"),
    ).select(list(FAIL_EVENT_SCHEMA))
