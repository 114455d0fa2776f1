"""What corporate actions post at a close, by whose it is: accounts' in buckets, the rest not."""

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import JOURNAL_SCHEMA, empty_journal
from backoffice.accounting.own_places import of_lines
from backoffice.intake.register import of_bucket
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Part, Records, Work


def entries_of_accounts(work: Work, staged: Part | None, bucket: int, buckets: int) -> pl.DataFrame:
    """Return `JOURNAL_SCHEMA`: what actions post on a bucket's accounts at this close."""
    if staged is None:
        return empty_journal()
    rows = of_bucket(work.read(staged), bucket, buckets)
    return rows.select(list(JOURNAL_SCHEMA))


def entries_of_others(records: Records, books: Books, entries: pl.DataFrame) -> pl.DataFrame:
    """Return `JOURNAL_SCHEMA` of what is no account's, cash where our own instructions have it.

    Parameters
    ----------
    entries : pl.DataFrame
        `JOURNAL_SCHEMA` with `account_id`.
    """
    others = entries.filter(pl.col("account_id").is_null()).select(list(JOURNAL_SCHEMA))
    in_cash = pl.col("book") == chart.CASH
    # shares are posted where they lie, which the stock record says; cash says only its currency
    cash = of_lines(records, books, others.filter(in_cash))
    return pl.concat([others.filter(~in_cash), cash])
