"""Deposits, withdrawals and transfers, as entries."""

from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, head, write_entries

_CASH_KINDS = ("DEPOSIT", "WITHDRAWAL")
_INCOMING = ("DEPOSIT", "TRANSFER_IN")


def post_movements(movements: pl.DataFrame, day: date) -> pl.DataFrame:
    """Write one entry a movement, effective on its value date, recorded today.

    Parameters
    ----------
    movements : pl.DataFrame
        movement_id, account_id, kind (DEPOSIT, WITHDRAWAL, TRANSFER_IN, TRANSFER_OUT), currency,
        amount_minor, isin, quantity_e8, value_date, account_kind (CLIENT, HOUSE), place, nostro.
    day : date
        The business day whose close records them.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA`, two a movement. Cost is no posting: only the lots know it.
    """
    heading = head(
        entry_id=pl.format(f"{day}:M:{{}}", "movement_id"),
        effective_date=pl.col("value_date"),
        recorded_on=day,
        kind="MOVEMENT",
        source="movement_id",
    )
    in_cash = pl.col("kind").is_in(_CASH_KINDS)
    cash = write_entries(movements.filter(in_cash), heading, _cash_postings())
    shares = write_entries(movements.filter(~in_cash), heading, _share_postings())
    return pl.concat([cash, shares])


def _signed(column: str) -> pl.Expr:
    """Give what comes in a plus and what goes out a minus."""
    incoming = pl.col("kind").is_in(_INCOMING)
    return pl.when(incoming).then(pl.col(column)).otherwise(pl.col(column) * -1)


def _cash_postings() -> tuple[Posting, Posting]:
    """Post the bank's side and the account's: a client's money is owed, a credit."""
    amount, currency = _signed("amount_minor"), pl.col("currency")
    return (
        Posting(
            book=chart.book(chart.CASH), ref=chart.cash_account(), unit=currency, amount=amount
        ),
        Posting(
            book=chart.cash_of_kind(), ref=pl.col("account_id"), unit=currency, amount=amount * -1
        ),
    )


def _share_postings() -> tuple[Posting, Posting]:
    """Post the depository's side and the account's."""
    quantity, isin = _signed("quantity_e8"), pl.col("isin")
    return (
        Posting(
            book=chart.book(chart.DEPOSITORY),
            ref=chart.depository_account(),
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
