"""The opposite of a trade that settled although it no longer stands, and the days it falls due."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.kernel.frames import shaped
from backoffice.settlement.frames import FIGURES, NextDay
from backoffice.settlement.nets import trade_key
from backoffice.settlement.obligations import instruct, opened, with_new_ids

SETTLED_TRADE_CORRECTED: Final = "SETTLED_TRADE_CORRECTED"


def opposites(withdrawals: pl.DataFrame, day: date, next_day: NextDay) -> pl.DataFrame:
    """Open and instruct the obligations that undo settled trades.

    Each runs over its trade's own Street accounts with the sign turned, and is due on the first
    settlement day of the trade's venue after `day`.

    Parameters
    ----------
    withdrawals : pl.DataFrame
        `WITHDRAWAL_SCHEMA`; one obligation a row.
    day : date
        The business day.
    next_day : NextDay
        Each venue's first settlement day after it.

    Returns
    -------
    pl.DataFrame
        `OBLIGATION_SCHEMA`, origin OPPOSITE, INSTRUCTED.

    Raises
    ------
    NoRuleError
        When the calendar ends before the next settlement day.
    """
    turned = withdrawals.with_columns(
        *(pl.col(name) * -1 for name in FIGURES),
        due_next(withdrawals, next_day).alias("settlement_date"),
        trade_key=trade_key(),
        origin=pl.lit("OPPOSITE"),
        trades=pl.lit(1, dtype=pl.UInt32),
        venues=pl.concat_list(pl.struct("venue", trades=pl.lit(1, dtype=pl.Int64))),
    )
    # one trade may be undone in two obligations on one day: its versions were netted apart
    named = with_new_ids(turned, day, "origin", "trade_key", "obligation_id")
    return instruct(opened(named, day), day)


def corrected_causes(withdrawals: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the case each settled and then corrected trade calls for.

    Returns
    -------
    pl.DataFrame
        `CAUSE_SCHEMA`, code SETTLED_TRADE_CORRECTED, subject the trade's identity.
    """
    rows = withdrawals.with_columns(
        code=pl.lit(SETTLED_TRADE_CORRECTED),
        subject=pl.concat_str("partner", "trade_date", "trade_id", separator=" "),
        business_date=pl.lit(day, dtype=pl.Date),
        file=pl.lit(None, dtype=pl.String),
        row=pl.lit(None, dtype=pl.UInt32),
    )
    return shaped(rows, CAUSE_SCHEMA)


def due_next(rows: pl.DataFrame, next_day: NextDay) -> pl.Series:
    """Return each row's first settlement day that is still to come, by its venue.

    Raises
    ------
    NoRuleError
        When the calendar ends before it.
    """
    keys = rows.select("venue", "currency")
    days = {key: next_day(*key) for key in keys.unique().iter_rows()}
    return pl.Series("due", [days[key] for key in keys.iter_rows()], dtype=pl.Date)
