"""Months that are over: what was accrued comes to the client's cash, what came late adjusts it."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.interest.accrual import due
from backoffice.accounting.interest.day_balances import ADJUSTMENT, INTEREST
from backoffice.accounting.interest.terms import CurrencyTerms
from backoffice.accounting.journal import Posting, empty_journal, head, write_entries
from backoffice.accounting.kinds import EntryKind


def capitalise(
    state: pl.DataFrame, terms: Sequence[CurrencyTerms], day: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bring the interest of months that are over to the client's cash.

    Parameters
    ----------
    state : pl.DataFrame
        `INTEREST_SCHEMA`, with what the close accrues.
    terms
        How far each currency is accrued now.
    day : date
        The business day whose close records it.

    Returns
    -------
    tuple
        The state with that capitalised, and rows of `JOURNAL_SCHEMA`.
    """
    reached = {one.currency: one.until for one in terms}
    until = pl.col("currency").replace_strict(reached, default=None, return_dtype=pl.Date)
    over = (pl.col("period").dt.month_end() <= until).fill_null(value=False)
    debit = due("debit") - pl.col("debit_minor")
    credit = due("credit") - pl.col("credit_minor")
    moved = state.with_columns(debit=debit, credit=credit).filter(
        over, (pl.col("debit") != 0) | (pl.col("credit") != 0)
    )
    done = state.with_columns(
        debit_minor=pl.when(over).then(due("debit")).otherwise("debit_minor"),
        credit_minor=pl.when(over).then(due("credit")).otherwise("credit_minor"),
    )
    again = (pl.col("debit_minor") != 0) | (pl.col("credit_minor") != 0)
    entries = [
        _post(moved.filter(~again), INTEREST, day),
        _post(moved.filter(again), ADJUSTMENT, day),
    ]
    return done, pl.concat([empty_journal(), *entries])


def _post(rows: pl.DataFrame, kind: EntryKind, day: date) -> pl.DataFrame:
    """Write one entry an account, currency and month; its source names the month."""
    named = rows.with_columns(month=pl.col("period").dt.strftime("%Y-%m")).with_columns(
        source=pl.format("{} {}", "currency", "month")
    )
    heading = head(
        entry_id=pl.format(f"{day}:I:{{}}:{{}}:{{}}", "account_id", "currency", "month"),
        effective_date=pl.lit(day, dtype=pl.Date),
        recorded_on=day,
        kind=kind,
        source="source",
    )
    unit, nobody = pl.col("currency"), pl.lit("")
    lines = (
        (chart.CLIENT_CASH, pl.col("account_id"), pl.col("debit") - pl.col("credit")),
        (chart.INTEREST_DUE, nobody, pl.col("debit") * -1),
        (chart.INTEREST_OWED, nobody, pl.col("credit")),
    )
    postings = [
        Posting(book=chart.book(name), ref=ref, unit=unit, amount=amount)
        for name, ref, amount in lines
    ]
    return write_entries(named, heading, postings)
