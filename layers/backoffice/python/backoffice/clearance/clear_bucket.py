"""Clear one bucket of accounts: its new trades, its corrected ones, and those still held."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.bucket_trades import BucketTrades, read_trades
from backoffice.clearance.clear import CLEARED, HELD, Cleared, clear, set_aside
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import BucketPart, Document, Part, Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.lookup import ReferenceSnapshot

_FIGURES: Final = ("gross_minor", "fees_minor", "net_minor", "settlement_date", "account_kind")


class ClearedBucket(Document):
    """What clearing one bucket wrote: register rows, what stays held, and who changed.

    `register_part` holds all that the bucket's trades came to on the day: it takes the place of
    what an earlier look of the same day wrote.
    """

    bucket: int
    cleared_today: int
    held_today: int
    register_part: TradePart | None
    held: BucketPart | None
    changed: Part


def clear_bucket(
    records: Records,
    work: Work,
    resolved: ResolvedDay,
    bucket: int,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
) -> tuple[ClearedBucket, Cleared]:
    """Clear a bucket's trades and write its rows of the register.

    Returns
    -------
    tuple
        What was written, and the day's newly cleared rows with their fees, for whoever posts them.
    """
    day, books = resolved.day, resolved.books
    reference = snapshot(records, books)
    trades = read_trades(records, work, resolved, bucket)
    decided = clear(trades.live, reference, calendar, rulebook, day)
    frames = [decided.register, trades.booked]
    for rows, status in ((trades.unbooked, "CANCELLED"), (trades.refused, "REFUSED")):
        if rows.height:
            frames.append(set_aside(rows, reference, calendar, rulebook, day, status=status))
    rows = pl.concat(frames).with_columns(state_on=pl.lit(day))
    written = _write(records, work, resolved, bucket, trades, rows, decided.register)
    newly = Cleared(
        register=decided.register.filter(pl.col("status") == CLEARED), fees=decided.fees
    )
    return written, newly


def snapshot(records: Records, books: Books) -> ReferenceSnapshot:
    """Read the reference tables the books name."""
    known = [kind for kind in ReferenceSnapshot.kinds() if kind in books.tables]
    tables = {kind: records.read(books.tables[kind]) for kind in known}
    return ReferenceSnapshot.of(tables, counterparties_known=books.counterparties_known)


def _write(
    records: Records,
    work: Work,
    resolved: ResolvedDay,
    bucket: int,
    trades: BucketTrades,
    rows: pl.DataFrame,
    register: pl.DataFrame,
) -> ClearedBucket:
    day, buckets, held = resolved.day, resolved.books.buckets, trades.held
    changed = rows.join(_unchanged(register, held), on=IDENTITY, how="anti")
    today = register.join(held.select(IDENTITY), on=IDENTITY, how="anti")
    earlier = changed.join(held.select(IDENTITY), on=IDENTITY, how="semi").select(IDENTITY)
    return ClearedBucket(
        bucket=bucket,
        cleared_today=today.filter(pl.col("status") == CLEARED).height,
        held_today=today.filter(pl.col("status") == HELD).height,
        register_part=_register_part(
            records, pl.concat([*_of_today(records, work, resolved, bucket, changed), changed]),
            day, bucket, buckets,
        ),
        held=_held_part(records, rows.filter(pl.col("status") == HELD), day, bucket, buckets),
        changed=work.stage(f"{resolved.stem}/changed.{bucket}.parquet", earlier),
    )  # fmt: skip


def _of_today(
    records: Records, work: Work, resolved: ResolvedDay, bucket: int, changed: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Yield what an earlier look of the same day wrote and is as it was, moved trades left out."""
    for part in resolved.books.trades:
        if part.day == resolved.day and part.bucket == bucket:
            rows = records.read(part).join(changed, on=IDENTITY, how="anti")
            moved = work.read(resolved.taken).select(IDENTITY)
            yield rows.join(moved, on=IDENTITY, how="anti")


def _unchanged(register: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Find the trades held before whose row would say today what it said before."""
    before = held.select(*IDENTITY, *(pl.col(c).alias(f"{c}_before") for c in _said()))
    both = register.join(before, on=IDENTITY, how="inner")
    same = [pl.col(c).eq_missing(pl.col(f"{c}_before")) for c in _said()]
    return both.filter(pl.all_horizontal(same)).select(IDENTITY)


def _said() -> Sequence[str]:
    return ("status", "hold_codes", *_FIGURES)


def _register_part(
    records: Records, rows: pl.DataFrame, day: date, bucket: int, buckets: int
) -> TradePart | None:
    if not rows.height:
        return None
    part = records.keep("clearance", day, rows.sort(IDENTITY))
    settles = rows.filter(pl.col("status") == CLEARED)["settlement_date"].max()
    return TradePart(
        **part.model_dump(),
        day=day,
        bucket=bucket,
        buckets=buckets,
        trade_dates=tuple(rows["trade_date"].unique().sort()),
        settles_until=settles if isinstance(settles, date) else None,
    )


def _held_part(
    records: Records, rows: pl.DataFrame, day: date, bucket: int, buckets: int
) -> BucketPart | None:
    if not rows.height:
        return None
    part = records.keep("clearance", day, rows.sort(IDENTITY))
    return BucketPart(**part.model_dump(), day=day, bucket=bucket, buckets=buckets)
