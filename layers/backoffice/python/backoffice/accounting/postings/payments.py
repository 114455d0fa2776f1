"""Payments out as entries: owed to the bank once ordered, paid on the execution date.

Neither is marked as booked: a close books what its own day ordered, and what was to be paid since
the close before it.
"""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, head, write_entries
from backoffice.accounting.own_places import of_payments
from backoffice.clearance.payments import CLAIM, WITHDRAWAL
from backoffice.intake.day_payments import PAYMENTS, known_payments
from backoffice.intake.register import of_bucket
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

IN_TRANSIT: Final = "InTransit"


def client_payments(records: Records, books: Books, bucket: int) -> pl.DataFrame:
    """Write the entries of the withdrawals that the day ordered, of a bucket's accounts.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA`.
    """
    due = _ordered(records, books).filter(pl.col("kind") == WITHDRAWAL)
    if not due.height:
        return post_orders(_of_kind(due, None), books.day)
    accounts = records.read(books.tables["accounts"], ("account_id", "kind"))
    return post_orders(_of_kind(of_bucket(due, bucket, books.buckets), accounts), books.day)


def street_payments(records: Records, books: Books) -> pl.DataFrame:
    """Write the entries of every other order of the day, and of all that is paid by its close."""
    if PAYMENTS not in books.tables:
        return post_orders(_of_kind(known_payments(records, books), None), books.day)
    others = _ordered(records, books).filter(pl.col("kind") != WITHDRAWAL)
    paid = post_executions(_paid(records, books), books.day)
    return pl.concat([post_orders(_of_kind(others, None), books.day), paid])


def post_orders(payments: pl.DataFrame, day: date) -> pl.DataFrame:
    """Take what is ordered off what it is paid for: a client's money, collected fees, a claim.

    Parameters
    ----------
    payments : pl.DataFrame
        `PAYMENT_SCHEMA` and account_kind (CLIENT, HOUSE; null where it is no withdrawal).
    """
    amount, currency = pl.col("amount_minor"), pl.col("currency")
    heading = _head("P", day, pl.col("ordered_on"))
    of_kind = (
        pl.when(pl.col("kind") == WITHDRAWAL)
        .then(chart.cash_of_kind())
        .when(pl.col("kind") == CLAIM)
        .then(chart.book(chart.CLAIMS_OWED))
        .when(pl.col("fee_code").str.starts_with(chart.TAX))
        .then(chart.book(chart.WITHHOLDING))
        .otherwise(chart.book(chart.FEES))
    )
    whose = (
        pl.when(pl.col("kind") == WITHDRAWAL)
        .then("account_id")
        .when(pl.col("kind") == CLAIM)
        .then("counterparty")
        .otherwise(pl.col("fee_code").str.strip_prefix(chart.TAX))
    )
    owed = Posting(book=of_kind, ref=whose, unit=currency, amount=amount)
    return write_entries(payments, heading, (owed, _in_transit(amount * -1)))


def post_executions(payments: pl.DataFrame, day: date) -> pl.DataFrame:
    """Take what the bank pays out of cash.

    Parameters
    ----------
    payments : pl.DataFrame
        `PAYMENT_SCHEMA` and nostro.
    """
    amount, currency = pl.col("amount_minor"), pl.col("currency")
    heading = _head("X", day, pl.col("execution_date"))
    cash = Posting(
        book=chart.book(chart.CASH), ref=chart.cash_account(), unit=currency, amount=amount * -1
    )
    return write_entries(payments, heading, (_in_transit(amount), cash))


def _head(step: str, day: date, effective: pl.Expr) -> tuple[pl.Expr, ...]:
    return head(
        entry_id=pl.format(f"{day}:{step}:{{}}", "payment_id"),
        effective_date=effective,
        recorded_on=day,
        kind="PAYMENT",
        source="payment_id",
    )


def _in_transit(amount: pl.Expr) -> Posting:
    return Posting(
        book=chart.book(chart.PAYMENTS),
        ref=chart.book(IN_TRANSIT),
        unit=pl.col("currency"),
        amount=amount,
    )


def _ordered(records: Records, books: Books) -> pl.DataFrame:
    return known_payments(records, books).filter(pl.col("ordered_on") == books.day)


def _paid(records: Records, books: Books) -> pl.DataFrame:
    """Find what was to be paid since the last close, and what was ordered too late for it."""
    before, day = books.last_closed, books.day
    came = pl.col("execution_date") > before if before else pl.lit(value=True)
    fresh = pl.col("ordered_on") == day
    known = known_payments(records, books)
    paid = known.filter(pl.col("execution_date") <= day, came | fresh)
    return of_payments(records, books, paid)


def _of_kind(payments: pl.DataFrame, accounts: pl.DataFrame | None) -> pl.DataFrame:
    """Add `account_kind`."""
    if accounts is None:
        return payments.with_columns(account_kind=pl.lit(None, pl.String))
    kinds = accounts.rename({"kind": "account_kind"})
    return payments.join(kinds, on="account_id", how="left", maintain_order="left")
