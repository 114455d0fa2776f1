"""The trades and allotments of some accounts, as rows of text figures that documents show."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting.postings.allocation_legs import legs, standing_legs
from backoffice.clearance.allocation_frames import REVERSED
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.register import standing, superseded
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.columns import format_e8, format_money
from backoffice.kernel.parts import Records

_COLUMNS: Final = (*REGISTER_SCHEMA, "state_on")
_SCHEMA: Final = {**REGISTER_SCHEMA, "state_on": pl.Date}


def changed_on(
    records: Records, books: Books, day: date, bucket: int | None = None
) -> pl.DataFrame:
    """Return the register rows a day wrote, of a bucket or of all, whatever their status."""
    parts = [
        part
        for part in books.trades
        if part.day == day and (bucket is None or part.concerns(bucket, books.buckets))
    ]
    return _read(records, parts)


def changed_again(records: Records, books: Books, day: date) -> pl.DataFrame:
    """Return the identities of what a day amended, or wrote down as not cleared.

    Of all buckets: a trade that becomes another account's may leave the bucket it was in.
    """
    columns = (*IDENTITY, "amended", "status")
    odd = pl.col("amended") | (pl.col("status") != "CLEARED")
    frames = [pl.DataFrame(schema={name: REGISTER_SCHEMA[name] for name in columns})]
    for part in books.trades:
        if part.day == day:
            frames.append(records.read(part, columns).filter(odd))  # noqa: PERF401 - one by one
    return pl.concat(frames).select(IDENTITY)


def standing_before(
    records: Records, books: Books, changed: pl.DataFrame, day: date, bucket: int
) -> pl.DataFrame:
    """Return how trades that a day changed stood before it, in one bucket, where cleared.

    Few trades are changed: only the parts that hold their trade dates are read.
    """
    dates = set(changed["trade_date"].to_list())
    parts = [
        part
        for part in books.trades
        if part.concerns(bucket, books.buckets) and part.day < day and dates & set(part.trade_dates)
    ]
    rows = _read(records, parts).join(changed.select(IDENTITY), on=IDENTITY, how="semi")
    last = rows.sort("state_on").unique(IDENTITY, keep="last", maintain_order=True)
    return last.filter(pl.col("status") == "CLEARED")


def allotted(records: Records, books: Books) -> pl.DataFrame:
    """Return the standing allotments as register rows."""
    rows = standing_legs(records, books)
    return rows.select(list(REGISTER_SCHEMA)).with_columns(state_on=pl.col("cleared_on"))


def taken_back(records: Records, books: Books, day: date | None = None) -> pl.DataFrame:
    """Return the allotments that a day, or any day, took back, as they stood."""
    part = books.tables.get(REVERSED)
    if part is None:
        return pl.DataFrame(schema=_SCHEMA)
    rows = records.read(part)
    if day is not None:
        rows = rows.filter(pl.col("reversed_on") == day)
    return legs(rows).select(list(REGISTER_SCHEMA)).with_columns(state_on=pl.col("cleared_on"))


def standing_deals(
    records: Records, books: Books, bucket: int, wanted: Iterable[str], earlier: Books | None
) -> pl.DataFrame:
    """Return the cleared trades and allotments of some accounts that settle after an earlier close.

    What of them was settled, or taken back, later is among `former_deals`.
    """
    since = earlier.day if earlier else None
    parts = [
        part
        for part in books.trades
        if part.concerns(bucket, books.buckets)
        and part.settles_until is not None
        and (since is None or part.settles_until > since)
    ]
    rows = standing(_read(records, parts), superseded(records, books))
    both = pl.concat([rows, allotted(records, books)])
    own = pl.col("account_id").is_in(list(wanted)) & (pl.col("status") == "CLEARED")
    later = pl.lit(value=True) if since is None else pl.col("settlement_date") > since
    return both.filter(own & later)


def former_deals(
    records: Records, books: Books, bucket: int, wanted: Iterable[str], dates: AbstractSet[date]
) -> pl.DataFrame:
    """Return how trades and allotments of some accounts and trade dates ever stood, where cleared.

    A row a close that changed them: also of what was amended, cancelled or moved since.
    """
    parts = [
        part
        for part in books.trades
        if part.concerns(bucket, books.buckets) and dates & set(part.trade_dates)
    ]
    rows = [_read(records, parts), allotted(records, books), taken_back(records, books)]
    own = pl.col("account_id").is_in(list(wanted)) & pl.col("trade_date").is_in(list(dates))
    return pl.concat(rows).filter(own, pl.col("status") == "CLEARED")


def shown(deals: pl.DataFrame, instruments: pl.DataFrame) -> list[dict[str, Any]]:
    """Write deals as text figures with what their instruments are called, by time.

    Parameters
    ----------
    instruments
        isin, symbol, name, asset_class; a deal in one that is not known is called by its ISIN.
    """
    named = instruments.select("isin", "symbol", "asset_class", security="name")
    rows = deals.join(named, on="isin", how="left").sort("traded_at", *IDENTITY)
    principal = pl.col("gross_minor") - pl.col("accrued_minor").fill_null(0)
    written = rows.with_columns(principal_minor=principal).select(
        *IDENTITY,
        *("account_id", "side", "isin", "currency", "venue", "counterparty", "capacity"),
        *("cleared_on", "state_on", "symbol", "asset_class", "order_id"),
        security=pl.coalesce("security", "isin"),
        at=pl.col("traded_at").to_physical(),
        settles=pl.col("settlement_date").cast(pl.String),
        quantity=format_e8("quantity_e8"),
        price=format_e8("price_e8"),
        principal=format_money("principal_minor"),
        accrued=format_money("accrued_minor"),
        gross=format_money("gross_minor"),
        commission=format_money("commission_minor"),
        fees=format_money("fees_minor"),
        net=format_money("net_minor"),
    )
    return written.to_dicts()


def _read(records: Records, parts: Sequence[TradePart]) -> pl.DataFrame:
    rows = records.read_all(parts)
    return pl.DataFrame(schema=_SCHEMA) if rows is None else rows.select(_COLUMNS)
