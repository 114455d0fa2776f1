"""What is allotted of a block, as entries: one for each account, against a book between the two."""

from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, head, write_entries
from backoffice.accounting.postings.trades import (
    commission_earned,
    effective,
    net_owed,
    shares_owed,
    signed,
)
from backoffice.intake.resolve import IDENTITY


def post_legs(legs: pl.DataFrame, day: date) -> pl.DataFrame:
    """Write one entry a leg; the two of an allocation leave nothing in the books between them.

    Parameters
    ----------
    legs : pl.DataFrame
        `allocation_legs.LEG_SCHEMA`, allotted on the day.
    day : date
        The business day whose close books them.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA`, effective on the trade date; what was booked before and changed
        counts from today.
    """
    heading = head(
        entry_id=pl.format(f"{day}:T:{{}}:{{}}:{{}}", *IDENTITY),
        effective_date=effective(day),
        recorded_on=day,
        kind="ALLOCATION",
        source="trade_id",
    )
    return write_entries(legs, heading, [*_money(), *_shares()])


def _money() -> tuple[Posting, ...]:
    between = Posting(
        book=chart.book(chart.ALLOCATED),
        ref=pl.col("block_account"),
        unit=pl.col("currency"),
        amount=pl.col("commission_minor") - signed("net_minor"),
    )
    return net_owed(), between, commission_earned()


def _shares() -> tuple[Posting, Posting]:
    between = Posting(
        book=chart.book(chart.SECURITIES_ALLOCATED),
        ref=pl.col("block_account"),
        unit=pl.col("isin"),
        amount=signed("quantity_e8"),
    )
    return between, shares_owed()
