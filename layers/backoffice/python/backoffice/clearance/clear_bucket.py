"""Clear one bucket of accounts: its new trades, its corrected ones, and those still held."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.clear import CLEARED, HELD, Cleared, clear, set_aside
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.register import of_bucket
from backoffice.intake.resolve import IDENTITY
from backoffice.intake.staging import read_bucket
from backoffice.intake.trade_frames import TRADE_SCHEMA
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import BucketPart, Document, Part, Records, Work, concerning
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.lookup import ReferenceSnapshot
from backoffice.reference.tables import KEYS

_FIGURES: Final = ("gross_minor", "fees_minor", "net_minor", "settlement_date", "account_kind")


class ClearedBucket(Document):
    """What clearing one bucket wrote: register rows, what stays held, and who changed."""

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
    """Clear a bucket's trades at the cut-off and write its rows of the register.

    Returns
    -------
    tuple
        What was written, and the day's newly cleared rows with their fees, for whoever posts them.
    """
    day, books = resolved.day, resolved.books
    reference = snapshot(records, books)
    held = _held_before(records, work, resolved, bucket)
    fresh = pl.concat([_straight(work, resolved, bucket), _taken(work, resolved, bucket)])
    live = pl.concat([fresh.filter(~pl.col("cancelled")), _as_trades(held)])
    decided = clear(live.drop("cancelled"), reference, calendar, rulebook, day)
    gone = fresh.filter("cancelled").drop("cancelled")
    booked = _booked(records, resolved, gone)
    unbooked = gone.join(booked, on=IDENTITY, how="anti")
    cancelled = [booked]
    if unbooked.height:
        cancelled += [set_aside(unbooked, reference, calendar, rulebook, day, status="CANCELLED")]
    unchanged = _unchanged(decided.register, held)
    rows = pl.concat([decided.register, *cancelled]).with_columns(state_on=pl.lit(day))
    changed = rows.join(unchanged, on=IDENTITY, how="anti")
    still_held = rows.filter(pl.col("status") == HELD)
    newly = Cleared(
        register=decided.register.filter(pl.col("status") == CLEARED), fees=decided.fees
    )
    today = decided.register.join(held.select(IDENTITY), on=IDENTITY, how="anti")
    written = ClearedBucket(
        bucket=bucket,
        cleared_today=today.filter(pl.col("status") == CLEARED).height,
        held_today=today.filter(pl.col("status") == HELD).height,
        register_part=_register_part(records, changed, day, bucket, books.buckets),
        held=_held_part(records, still_held, day, bucket, books.buckets),
        changed=work.stage(
            f"days/{day}/changed.{bucket}.parquet",
            changed.join(held.select(IDENTITY), on=IDENTITY, how="semi").select(IDENTITY),
        ),
    )
    return written, newly


def _booked(records: Records, resolved: ResolvedDay, gone: pl.DataFrame) -> pl.DataFrame:
    """Return the register rows of cancelled trades whose last version was booked, as booked.

    What the books reversed is what the trade says: today's prices and fees no longer touch it.
    """
    version = (*IDENTITY, "business_date", "file", "row")
    standing = records.read(resolved.withdrawn).filter(pl.col("status") == CLEARED)
    kept = standing.join(gone, on=version, how="semi")
    if not kept.height:
        return pl.DataFrame(schema=dict(REGISTER_SCHEMA))
    never = pl.lit(None, dtype=pl.Date)
    return kept.with_columns(
        status=pl.lit("CANCELLED"), due_date=never, cleared_on=never, booked_on=never
    ).select(REGISTER_SCHEMA.keys())


def snapshot(records: Records, books: Books) -> ReferenceSnapshot:
    """Read the reference tables the books name."""
    tables = {kind: records.read(books.tables[kind]) for kind in KEYS if kind in books.tables}
    return ReferenceSnapshot.of(tables, counterparties_known=books.counterparties_known)


def _straight(work: Work, resolved: ResolvedDay, bucket: int) -> pl.DataFrame:
    """Read the bucket's rows that go straight through."""
    exceptions = work.read(resolved.exceptions)
    cuts = [source.cut for source in resolved.sources]
    found = read_bucket(work, cuts, bucket, resolved.books.buckets)
    frames = [pl.DataFrame(schema=dict(TRADE_SCHEMA))]
    frames += [
        _without(rows, exceptions.filter(pl.col("entry") == source.entry))
        for source, rows in zip(resolved.sources, found, strict=True)
        if rows is not None
    ]
    never = pl.lit(value=False)
    return pl.concat(frames).with_columns(amended=never, cancelled=never)


def _without(rows: pl.DataFrame, odd: pl.DataFrame) -> pl.DataFrame:
    """Leave out a file's rows that do not go straight through."""
    kept = rows.join(odd, on="row", how="anti") if odd.height else rows
    return kept.select(list(TRADE_SCHEMA))


def _taken(work: Work, resolved: ResolvedDay, bucket: int) -> pl.DataFrame:
    return of_bucket(work.read(resolved.taken), bucket, resolved.books.buckets)


def _held_before(records: Records, work: Work, resolved: ResolvedDay, bucket: int) -> pl.DataFrame:
    """Read what the bucket held before, less what today's events took back."""
    books = resolved.books
    parts = concerning(books.bucketed.get("held", ()), bucket, books.buckets)
    held = records.read_all(parts)
    if held is None:
        return pl.DataFrame(schema={**REGISTER_SCHEMA, "state_on": pl.Date})
    gone = work.read(resolved.taken).select(IDENTITY)
    return of_bucket(held, bucket, books.buckets).join(gone, on=IDENTITY, how="anti")


def _as_trades(held: pl.DataFrame) -> pl.DataFrame:
    return held.select(*TRADE_SCHEMA, "amended").with_columns(cancelled=pl.lit(value=False))


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
