"""What left an obligation for the net of another, as it is told."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.kernel.frames import shaped

ROLLS: Final = "rolls"
"""Their part of each day that has any."""

ALIKE: Final = ("counterparty", "isin", "currency")
"""What nets together, beside the day."""

ROLL_SCHEMA: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = MappingProxyType(
    {
        "rolled_on": pl.Date,
        "obligation_id": pl.String,
        "into": pl.String,
        "counterparty": pl.String,
        "isin": pl.String,
        "currency": pl.String,
        "settlement_date": pl.Date,
        "due_date": pl.Date,
        "late": pl.Boolean,
        "quantity_e8": pl.Int128,
        "money_minor": pl.Int128,
        "mark_minor": pl.Int128,
    }
)
"""Signed shares and the money agreed for them (+ we receive); `mark_minor` is what we are paid for
moving to the close's money, null without a close. What was not late came along, unmarked."""


def rolls_of(leaving: pl.DataFrame, day: date) -> pl.DataFrame:
    """Tell of what leaves: `ROLL_SCHEMA`, `into` null until it is netted.

    Parameters
    ----------
    leaving : pl.DataFrame
        Obligations with quantity_left, buy_left, sell_left, mark_minor, due_date, late.
    day : date
        The business day of the cut-off.
    """
    rows = leaving.with_columns(
        rolled_on=pl.lit(day, dtype=pl.Date),
        into=pl.lit(None, dtype=pl.String),
        quantity_e8="quantity_left",
        money_minor=pl.col("sell_left") - pl.col("buy_left"),
    )
    return shaped(rows, ROLL_SCHEMA).sort("obligation_id")


def into(rolls: pl.DataFrame, memberships: pl.DataFrame) -> pl.DataFrame:
    """Say of each roll which obligation it was netted into: `ROLL_SCHEMA`.

    Parameters
    ----------
    rolls, memberships : pl.DataFrame
        `ROLL_SCHEMA`, and `MEMBERSHIP_SCHEMA` of the netting that took them.
    """
    key = [*ALIKE, "due_date"]
    homes = memberships.filter(pl.col("trade_key").is_null()).select(*key, home="obligation_id")
    joined = rolls.join(homes, on=key, how="left", maintain_order="left")
    return shaped(joined.with_columns(into="home"), ROLL_SCHEMA)
