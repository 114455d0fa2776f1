"""Book what a cut-off cleared, bucket by bucket: proven balanced before it is written."""

from datetime import date

from backoffice.accounting.balances import balances
from backoffice.accounting.journal import assert_balanced
from backoffice.accounting.trade_postings import post_trades
from backoffice.clearance.clear import Cleared
from backoffice.kernel.parts import BucketPart, Document, Part, Records, Work


class BookedTrades(Document):
    """The journal of one bucket's cleared trades, its balances, and how much it is."""

    bucket: int
    journal: BucketPart
    balances: Part
    entries: int
    postings: int


def book_trades(
    records: Records, work: Work, newly: Cleared, day: date, bucket: int, buckets: int
) -> BookedTrades:
    """Write the entries of newly cleared trades.

    Raises
    ------
    UnbalancedError
        When an entry does not come to zero; nothing is written.
    """
    journal = post_trades(newly.register, newly.fees, day).sort("entry_id", "unit", "book", "ref")
    assert_balanced(journal)
    part = records.keep("accounting", day, journal)
    return BookedTrades(
        bucket=bucket,
        journal=BucketPart(**part.model_dump(), day=day, bucket=bucket, buckets=buckets),
        balances=work.stage(f"days/{day}/trade-balances.{bucket}.parquet", balances(journal)),
        entries=journal["entry_id"].n_unique(),
        postings=journal.height,
    )
