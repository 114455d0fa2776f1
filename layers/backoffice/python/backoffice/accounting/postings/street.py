"""The street's side of a trade: what a settled obligation, or a part of one, moves."""

from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, head, write_entries


def post_settlements(settlements: pl.DataFrame, day: date) -> pl.DataFrame:
    """Write one entry a confirmation, and one an obligation that settled by itself.

    The first part pairs the smaller Street side off; every part posts its own cash against the
    larger one, and its own shares. All in one part, that is the sum of the buys off the payable
    and the sum of the sales off the receivable.

    Parameters
    ----------
    settlements : pl.DataFrame
        Rows of settlement's `SETTLEMENT_SCHEMA`: signed shares and cash, + for what we receive,
        `paired_minor`, the Street account (PAYABLE or RECEIVABLE) the cash stands against, and
        where ours are: place, nostro (null where no account of their own is kept).
    day : date
        The business day that books them.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA`, effective on the confirmation's date.
    """
    heading = head(
        entry_id=pl.format(f"{day}:S:{{}}:{{}}", "obligation_id", "number"),
        effective_date=pl.col("effective_date"),
        recorded_on=day,
        kind="STREET_SETTLEMENT",
        source="obligation_id",
    )
    return write_entries(settlements, heading, [*_money(), *_shares()])


def _money() -> tuple[Posting, ...]:
    cash, paired = pl.col("money_minor"), pl.col("paired_minor")
    nothing = pl.lit(0, dtype=pl.Int128)
    pays = pl.col("cash_against") == "PAYABLE"
    street, currency = pl.col("counterparty"), pl.col("currency")
    return (
        Posting(
            book=chart.book(chart.PAYABLE_STREET),
            ref=street,
            unit=currency,
            amount=paired - pl.when(pays).then(cash).otherwise(nothing),
        ),
        Posting(
            book=chart.book(chart.RECEIVABLE_STREET),
            ref=street,
            unit=currency,
            amount=(paired + pl.when(pays).then(nothing).otherwise(cash)) * -1,
        ),
        Posting(book=chart.book(chart.CASH), ref=chart.cash_account(), unit=currency, amount=cash),
    )


def _shares() -> tuple[Posting, Posting]:
    quantity, isin = pl.col("quantity_e8"), pl.col("isin")
    return (
        Posting(
            book=chart.book(chart.DEPOSITORY),
            ref=chart.depository_account(),
            unit=isin,
            amount=quantity,
        ),
        Posting(
            book=chart.book(chart.SECURITIES_STREET),
            ref=pl.col("counterparty"),
            unit=isin,
            amount=quantity * -1,
        ),
    )
