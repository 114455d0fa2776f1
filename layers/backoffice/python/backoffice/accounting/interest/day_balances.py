"""What clients' money stood at on each day, by value date, as known at a close.

Money counts from the day its entry counts, but for interest itself: what a close capitalises bears
interest from the day after the last one that close accrued.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.interest.terms import CurrencyTerms, accrues_to
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, concerning

INTEREST: Final = "INTEREST"
ADJUSTMENT: Final = "INTEREST_ADJUSTMENT"
_OWN: Final = (INTEREST, ADJUSTMENT)
_ACCOUNT: Final = ("account_id", "currency")
_A_MONTH: Final = timedelta(days=31)


def cash_moves(journal: pl.DataFrame, terms: Sequence[CurrencyTerms]) -> pl.DataFrame:
    """Return what moved clients' money of those currencies, and the day it counts from.

    Returns
    -------
    pl.DataFrame
        account_id, currency, counts_from, amount (minor units; a client's money is a credit).
    """
    known = [one.currency for one in terms]
    rows = journal.filter(pl.col("book") == chart.CLIENT_CASH, pl.col("unit").is_in(known))
    ends = {one.currency: one.month_ends for one in terms}
    asked = rows.filter(pl.col("kind").is_in(_OWN)).select("unit", "recorded_on").unique()
    following = [
        (unit, day, accrues_to(day, ends[unit]) + timedelta(days=1))
        for unit, day in asked.iter_rows()
    ]
    own = pl.DataFrame(
        following,
        schema={"unit": pl.String, "recorded_on": pl.Date, "following": pl.Date},
        orient="row",
    )
    counts = pl.when(pl.col("kind").is_in(_OWN)).then("following").otherwise("effective_date")
    return (
        rows.join(own, on=["unit", "recorded_on"], how="left", maintain_order="left")
        .select(account_id="ref", currency="unit", counts_from=counts, amount="amount")
        .group_by(*_ACCOUNT, "counts_from")
        .agg(pl.col("amount").sum())
        .filter(pl.col("amount") != 0)
    )


def earlier_moves(
    records: Records, books: Books, bucket: int, first: date, terms: Sequence[CurrencyTerms]
) -> pl.DataFrame:
    """Return the moves recorded before this close that may count after `first`."""
    parts = [
        part
        for part in concerning(books.journal, bucket, books.buckets)
        if part.day > first - _A_MONTH
    ]
    frames = [cash_moves(records.read(part), terms) for part in parts]
    none = {"account_id": pl.String, "currency": pl.String, "counts_from": pl.Date}
    return pl.concat([pl.DataFrame(schema={**none, "amount": pl.Int128}), *frames])


def on_days(asked: pl.DataFrame, stands: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """Return what stood at the end of each day asked about.

    Parameters
    ----------
    asked : pl.DataFrame
        account_id, currency, day, each once.
    stands : pl.DataFrame
        account_id, currency, amount: with everything that is known now.
    moves : pl.DataFrame
        As `cash_moves` returns them: all that count after any day asked about.

    Returns
    -------
    pl.DataFrame
        account_id, currency, day, balance.
    """
    later = (
        asked.join(moves, on=_ACCOUNT)
        .filter(pl.col("counts_from") > pl.col("day"))
        .group_by(*_ACCOUNT, "day")
        .agg(later=pl.col("amount").sum())
    )
    nothing = pl.lit(0, dtype=pl.Int128)
    return (
        asked.join(stands, on=_ACCOUNT, how="left")
        .join(later, on=[*_ACCOUNT, "day"], how="left")
        .select(
            *_ACCOUNT,
            "day",
            balance=pl.col("amount").fill_null(nothing) - pl.col("later").fill_null(nothing),
        )
    )
