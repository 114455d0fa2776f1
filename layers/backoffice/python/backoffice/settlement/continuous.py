"""Continuous net settlement: what a clearing house did not settle nets with its next day.

At a cut-off what is late with a counterparty that nets so leaves its obligation, marked to the
latest close, for the net of the next settlement day; what is instructed for that day comes along.
The mark is money of its own, so that nothing moves in the books but what is confirmed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.frames import OBLIGATION_SCHEMA, NextDay
from backoffice.settlement.marks import marks_of, nets_of
from backoffice.settlement.obligations import (
    CANCELLED,
    CONFIRMABLE,
    INSTRUCTED,
    PARTIAL,
    SETTLED,
    cash_against,
    money,
)
from backoffice.settlement.rolls import ALIKE, rolls_of
from backoffice.settlement.venues import next_day_of_all

_NOTHING: Final = pl.lit(0, dtype=pl.Int128)


@dataclass(frozen=True, slots=True)
class Rolled:
    """What leaves its obligations for the next net.

    Attributes
    ----------
    changed : pl.DataFrame
        `OBLIGATION_SCHEMA`: those that were left, CANCELLED or, where a part had settled, SETTLED;
        the street is asked to cancel them.
    nets : pl.DataFrame
        `NETS_SCHEMA`: what is netted anew, for the next settlement day.
    marks : pl.DataFrame
        `OBLIGATION_SCHEMA`, INSTRUCTED: the money of marking to market.
    rolls : pl.DataFrame
        `ROLL_SCHEMA`, one row an obligation left; `into` is null until it is netted.
    """

    changed: pl.DataFrame
    nets: pl.DataFrame
    marks: pl.DataFrame
    rolls: pl.DataFrame


def late_with(
    obligations: pl.DataFrame, netting_on: Collection[str], spoken_for: pl.Series, day: date
) -> pl.DataFrame:
    """Return what is past its date with those that net continuously, and free to leave.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, after the day's statuses and corrections.
    netting_on : Collection[str]
        LEIs of the counterparties that net continuously.
    spoken_for : pl.Series
        Obligations that trades are to leave once the street lets them, and those people hold.
    day : date
        The business day of the cut-off.

    Returns
    -------
    pl.DataFrame
        The obligations with quantity_left, buy_left and sell_left: what of them has not settled.
    """
    free = _free(obligations, spoken_for).filter(pl.col("counterparty").is_in(list(netting_on)))
    is_late = pl.col("settlement_date") < day
    return with_left(free.filter(pl.col("status").is_in(CONFIRMABLE), is_late))


def roll(
    obligations: pl.DataFrame,
    late: pl.DataFrame,
    spoken_for: pl.Series,
    day: date,
    next_day: NextDay,
) -> Rolled:
    """Take what is late out of its obligations, and what is due until then with it.

    Parameters
    ----------
    obligations, spoken_for, day
        As for `late_with`.
    late : pl.DataFrame
        What it found, with worth_minor: what is left is worth that much at the latest close, signed
        as its shares are; null without one.
    next_day : NextDay
        Each venue's first settlement day after the day.

    Raises
    ------
    NoRuleError
        When a calendar ends before the next settlement day.
    """
    due = late.with_columns(next_day_of_all(late, next_day).alias("due_date"), late=True)
    agreed = pl.col("sell_left") - pl.col("buy_left")
    marked = due.with_columns(mark_minor=agreed + pl.col("worth_minor"))
    leaving = pl.concat([marked, _due_alike(obligations, marked, spoken_for)])
    return Rolled(
        changed=left_behind(leaving, day),
        nets=nets_of(leaving),
        marks=marks_of(marked, day),
        rolls=rolls_of(leaving, day),
    )


def _free(obligations: pl.DataFrame, spoken_for: pl.Series) -> pl.DataFrame:
    """Keep what moves shares, is netted with others, and nobody wants cancelled."""
    return obligations.filter(
        pl.col("direction").is_in(("RECEIVE", "DELIVER")),
        pl.col("trade_key").is_null(),
        pl.col("cancel_requested_on").is_null(),
        ~pl.col("obligation_id").is_in(spoken_for.implode()),
    )


def with_left(obligations: pl.DataFrame) -> pl.DataFrame:
    """Add what has not settled as *_left; the first part has paired the two sides off.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`.

    Returns
    -------
    pl.DataFrame
        The same with quantity_left, buy_left, sell_left.
    """
    rest = money() - pl.col("settled_money_minor")
    pays = cash_against() == "PAYABLE"
    is_part = pl.col("status") == PARTIAL
    bought = pl.when(pays).then(rest * -1).otherwise(_NOTHING)
    sold = pl.when(pays).then(_NOTHING).otherwise(rest)
    return obligations.with_columns(
        quantity_left=pl.col("quantity_e8") - _settled(),
        buy_left=pl.when(is_part).then(bought).otherwise("buy_gross_minor"),
        sell_left=pl.when(is_part).then(sold).otherwise("sell_gross_minor"),
    )


def _settled() -> pl.Expr:
    settled = pl.col("settled_quantity_e8")
    return pl.when(pl.col("quantity_e8") < 0).then(settled * -1).otherwise(settled)


def _due_alike(
    obligations: pl.DataFrame, marked: pl.DataFrame, spoken_for: pl.Series
) -> pl.DataFrame:
    """Return what is instructed alike and due until the day that late ones are netted for."""
    days = marked.select(*ALIKE, "due_date").unique().sort(*ALIKE, "due_date")
    days = days.unique(ALIKE, keep="first", maintain_order=True)
    waiting = _free(obligations, spoken_for).filter(pl.col("status") == INSTRUCTED)
    alike = waiting.join(marked, on="obligation_id", how="anti").join(days, on=ALIKE)
    none = pl.lit(None, dtype=pl.Int128)
    unmarked = with_left(
        alike.filter(pl.col("settlement_date") <= pl.col("due_date"))
    ).with_columns(worth_minor=none, mark_minor=none, late=False)
    return unmarked.select(marked.columns)


def left_behind(leaving: pl.DataFrame, day: date) -> pl.DataFrame:
    """End what was left: CANCELLED as it stood, or SETTLED as what has settled of it.

    Parameters
    ----------
    leaving : pl.DataFrame
        As `with_left` returns it.
    day : date
        The business day of the cut-off.

    Returns
    -------
    pl.DataFrame
        `OBLIGATION_SCHEMA`.
    """
    is_part = pl.col("status") == PARTIAL
    today = pl.lit(day, dtype=pl.Date)
    settled = {
        "quantity_e8": _settled(),
        "buy_gross_minor": pl.col("buy_gross_minor") - pl.col("buy_left"),
        "sell_gross_minor": pl.col("sell_gross_minor") - pl.col("sell_left"),
        "status": pl.lit(SETTLED),
        "settled_on": today,
    }
    stands = {name: pl.col(name) for name in settled} | {"status": pl.lit(CANCELLED)}
    ended = leaving.with_columns(
        pl.when(is_part).then(settled[name]).otherwise(stands[name]).alias(name) for name in settled
    )
    return shaped(ended.with_columns(cancel_requested_on=today), OBLIGATION_SCHEMA)
