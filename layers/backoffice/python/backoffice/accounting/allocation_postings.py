"""What is allotted of a block, as entries: one for each account, against a book between the two."""

from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, head, write_entries
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
    today = pl.lit(day, dtype=pl.Date)
    heading = head(
        entry_id=pl.format(f"{day}:T:{{}}:{{}}:{{}}", *IDENTITY),
        effective_date=pl.when("amended").then(today).otherwise(pl.col("trade_date")),
        recorded_on=day,
        kind="ALLOCATION",
        source="trade_id",
    )
    return write_entries(legs, heading, [*_money(), *_shares()])


def _signed(column: str) -> pl.Expr:
    bought = pl.col("side") == "BUY"
    return pl.when(bought).then(pl.col(column)).otherwise(pl.col(column) * -1)


def _money() -> tuple[Posting, ...]:
    currency, commission = pl.col("currency"), pl.col("commission_minor")
    bought = pl.col("side") == "BUY"
    owed = pl.when(bought).then(chart.receivable_of_kind()).otherwise(chart.payable_of_kind())
    return (
        Posting(book=owed, ref=pl.col("account_id"), unit=currency, amount=_signed("net_minor")),
        Posting(
            book=chart.book(chart.ALLOCATED),
            ref=pl.col("block_account"),
            unit=currency,
            amount=commission - _signed("net_minor"),
        ),
        Posting(
            book=chart.book(chart.COMMISSION),
            ref=pl.lit("", dtype=pl.String),
            unit=currency,
            amount=commission * -1,
        ),
    )


def _shares() -> tuple[Posting, Posting]:
    quantity, isin = _signed("quantity_e8"), pl.col("isin")
    return (
        Posting(
            book=chart.book(chart.SECURITIES_ALLOCATED),
            ref=pl.col("block_account"),
            unit=isin,
            amount=quantity,
        ),
        Posting(
            book=chart.securities_of_kind(),
            ref=pl.col("account_id"),
            unit=isin,
            amount=quantity * -1,
        ),
    )
