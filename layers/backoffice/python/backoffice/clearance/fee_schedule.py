"""Which rows of the fee schedule apply to which trades.

A day's trades share few combinations of venue, side, currency and date, so the schedule is matched
with those, and each combination's rows are laid out as slots 0, 1, 2 ... of one row a combination.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

_KEY: Final = ("venue", "side", "currency", "trade_date")
_TERMS: Final = ("fee_code", "basis", "rate_e8", "minimum_minor", "maximum_minor", "rounding")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The schedule rows that apply to each trade of one frame.

    Attributes
    ----------
    slots : tuple[pl.DataFrame, ...]
        fee_code, basis, rate_e8, minimum_minor, maximum_minor, rounding; a row a trade, in the
        trades' order, null where fewer rows apply to it.
    repeats_a_code : bool
        Whether a fee code may apply twice to one trade.
    """

    slots: tuple[pl.DataFrame, ...]
    repeats_a_code: bool


def schedule_for(trades: pl.DataFrame, fees: pl.DataFrame) -> Schedule:
    """Match trades with every schedule row of their venue, side and currency on the trade date.

    Parameters
    ----------
    trades : pl.DataFrame
        venue, side, currency, trade_date.
    fees : pl.DataFrame
        The merged `fees` table; `*` stands for every venue, BOTH for every side, no `valid_to`
        for no end. SHORT is charged as SELL.
    """
    keys = trades.select(_KEY).unique().with_row_index("key")
    matches = _matches(keys, fees)
    if matches.is_empty():
        return Schedule(slots=(), repeats_a_code=False)
    of_trade = trades.select(_KEY).join(keys, on=_KEY, how="left", maintain_order="left")["key"]
    slots = tuple(
        keys.lazy()
        .select("key")
        .join(terms.lazy(), on="key", how="left", maintain_order="left")
        .select(pl.col(_TERMS).gather(of_trade))
        .collect(engine="in-memory")
        for (_,), terms in matches.group_by("slot", maintain_order=True)
    )
    return Schedule(slots, bool(matches.select("key", "fee_code").is_duplicated().any()))


def _matches(keys: pl.DataFrame, fees: pl.DataFrame) -> pl.DataFrame:
    """Pair keys with the rows that apply, numbered within each key in the order of their codes."""
    charged_as = pl.col("side").replace({"SHORT": "SELL"})
    on, until = pl.col("trade_date"), pl.col("valid_to")
    return (
        keys.lazy()
        .join(fees.lazy(), on="currency", suffix="_fee")
        .filter(
            pl.col("venue_fee").is_in(["*"]) | (pl.col("venue_fee") == pl.col("venue")),
            (pl.col("side_fee") == "BOTH") | (pl.col("side_fee") == charged_as),
            pl.col("valid_from") <= on,
            until.is_null() | (on <= until),
        )
        .sort("key", "fee_code", "venue_fee", "side_fee", "valid_from")
        .with_columns(slot=pl.int_range(pl.len()).over("key"))
        .collect(engine="in-memory")
    )
