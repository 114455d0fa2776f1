"""Balances are sums of the journal; sums of parts add up to the sum of the whole."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import assert_summable
from backoffice.kernel.columns import bucket_of, format_e8, format_money

_CURRENCY_CODE_LENGTH: Final = 3
_ACCOUNT: Final = ("book", "ref", "unit")


def balances(journal: pl.DataFrame) -> pl.DataFrame:
    """Sum the journal by account and unit.

    Parameters
    ----------
    journal : pl.DataFrame
        Any rows with book, ref, unit, amount: a journal, a part of one, or balances.

    Returns
    -------
    pl.DataFrame
        book, ref, unit, amount (Int128, debits positive) in the order the accounts first appear;
        accounts at zero left out.

    Raises
    ------
    OutOfRangeError
        When an amount is so large that sums of such could wrap.
    """
    assert_summable(journal)
    sums = journal.group_by(_ACCOUNT, maintain_order=True).agg(pl.col("amount").sum())
    return sums.filter(pl.col("amount") != 0)


def add_balances(*parts: pl.DataFrame) -> pl.DataFrame:
    """Add balances of disjoint parts of the journal; associative and commutative.

    Parameters
    ----------
    *parts : pl.DataFrame
        At least one frame as `balances` returns it.
    """
    return balances(pl.concat([part.select(*_ACCOUNT, "amount") for part in parts]))


def with_places(sums: pl.DataFrame) -> pl.DataFrame:
    """Return balances whose book says the place too, where the firm's own shares and money lie."""
    lies = pl.col("book").is_in((chart.DEPOSITORY, chart.CASH))
    return sums.with_columns(book=pl.when(lies).then(chart.account_name()).otherwise("book"))


def by_book(sums: pl.DataFrame) -> pl.DataFrame:
    """Sum balances over who they are with: book, unit, amount; zeros left out, sorted."""
    whole = sums.group_by("book", "unit").agg(pl.col("amount").sum())
    return whole.filter(pl.col("amount") != 0).sort("book", "unit")


def share_of(sums: pl.DataFrame, kept: int, bucket: int, buckets: int) -> pl.DataFrame:
    """Return what one bucket carries on of the balances that a coarser cut's bucket carried.

    A bucket's balances are of all that was ever posted in it: those of its accounts, and a part of
    the firm's and the street's. Each row goes on in one of the finer buckets, an account's in its
    own.

    Parameters
    ----------
    sums : pl.DataFrame
        Balances of one bucket of `kept`.
    kept, bucket, buckets
        `buckets` is `kept` or a power of two times it, and `bucket` of them one of those that the
        one of `kept` was cut into.
    """
    if kept == buckets or not sums.height:
        return sums
    place = bucket_of(sums["ref"], buckets) // kept
    return sums.filter(place == bucket // kept)


def as_of(journal: pl.DataFrame, effective_by: date, known_at: date) -> pl.DataFrame:
    """Keep what counts by one day as far as it was known at the close of another."""
    return journal.filter(
        pl.col("effective_date") <= effective_by, pl.col("recorded_on") <= known_at
    )


def trial_balance(sums: pl.DataFrame) -> pl.DataFrame:
    """Show balances as people read them.

    Parameters
    ----------
    sums : pl.DataFrame
        As `balances` returns it.

    Returns
    -------
    pl.DataFrame
        account, unit, balance (text: money with exactly its minor units, shares without trailing
        zeros), sorted by account and unit.
    """
    is_money = pl.col("unit").str.len_bytes() == _CURRENCY_CODE_LENGTH
    money = sums.filter(is_money).select(
        chart.account_name().alias("account"),
        "unit",
        format_money("amount", "unit").alias("balance"),
    )
    shares = sums.filter(~is_money).select(
        chart.account_name().alias("account"), "unit", format_e8("amount").alias("balance")
    )
    return pl.concat([money, shares]).sort("account", "unit")


def stock_record(sums: pl.DataFrame) -> pl.DataFrame:
    """Show the `Securities:` part of balances: for every ISIN it comes to zero.

    Returns
    -------
    pl.DataFrame
        isin, account, quantity (text without trailing zeros), sorted by isin and account.
    """
    return (
        sums.filter(pl.col("book").str.starts_with(chart.SECURITIES))
        .select(isin="unit", account=chart.account_name(), quantity=format_e8("amount"))
        .sort("isin", "account")
    )
