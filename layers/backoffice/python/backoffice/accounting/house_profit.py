"""The firm's own dealing: what it realised goes from inventory to income at each close."""

from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, empty_journal, head, write_entries
from backoffice.accounting.lots.book import realised_before
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records


def house_profit(
    records: Records, books: Books, realised: pl.DataFrame, bucket: int
) -> pl.DataFrame:
    """Write what a bucket's house accounts realised since the last close.

    Parameters
    ----------
    realised : pl.DataFrame
        REALISED at this close.
    """
    part = books.tables.get("accounts")
    if part is None:
        return empty_journal()
    house = records.read(part, ("account_id", "kind")).filter(pl.col("kind") == "HOUSE")
    if not house.height:
        return empty_journal()
    before = realised_before(records, books, bucket)
    return post_house_profit(before, realised, house["account_id"], books.day)


def post_house_profit(
    before: pl.DataFrame, after: pl.DataFrame, house: pl.Series, day: date
) -> pl.DataFrame:
    """Write the change of the house accounts' realised profit, of the past's too.

    Parameters
    ----------
    before, after
        REALISED at the close before and at this one.
    house
        The account ids that are the firm's own.
    day
        The business day that closes.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA`: an entry an account and currency whose profit changed.
    """
    profit = pl.col("realised_pnl_minor")
    both = pl.concat([after, before.with_columns(profit * -1)])
    changes = (
        both.filter(pl.col("account_id").is_in(house.implode()))
        .group_by("account_id", "currency")
        .agg(profit.sum())
        .filter(profit != 0)
        .sort("account_id", "currency")
    )
    heading = head(
        entry_id=pl.format(f"{day}:L:{{}}:{{}}", "account_id", "currency"),
        effective_date=pl.lit(day, dtype=pl.Date),
        recorded_on=day,
        kind="REALISED_PNL",
        source="account_id",
    )
    return write_entries(changes, heading, _postings())


def _postings() -> tuple[Posting, Posting]:
    profit, currency = pl.col("realised_pnl_minor"), pl.col("currency")
    return (
        Posting(
            book=chart.book(chart.INVENTORY), ref=pl.col("account_id"), unit=currency, amount=profit
        ),
        Posting(
            book=chart.book(chart.TRADING),
            ref=pl.lit("", dtype=pl.String),
            unit=currency,
            amount=profit * -1,
        ),
    )
