"""A year of closed books: so many trades a day, some of them late, their journal and balances.

`python -m bench.inputs.year_of_books OUT DAYS TRADES` writes OUT as a record store, its entries,
balances and sums by the product's own writers, and what cuts, fails or is reconciled left out. One
trade in two hundred comes up to twenty days late; a trade settles on the next day but one.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from backoffice.accounting.balances import add_balances
from backoffice.accounting.book_trades import in_order
from backoffice.accounting.client_settlement import post_client_settlement
from backoffice.accounting.off_date import dated_balances, off_date, with_off_date
from backoffice.accounting.postings.trades import post_trades
from backoffice.kernel.books import Books, state_key
from backoffice.kernel.parts import BucketPart
from bench.inputs.folder_records import FolderRecords

FIRST: Final = date(2026, 1, 1)
_ACCOUNTS, _ISSUES, _COUNTERPARTIES = 200, 300, 40
_LATE_OF, _LATEST, _SETTLES_IN = 200, 20, 2
_FRIDAY: Final = 4


def main(out: Path, days: int, trades: int) -> None:
    """Write the year."""
    records = FolderRecords(out)
    books = Books(day=FIRST, phase="closed", previous=None, rulebook="")
    due: list[pl.DataFrame] = []
    for number, day in enumerate(business_days(days)):
        fresh = _trades(day, number, trades)
        due.append(fresh)
        settling = due.pop(0) if len(due) > _SETTLES_IN else fresh.clear()
        books = _close(records, books, day, fresh, settling)


def business_days(days: int) -> Iterator[date]:
    """Yield so many weekdays."""
    day = FIRST
    while days:
        if day.weekday() <= _FRIDAY:
            yield day
            days -= 1
        day += timedelta(days=1)


def _trades(day: date, number: int, trades: int) -> pl.DataFrame:
    """Make a day's cleared trades; the number of the day makes them others than yesterday's."""
    at = pl.int_range(trades, dtype=pl.Int64, eager=True).alias("at").to_frame()
    odd = (pl.col("at") * 7_919 + number * 104_729) % 1_000_003
    late = pl.when(odd % _LATE_OF == 0).then(odd % _LATEST + 1).otherwise(0)
    gross = (odd % 90_000 + 1_000).cast(pl.Int128)
    return at.select(
        pl.lit("p").alias("partner"),
        (pl.lit(day) - pl.duration(days=late)).alias("trade_date"),
        pl.format("T{}-{}", pl.lit(number), "at").alias("trade_id"),
        pl.format("A-{}", odd % _ACCOUNTS).alias("account_id"),
        pl.lit("CLIENT").alias("account_kind"),
        pl.when(odd % 2 == 0).then(pl.lit("BUY")).otherwise(pl.lit("SELL")).alias("side"),
        pl.format("US{}", (odd % _ISSUES + 10**9).cast(pl.String)).alias("isin"),
        ((odd % 500 + 1) * 10**8).cast(pl.Int128).alias("quantity_e8"),
        pl.lit("USD").alias("currency"),
        pl.format("LEI{}", odd % _COUNTERPARTIES).alias("counterparty"),
        pl.lit(100, pl.Int128).alias("commission_minor"),
        gross.alias("gross_minor"),
        pl.when(odd % 2 == 0).then(gross + 100).otherwise(gross - 100).alias("net_minor"),
        pl.lit(value=False).alias("amended"),
        pl.lit(day).alias("cleared_on"),
    )


def _close(
    records: FolderRecords, books: Books, day: date, fresh: pl.DataFrame, settling: pl.DataFrame
) -> Books:
    """Book a day and make its state, as a cut-off and a close do."""
    no_fees = fresh.clear().select("partner", "trade_date", "trade_id", fee_code="side")
    no_fees = no_fees.with_columns(amount_minor=pl.lit(None, pl.Int128))
    due = settling.with_columns(settlement_date=pl.lit(day))
    journals = [post_trades(fresh, no_fees, day), post_client_settlement(due, day)]
    journals = [in_order(one) for one in journals]
    dated = dated_balances(*journals)
    known = [records.read(part) for part in books.bucketed.get("balances", ())]
    books = with_off_date(records, books, day, [off_date(dated, day)])
    parts = [_placed(records, one, day) for one in journals]
    closed = books.with_tables(balances=records.keep("accounting", day, dated.clear().drop(_DAY)))
    carried = {"balances": (_placed(records, add_balances(*known, dated), day),)}
    grown = {"journal": (*books.journal, *parts), "closed_days": (*books.closed_days, day)}
    closed = closed.model_copy(update={**grown, "day": day, "bucketed": carried})
    records.put_once(state_key(day, "closed"), closed.model_dump_json().encode())
    return closed


_DAY: Final = "effective_date"


def _placed(records: FolderRecords, frame: pl.DataFrame, day: date) -> BucketPart:
    part = records.keep("accounting", day, frame)
    return BucketPart(**part.model_dump(), day=day, bucket=0, buckets=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
