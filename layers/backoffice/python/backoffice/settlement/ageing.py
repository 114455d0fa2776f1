"""What the close does to obligations by itself: FLAT ones settle, late ones fail."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.frames import SETTLEMENT_SCHEMA
from backoffice.settlement.obligations import (
    CONFIRMABLE,
    FAILED,
    INSTRUCTED,
    OPEN,
    SETTLED,
    cash_against,
    paired_off,
)


@dataclass(frozen=True, slots=True)
class SettledFlat:
    """Every obligation given, and what to post of those that settled by themselves."""

    obligations: pl.DataFrame
    settlements: pl.DataFrame


def settle_flat(obligations: pl.DataFrame, day: date) -> SettledFlat:
    """Settle the FLAT obligations whose date has come: nothing moves, the accounts pair off.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, after the day's statuses.
    day : date
        The business day of the close.
    """
    due = (
        (pl.col("status") == OPEN)
        & (pl.col("direction") == "FLAT")
        & (pl.col("settlement_date") <= day)
    )
    settlements = obligations.filter(due).with_columns(
        number=pl.lit(1, dtype=pl.UInt32),
        effective_date="settlement_date",
        money_minor=pl.lit(0, dtype=pl.Int128),
        paired_minor=paired_off(),
        cash_against=cash_against(),
        confirmation=pl.lit(None, dtype=pl.String),
    )
    settled = obligations.with_columns(
        status=pl.when(due).then(pl.lit(SETTLED)).otherwise("status"),
        settled_on=pl.when(due).then(pl.lit(day, dtype=pl.Date)).otherwise("settled_on"),
    )
    return SettledFlat(settled, shaped(settlements, SETTLEMENT_SCHEMA).sort("obligation_id"))


def age(obligations: pl.DataFrame, day: date) -> pl.DataFrame:
    """Fail what is instructed and past its date, and count the closes it is late for.

    One of which a part has settled stays PARTIAL; its days count all the same.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, after the day's statuses.
    day : date
        The business day of the close; on its date itself nothing fails.
    """
    late = pl.col("status").is_in(CONFIRMABLE) & (pl.col("settlement_date") < day)
    fails = late & (pl.col("status") == INSTRUCTED)
    return obligations.with_columns(
        status=pl.when(fails).then(pl.lit(FAILED)).otherwise("status"),
        failed_days=pl.col("failed_days") + late.cast(pl.Int32),
    )
