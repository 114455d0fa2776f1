"""Book what a cut-off cleared, bucket by bucket: proven balanced before it is written."""

from math import prod
from typing import Final

import polars as pl

from backoffice.accounting.journal import assert_balanced
from backoffice.accounting.off_date import dated_balances
from backoffice.accounting.open_periods import in_open_periods
from backoffice.accounting.postings.trades import post_trades
from backoffice.clearance.clear import Cleared
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.day_periods import locked_until
from backoffice.kernel.parts import BucketPart, Document, Part, Records, Work

_ORDER: Final = ("entry_id", "unit", "book", "ref")
_LARGEST_KEY: Final = 2**63


class BookedTrades(Document):
    """The journal of one bucket's cleared trades, its sums as `OFF_DATE`, and how much it is."""

    bucket: int
    journal: BucketPart
    balances: Part
    entries: int
    postings: int


def book_trades(
    records: Records, work: Work, newly: Cleared, resolved: ResolvedDay, bucket: int
) -> BookedTrades:
    """Write the entries of newly cleared trades.

    Raises
    ------
    UnbalancedError
        When an entry does not come to zero; nothing is written.
    """
    day, buckets = resolved.day, resolved.books.buckets
    posted = post_trades(newly.register, newly.fees, day)
    journal = in_order(in_open_periods(posted, locked_until(records, resolved.books)))
    assert_balanced(journal)
    part = records.keep("accounting", day, journal)
    return BookedTrades(
        bucket=bucket,
        journal=BucketPart(**part.model_dump(), day=day, bucket=bucket, buckets=buckets),
        balances=work.stage(
            f"{resolved.stem}/trade-balances.{bucket}.parquet", dated_balances(journal)
        ),
        entries=journal["entry_id"].n_unique(),
        postings=journal.height,
    )


def in_order(journal: pl.DataFrame) -> pl.DataFrame:
    """Sort a journal by entry_id, unit, book and ref.

    Each text is ranked among the distinct ones and the ranks make one whole number a row: half the
    time of sorting by four texts, and the same order.
    """
    names = [journal[name].unique().sort() for name in _ORDER]
    if not journal.height or prod(each.len() for each in names) >= _LARGEST_KEY:
        return journal.sort(_ORDER)
    key = pl.repeat(0, journal.height, dtype=pl.UInt64, eager=True)
    for name, known in zip(_ORDER, names, strict=True):
        rank = journal[name].cast(pl.Enum(known)).to_physical()
        key = key * known.len() + rank.cast(pl.UInt64)
    return journal[key.arg_sort()]
