"""What a day records that counts on another day: kept as sums, so that the past is quick to tell.

Of most days it is little: late trades, movements of an earlier value date, what was recorded
before it counts. All else that a day records counts on that day.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.journal import assert_summable
from backoffice.kernel.books import Books, OffDate, OffDateSums
from backoffice.kernel.parts import BucketPart, Part, Records

OFF_DATE: Final = pl.Schema(
    {
        "effective_date": pl.Date,
        "book": pl.String,
        "ref": pl.String,
        "unit": pl.String,
        "amount": pl.Int128,
    }
)
_BY: Final = ("effective_date", "book", "ref", "unit")


def dated_balances(*rows: pl.DataFrame) -> pl.DataFrame:
    """Sum journals, or such sums, by the day they count and by account.

    Parameters
    ----------
    *rows : pl.DataFrame
        At least one frame with the columns of `OFF_DATE`.

    Returns
    -------
    pl.DataFrame
        `OFF_DATE` in the order the accounts first appear; zeros left out.

    Raises
    ------
    OutOfRangeError
        When an amount is so large that sums of such could wrap.
    """
    whole = pl.concat([one.select(list(OFF_DATE)) for one in rows])
    assert_summable(whole)
    days = whole["effective_date"].unique()
    if days.len() == 1:  # a day's trades are mostly of that day: three names are quicker than four
        sums = whole.group_by(_BY[1:], maintain_order=True).agg(pl.col("amount").sum())
        sums = sums.with_columns(pl.lit(days[0], pl.Date).alias("effective_date"))
    else:
        sums = whole.group_by(_BY, maintain_order=True).agg(pl.col("amount").sum())
    return sums.filter(pl.col("amount") != 0).select(list(OFF_DATE))


def posted_at_cut_off(
    records: Records, balances: Part, pending: Iterable[BucketPart]
) -> pl.DataFrame:
    """Return what a cut-off posted in a bucket, as `OFF_DATE`.

    Parameters
    ----------
    balances
        As the cut-off kept them. One that kept no days of them left its journal.
    pending
        The journal of the cut-off in that bucket.
    """
    rows = records.read(balances)
    if "effective_date" in rows.columns:
        return rows
    return dated_balances(OFF_DATE.to_frame(), *(records.read(part) for part in pending))


def off_date(dated: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return what of a day's sums counts on another day."""
    return dated.filter(pl.col("effective_date") != day)


def with_off_date(records: Records, books: Books, day: date, rows: Iterable[pl.DataFrame]) -> Books:
    """Add to the books what a day recorded that counts on other days.

    Parameters
    ----------
    rows
        `OFF_DATE`, or journals, of every part of the day.
    """
    sums = dated_balances(OFF_DATE.to_frame(), *rows)
    sums = off_date(sums, day).sort(_BY)
    found = None
    if sums.height:
        first, last = sums["effective_date"].item(0), sums["effective_date"].item(-1)
        part = records.keep("accounting", day, sums)
        found = OffDateSums(**part.model_dump(), earliest=first, latest=last)
    told = OffDate(day=day, sums=found)
    return books.model_copy(update={"off_date": (*books.off_date, told)})
