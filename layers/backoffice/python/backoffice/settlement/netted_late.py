"""Which obligations hold trades that cleared late, in terms that an action had by then."""

from collections.abc import Iterable

import polars as pl

from backoffice.clearance.share_terms import Terms, in_terms_of
from backoffice.intake.register import read_standing
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.parts import Records
from backoffice.settlement.contributions import locate


def netted_late(
    records: Records,
    books: Books,
    obligations: pl.DataFrame,
    one: Terms,
    terms: Iterable[Terms],
) -> list[str]:
    """Name the obligations of trades before an ex date that cleared when it was applied already.

    Parameters
    ----------
    records, books
        The record store and the day's books.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`.
    one
        The terms that were applied.
    terms
        All that are known.
    """
    parts = [part for part in books.trades if _may_hold(part, one, books)]
    if not parts:
        return []
    rows = read_standing(records, books, parts).filter(
        pl.col("status") == "CLEARED",
        pl.col("isin") == one.isin,
        pl.col("trade_date") < one.ex_date,
        pl.col("cleared_on") >= one.applied_on,
    )
    days = rows["cleared_on"].unique().sort()
    if not days.len():
        return []
    memberships = pl.concat([records.read(books.tables[f"memberships:{day}"]) for day in days])
    cleared = in_terms_of(rows, terms, pl.col("cleared_on"))
    return sorted(locate(cleared, memberships, obligations)["obligation_id"].unique())


def _may_hold(part: TradePart, one: Terms, books: Books) -> bool:
    since = one.applied_on <= part.day < books.day
    return since and min(part.trade_dates, default=one.ex_date) < one.ex_date
