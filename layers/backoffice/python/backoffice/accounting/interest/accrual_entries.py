"""What a close's accrued interest comes to over all accounts: one entry a currency."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.interest.terms import CurrencyTerms, accrued_until
from backoffice.accounting.journal import Posting, empty_journal, head, write_entries
from backoffice.clearance.accounting_causes import INTEREST_NOT_ACCRUED
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records


def post_accruals(
    accrued: Iterable[pl.DataFrame], terms: Sequence[CurrencyTerms], books: Books
) -> pl.DataFrame:
    """Write the entries of what is due more than at the close before.

    Parameters
    ----------
    accrued
        `ACCRUAL_SCHEMA`, by bucket.
    """
    frames = list(accrued)
    if not frames or not terms:
        return empty_journal()
    spans = {one.currency: _span(one, books) for one in terms}
    sums = (
        pl.concat(frames)
        .group_by("currency")
        .agg(pl.col("debit_minor", "credit_minor").sum())
        .with_columns(source=pl.col("currency").replace_strict(spans, return_dtype=pl.String))
        .sort("currency")
    )
    heading = head(
        entry_id=pl.format(f"{books.day}:A:{{}}", "currency"),
        effective_date=pl.lit(books.day, dtype=pl.Date),
        recorded_on=books.day,
        kind="INTEREST_ACCRUAL",
        source="source",
    )
    return write_entries(sums, heading, _postings())


def _span(terms: CurrencyTerms, books: Books) -> str:
    """Name the days that are accrued; of what late money alone changed, the day of the close."""
    if terms.until <= terms.after:
        return f"{terms.currency} {books.day}"
    return f"{terms.currency} {terms.after + timedelta(days=1)}..{terms.until}"


def _postings() -> list[Posting]:
    lines = (
        (chart.INTEREST_DUE, pl.col("debit_minor")),
        (chart.MARGIN_INTEREST, pl.col("debit_minor") * -1),
        (chart.CREDIT_INTEREST, pl.col("credit_minor")),
        (chart.INTEREST_OWED, pl.col("credit_minor") * -1),
    )
    return [
        Posting(book=chart.book(name), ref=pl.lit(""), unit=pl.col("currency"), amount=amount)
        for name, amount in lines
    ]


def interest_causes(
    records: Records, books: Books, total: pl.DataFrame, rates: pl.DataFrame
) -> Iterator[Mapping[str, Any]]:
    """Name the currencies that bear no interest: without rates, or without one for a day.

    Parameters
    ----------
    total : pl.DataFrame
        book, unit, amount of the whole books.
    rates : pl.DataFrame
        The reference table.
    """
    held = total.filter(pl.col("book") == chart.CLIENT_CASH)["unit"].unique()
    for currency in sorted(set(held) - set(rates["currency"])):
        yield {"code": INTEREST_NOT_ACCRUED, "subject": currency}
    waiting = accrued_until(records, books).filter(pl.col("waits_for").is_not_null())
    for currency, day in waiting.select("currency", "waits_for").iter_rows():
        yield {"code": INTEREST_NOT_ACCRUED, "subject": f"{currency} {day}"}
